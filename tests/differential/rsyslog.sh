#!/usr/bin/env bash
# rsyslog packs against the real rsyslogd: it takes every one (-N1), and over recorded audit lines, sudo's and sshd's, sent
# as syslog, exactly those rules fire that our judge says.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
helper=${BUILD:-build}/tests/differential/rsyslog
if ! command -v rsyslogd >/dev/null; then
	skip "rsyslogd is not installed: no pack was given to it"
	finish
fi
if [ ! -x "$helper" ]; then
	skip "$helper is not built"
	finish
fi

run "$MEWS" --catalog rulesets --store "$work/mews.db" generate rsyslog --as-of 2026-11-23 -o "$work/packs"
expect "packs of the shipped catalog" test "$status" -eq 0
run "$MEWS" --project /dev/null --catalog tests/golden/generator/catalog --store "$work/golden.db" generate rsyslog --as-of 2026-11-23 -o "$work/golden"
[ "$status" -eq 0 ] || run env -C "$work" "$(readlink -f "$MEWS")" --catalog "$PWD/tests/golden/generator/catalog" --store "$work/golden.db" generate rsyslog --as-of 2026-11-23 -o "$work/golden"
expect "packs with texts that need escapes" test "$status" -eq 0
for pack in "$work"/packs/rsyslog/* "$work"/golden/rsyslog/*; do
	run rsyslogd -N1 -f "$pack/mews.conf"
	expect "rsyslogd -N1 takes ${pack#"$work"/}" test "$status" -eq 0
	expect "…without a word" test "$(grep -vc -e 'config validation run' "$work/err")" -eq 0
done
printf 'if $msg == "a$b" then stop\n' >"$work/bad.conf"
run rsyslogd -N1 -f "$work/bad.conf"
expect "rsyslogd -N1 refuses what is no good" test "$status" -ne 0

most=80 # lines of each log
[ -z "${FULL-}" ] || most=100000
echo "of each log at most $most lines are sent (FULL=1: all)"
# Recorded lines, as audisp-syslog would send them; a part as the kernel prints them; then what sudo and sshd say.
lines() {
	local log
	if command -v zstdcat >/dev/null; then
		for log in corpus/container-attacks-*/events/*.zst corpus/enriched-develop/events/*.zst; do
			zstdcat "$log" | grep -E '^type=(EXECVE|SYSCALL|PATH|SOCKADDR|CAPSET|KERN_MODULE|USER_LOGIN)' |
				awk 'NR % 3 == 1 || /^type=EXECVE/' | head -n "$most"
		done | sed 's/^/audisp-syslog: /'
		# The same command lines as if they ran through sudo.
		zstdcat corpus/container-attacks-develop/events/*.zst | grep '^type=EXECVE' | awk 'NR % 5 == 0' | head -n 1500 |
			sed -E -e 's/^.* a0=/sudo:    alice : TTY=pts\/0 ; PWD=\/root ; USER=root ; COMMAND=/' -e 's/ a[0-9]+=/ /g' -e 's/"//g'
		zstdcat corpus/container-attacks-holdout/events/*.zst | grep '^type=EXECVE' | head -n 400 |
			sed -E 's/^type=EXECVE msg=audit/kernel: [   12.345678] audit: type=1309 audit/'
	else
		skip "zstdcat is not there: recorded lines were not sent" >&2
	fi
	"$helper" view rulesets
	"$helper" view tests/golden/generator/catalog
	local text
	for text in 'x,y' '--flag=1' '(paren)' "it's" 'back\slash' 'ends\' not 5 '50%' 'star*' 'what?' axb 'qa$b' 'x[1]zy' 'mid*dlest' 'z\' A a 'x/y.sh' 'z.sh' ']' '^'; do
		printf 'audisp-syslog: type=SYSCALL msg=audit(1.2:3): arch=c000003e syscall=59 success=yes exit=0 pid=9 euid=0 comm="x" exe="%s" key=(null)\n' "$text"
		printf 'sudo:    alice : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=%s\n' "$text"
	done
	printf '%s\n' \
		'sudo:    alice : TTY=pts/0 ; PWD=/home/alice ; USER=root ; COMMAND=/usr/bin/docker run --privileged alpine' \
		'sudo:    alice : command not allowed ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/docker run --privileged alpine' \
		'sudo:    alice : TTY=pts/0 ; PWD=/home/al $b\c "d" ; USER=root ; COMMAND=/usr/bin/docker run -v /var/run/docker.sock:/s alpine' \
		'sudo:    bob : PWD=/ ; USER=root ; COMMAND=/bin/sh -c "echo x > /proc/sys/kernel/core_pattern"' \
		'sshd: Accepted publickey for root from 10.0.0.1 port 22 ssh2' \
		'sshd: Failed password for invalid user a from 1.1.1.1 from 10.0.0.2 port 4022 ssh2' \
		'audit: EXECVE argc=3 a0="docker" a1="run" a2="--privileged"' \
		'mallory: type=EXECVE msg=audit(1.2:3): argc=3 a0="docker" a1="run" a2="--privileged"' \
		'audisp-syslog: node=h type=EXECVE msg=audit(1.2:3): argc=4 a0="docker" a1="run" a2="--privileged" a3="alpine"' \
		'audisp-syslog: type=EXECVE msg=audit(1.2:3): argc=4 a0="docker" a1="run" a2=2D2D70726976696C65676564 a3="alpine"'
}
lines >"$work/lines"
echo 'mews-end: end' >>"$work/lines"

start() { # pack: a daemon of our own with this pack; its alerts go to $work/alerts
	rm -f "$work/alerts" "$work/done" "$work/socket"
	{
		printf 'global(workDirectory="%s" maxMessageSize="64k")\n' "$work"
		printf 'module(load="imuxsock" SysSock.Use="off")\n'
		printf 'input(type="imuxsock" Socket="%s/socket" RateLimit.Interval="0" UseSysTimeStamp="off")\n' "$work"
		sed "s#/var/log/mews-alerts.jsonl#$work/alerts#" "$1"
		printf '\nif $programname == "mews-end" then { action(type="omfile" file="%s/done") }\n' "$work"
	} >"$work/rsyslog.conf"
	: >"$work/alerts"
	rsyslogd -n -iNONE -f "$work/rsyslog.conf" >"$work/daemon" 2>&1 &
	daemon=$!
	for _ in $(seq 100); do
		[ ! -S "$work/socket" ] || return 0
		sleep 0.05
	done
	return 1
}

stop() {
	for _ in $(seq 1200); do
		[ ! -s "$work/done" ] || break
		sleep 0.05
	done
	kill "$daemon"
	wait "$daemon" 2>/dev/null
}

# The table of expressions that our judge runs, answered by rsyslogd.
expressions() {
	local number=0 wanted expression
	while IFS=$'\t' read -r wanted expression; do
		[[ $wanted == yes || $wanted == no ]] || continue
		number=$((number + 1))
		printf 'if %s then { set $!mews!rule = "%d yes"; } else { set $!mews!rule = "%d no"; }\n' "$expression" $number $number
		printf 'if $programname == "case" then { action(type="omfile" file="/var/log/mews-alerts.jsonl" template="case") }\n'
		echo "$number $wanted" >>"$work/wanted"
	done <tests/cases/rsyslog-expressions.txt
}

compare_expressions() {
	: >"$work/wanted"
	{
		echo 'template(name="case" type="string" string="%$!mews!rule%\n")'
		expressions
	} >"$work/cases.conf"
	if ! start "$work/cases.conf"; then
		kill "$daemon" 2>/dev/null
		skip "expressions: rsyslogd did not come up here: $(head -n 2 "$work/daemon" | tr '\n' ' ')"
		return
	fi
	printf 'case: abcd\nmews-end: end\n' >"$work/case"
	run "$helper" send "$work/socket" "$work/case"
	stop
	expect "rsyslogd answers the table of expressions as we do" diff "$work/wanted" "$work/alerts"
	diff "$work/wanted" "$work/alerts"
	echo "expressions: $(wc -l <"$work/wanted")"
}

compare() { # pack name
	local pack=$1 name=$2
	if ! start "$pack"; then
		kill "$daemon" 2>/dev/null
		skip "$name: rsyslogd did not come up here: $(head -n 2 "$work/daemon" | tr '\n' ' ')"
		return
	fi
	run "$helper" send "$work/socket" "$work/lines"
	expect "$name: every line was sent" test "$status" -eq 0
	stop
	expect "$name: rsyslogd saw the last line" test -s "$work/done"
	jq -c '[.rule, .message]' "$work/alerts" | sort >"$work/theirs"
	"$helper" judge "$pack" "$work/lines" | jq -c '[.rule, .message]' | sort >"$work/ours"
	expect "$name: the same rules fire on the same messages" diff "$work/ours" "$work/theirs"
	diff "$work/ours" "$work/theirs" | cut -c1-300 | head -n 6
	fired=$(jq -r '.[0]' "$work/theirs" | sort -u | wc -l)
	echo "$name: $(wc -l <"$work/lines") messages, $(wc -l <"$work/theirs") alerts of $fired rules, of $(grep -c 'set \$!mews!rule' "$pack") in the pack"
}

compare_expressions
if command -v jq >/dev/null; then
	compare "$work/packs/rsyslog/plain/mews.conf" plain
	expect "most rules fire" test "$fired" -ge 65
	compare "$work/packs/rsyslog/observability/mews.conf" observability
	compare "$work/golden/rsyslog/acme/mews.conf" golden
	expect "…texts with escapes among them" grep -q 'Texts That Need Quotes (equal' "$work/theirs"
else
	skip "jq is not there: alerts were not compared"
fi
finish
