#!/bin/sh
# Loads the auditd packs into the real kernel and counts the rules that it then lists. Needs root, the initial
# namespaces, CAP_AUDIT_CONTROL and a kernel without rules; it puts the kernel back as it was.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mews=$(readlink -f "${MEWS:-$root/build/mews}")
skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}
command -v auditctl >/dev/null 2>&1 || skip "auditctl is not installed"
[ "$(id -u)" = 0 ] || skip "not root"
awk '$1 == 0 && $2 == 0 && $3 == 4294967295 { whole = 1 } END { exit !whole }' /proc/self/uid_map || skip "not in the initial user namespace"
effective=$(awk '/^CapEff:/ { print $2 }' /proc/self/status)
[ $(((0x$effective >> 30) & 1)) = 1 ] || skip "no CAP_AUDIT_CONTROL"
status=$(auditctl -s 2>&1) || skip "the kernel's audit does not answer: $status"
# From another pid namespace the kernel answers, but refuses changes.
case $status in *"not permitted"*) skip "audit belongs to the initial pid namespace" ;; esac
[ "$(auditctl -l 2>&1)" = "No rules" ] || skip "the kernel holds rules already"
case $status in *"enabled 2"*) skip "the rules are locked" ;; esac
if pgrep -x auditd >/dev/null 2>&1 || pgrep -x dockerd >/dev/null 2>&1; then
	skip "auditd or dockerd is running"
fi
enabled=$(printf '%s\n' "$status" | awk '$1 == "enabled" { print $2 }')
work=$(mktemp -d)
restore() {
	auditctl -D >/dev/null 2>&1 || true
	auditctl -e "${enabled:-0}" >/dev/null 2>&1 || true
	rm -rf "$work"
}
trap restore EXIT INT TERM
cd "$work" # away from the project file of this repository
"$mews" --catalog "$root/rulesets" --store "$work/mews.db" generate auditd -o "$work/packs" >/dev/null
# Rules are listed whether audit is on or off: off, nothing is recorded meanwhile.
auditctl -e 0 >/dev/null
passed=0
failed=0
for pack in "$work"/packs/auditd/*; do
	# Paths that a host may lack stand in a file of their own (-i): what of it loads depends on the host.
	unsure=0
	if [ -e "$pack/90-mews-unsure.rules" ]; then
		auditctl -R "$pack/90-mews-unsure.rules" >/dev/null 2>&1
		unsure=$(grep -c '^-a ' "$pack/90-mews-unsure.rules")
		auditctl -D >/dev/null 2>&1
	fi
	written=0
	complaints=
	for file in "$pack"/*.rules; do
		case $file in */90-*) continue ;; esac
		written=$((written + $(grep -c '^-a ' "$file")))
		said=$(auditctl -R "$file" 2>&1) || complaints="$complaints $(basename "$file")"
		case $said in *[Ee]rror* | *rror:* | *"not permitted"*) complaints="$complaints $(basename "$file"): $(printf '%s' "$said" | grep -i error | head -1)" ;; esac
	done
	listed=$(auditctl -l | grep -c '^-[aw] ' || true)
	auditctl -D >/dev/null 2>&1
	if [ -z "$complaints" ] && [ "$written" = "$listed" ] && [ "$written" -gt 0 ] && [ $((written + unsure)) -le 60 ]; then
		passed=$((passed + 1))
		echo "$(basename "$pack"): $written rules written, $listed listed by the kernel; $unsure more for paths that a host may lack, at most 60 in all"
	else
		failed=$((failed + 1))
		echo "$(basename "$pack"): $written rules written, $listed listed by the kernel;$complaints"
	fi
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
