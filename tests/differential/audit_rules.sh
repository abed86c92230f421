#!/usr/bin/env bash
# Our parser of audit rules against libaudit's, against rules whose bytes the kernel gave back, and against auditctl
# with this kernel: what they take, we take; what they refuse, we refuse. Rules are loaded while audit is off, and taken
# out again.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh
helper=$BUILD/tests/differential/audit_rules

run "$helper" libaudit
if [ "$status" -eq 77 ]; then
	skip "libaudit-dev"
else
	expect "every field, operator and value as libaudit reads it: $(tail -n 1 "$work/out")" test "$status" -eq 0
fi

others=${MEWS_CORPORA:-../shared/corpora}/audit-go-libaudit/rule/testdata
if [ -d "$others" ]; then
	run "$helper" golden "$others"/*.yml
	expect "rules and the kernel's bytes for them: $(tail -n 1 "$work/out")" test "$status" -eq 0
else
	skip "third-party audit rules with the kernel's bytes ($others)"
fi

# shellcheck source=tests/audit_kernel.sh
. tests/audit_kernel.sh
if ! audit_free; then
	skip "$audit_busy"
	finish
fi
trap 'audit_restore; lib_cleanup' EXIT
auditctl -e 0 >/dev/null

# One line: does auditctl take it, with the kernel behind it? What fails for want of a file or user is left open.
kernel_takes() { # line → taken, refused or open
	printf '%s\n' "$1" >"$work/line.rules"
	local said ok=taken
	said=$(auditctl -R "$work/line.rules" 2>&1 >/dev/null) || ok=refused
	auditctl -D >/dev/null 2>&1
	auditctl -e 0 >/dev/null 2>&1
	case $said in *"No such file"*) ok=open ;; esac
	echo "$ok"
}

# What cannot be undone before the next start of the host is never handed to the kernel, in whatever spelling.
is_harmless() { # line
	! grep -Eq '(^| )(-[a-zA-Z]*e *[^01 ]|--l|--s)' <<<"$1"
}

compare_lines() { # rule file, what to count it as
	local verdict line reason kernel differ=0 same=0 open=0 left=0
	"$helper" lines "$1" >"$work/lines"
	while IFS=$'\t' read -r verdict line reason; do
		is_harmless "$line" || { left=$((left + 1)); continue; }
		kernel=$(kernel_takes "$line")
		# What goes wrong before the first rule is told to syslog only, so an unknown user looks as any error does.
		# Newer versions of auditctl take more; the reason says so.
		case $kernel:$verdict:$reason in
		refused:taken:*"must be known on the host"* | refused:taken:*"auditctl 3"*) kernel=open ;;
		esac
		if [ "$kernel" = open ]; then
			open=$((open + 1))
		elif [ "$kernel" = "$verdict" ]; then
			same=$((same + 1))
		else
			differ=$((differ + 1))
			echo "$1: the kernel: $kernel, we: $verdict${reason:+ ($reason)}: ${line:0:200}"
		fi
	done <"$work/lines"
	echo "$2: $same lines alike, $open that this host cannot tell, $left not tried, $differ differ"
	[ "$differ" -eq 0 ] && [ $((same + open + left)) -gt 0 ]
}
check_lines() { # rule file
	compare_lines "$1" "$(basename "$1")" >"$work/out" 2>&1
	status=$?
	local counts
	counts=$(tail -n 1 "$work/out")
	expect "$counts" test "$status" -eq 0
}
for file in tests/cases/auditd/*.rules; do
	check_lines "$file"
done
for file in /usr/share/doc/auditd/examples/rules/*.rules; do
	[ -e "$file" ] || { skip "auditd's example rules"; break; }
	if grep -q '^-' "$file"; then
		check_lines "$file"
	fi
done
if [ -d /usr/share/doc/auditd/examples/rules ]; then
	run "$MEWS" --catalog rulesets import auditd /usr/share/doc/auditd/examples/rules -o "$work/examples"
	expect "auditd's example rules are all taken in: $(tail -n 2 "$work/out" | head -n 1)" test "$status" -eq 0
	run "$MEWS" --catalog "$work/examples" check
	expect "and make a catalog that passes its tests" test "$status" -eq 0
fi
finish
