# audit_kernel: may a test load audit rules here? Source it; needs $work of lib.sh. Not executable: no test itself.
#
#   audit_free || skip "$audit_busy"      this kernel's audit can be had, and nobody uses it
#   audit_restore                         rules out, and on or off as it was
# shellcheck shell=bash
audit_busy=
audit_enabled=0
audit_backlog=64
audit_wait=

audit_free() {
	local effective said
	[ "$(id -u)" = 0 ] || { audit_busy="root, to load audit rules"; return 1; }
	command -v auditctl >/dev/null || { audit_busy="auditctl"; return 1; }
	# In a container, or where auditing is used already, hands off.
	[ "$(readlink /proc/self/ns/user)" = "user:[4026531837]" ] || { audit_busy="the initial user namespace"; return 1; }
	effective=$(awk '/^CapEff:/ { print $2 }' /proc/self/status)
	[ $(((0x$effective >> 30) & 1)) = 1 ] || { audit_busy="CAP_AUDIT_CONTROL"; return 1; }
	said=$(auditctl -s 2>&1) || { audit_busy="the kernel's audit: $said"; return 1; }
	case $said in
	*"not permitted"*) audit_busy="the initial pid namespace, to change audit rules"; return 1 ;;
	*"enabled 2"*) audit_busy="unlocked audit rules"; return 1 ;;
	esac
	[ "$(auditctl -l 2>&1)" = "No rules" ] || { audit_busy="a free audit (it holds rules already)"; return 1; }
	if pgrep -x auditd >/dev/null 2>&1 || pgrep -x dockerd >/dev/null 2>&1; then
		audit_busy="a free audit (auditd or dockerd runs)"
		return 1
	fi
	audit_enabled=$(printf '%s\n' "$said" | awk '$1 == "enabled" { print $2 }')
	audit_wait=$(printf '%s\n' "$said" | awk '$1 == "backlog_wait_time" { print $2 }')
	audit_backlog=$(printf '%s\n' "$said" | awk '$1 == "backlog_limit" { print $2 }')
}

# shellcheck disable=SC2317
audit_restore() {
	auditctl -D >/dev/null 2>&1 || true
	auditctl -b "${audit_backlog:-64}" >/dev/null 2>&1 || true
	[ -z "$audit_wait" ] || auditctl --backlog_wait_time "$audit_wait" >/dev/null 2>&1 || true
	auditctl -f 1 >/dev/null 2>&1 || true
	auditctl -r 0 >/dev/null 2>&1 || true
	auditctl -e "${audit_enabled:-0}" >/dev/null 2>&1 || true
}
