#!/usr/bin/env bash
# A real journald, in a mount namespace with a /run of its own, takes messages over its sockets (syslog's and its own, one
# with two lines, one that is no text); journalctl prints them in eleven forms. All that are exports must read as the same
# events, and those that are lines of syslog as the same too, as far as such a line tells.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

forms="json json-pretty json-seq export short short-precise short-iso short-iso-precise short-full short-unix short-monotonic"
journald=/lib/systemd/systemd-journald

if [ "${1-}" = inside ]; then # work folder: within the namespace
	work=$2
	trap - EXIT
	mount -t tmpfs tmpfs /run && mkdir -p /run/systemd/journal /run/log/journal || exit 77
	if [ ! -s /etc/machine-id ]; then
		echo 0123456789abcdef0123456789abcdef >"$work/machine-id"
		mount --bind "$work/machine-id" /etc/machine-id || exit 77
	fi
	printf '[Journal]\nStorage=volatile\nAudit=no\nReadKMsg=no\nForwardToSyslog=no\nRateLimitIntervalSec=0\n' >"$work/journald.conf"
	mount --bind "$work/journald.conf" /etc/systemd/journald.conf || exit 77
	"$journald" >/dev/null 2>"$work/journald.err" &
	pid=$!
	for _ in $(seq 100); do [ ! -S /run/systemd/journal/dev-log ] || break; sleep 0.1; done
	say() { logger -u /run/systemd/journal/dev-log -t "$1" -p auth.notice -- "$2"; }
	say 'sshd[812]' 'Accepted publickey for root from 10.0.0.7 port 50122 ssh2: RSA SHA256:abc'
	say 'sshd[813]' 'Failed password for invalid user admin from 10.0.0.8 port 50123 ssh2'
	say sudo "      ci : TTY=pts/0 ; PWD=/home/ci ; USER=root ; COMMAND=/usr/bin/docker run -v '/a b:/c' alpine"
	say 'app[7]' 'plain words: with colons, [brackets] and "quotes"'
	say 'dockerd[5]' 'time="2024-01-02T03:04:05Z" level=warning msg="a \"b\" c" container=abc'
	say 'audisp[3]' "type=USER_AUTH msg=audit($(date +%s).155:92733): pid=3 uid=0 auid=0 ses=1 msg='op=PAM acct=\"root\" res=success'"
	printf 'MESSAGE\n\11\0\0\0\0\0\0\0two\nlines\nSYSLOG_IDENTIFIER=binary\n' | socat - UNIX-SENDTO:/run/systemd/journal/socket
	printf 'MESSAGE\n\5\0\0\0\0\0\0\0\1\377abc\nSYSLOG_IDENTIFIER=binary\n' | socat - UNIX-SENDTO:/run/systemd/journal/socket
	sleep 1
	for form in $forms; do
		journalctl -a -q --directory /run/log/journal -o "$form" >"$work/$form.log" || exit 1
	done
	kill "$pid"
	exit 0
fi

for tool in "$journald" journalctl unshare logger socat jq; do
	command -v "$tool" >/dev/null || { skip "$tool"; finish; }
done
if [ "$(id -u)" -ne 0 ]; then
	skip "root, for a mount namespace"
	finish
fi
run unshare -m "$0" inside "$work"
if [ "$status" -eq 77 ] || [ ! -s "$work/json.log" ]; then
	skip "a journald in a mount namespace: $(head -n 1 "$work/journald.err" 2>/dev/null)"
	finish
fi
expect "journald and journalctl ran" test "$status" -eq 0

entries=$(wc -l <"$work/json.log")
events() { # form: its events, without what tells the files apart
	run "$MEWS" export --as ecs "$work/$1.log"
	jq -cS 'del(.labels, .log.file, .event.id, .mews)' "$work/out"
}
lines() { # form: what a line of syslog tells, of single lines, to the second
	jq -cS 'select(.event.provider != "binary" and .event.provider != "systemd-journald") |
		[."@timestamp"[0:19], .event.category, .event.action, .event.outcome, .host.name, .event.provider, .message,
		.process.args, .process.command_line, .user.name, .source.ip]' "$work/$1.events"
}
for form in $forms; do
	events "$form" >"$work/$form.events"
	expect "$form: its format is told, all of it is read" test "$status" -eq 0
	lines "$form" >"$work/$form.lines"
done
expect "an event or more for each of $entries entries" test "$(wc -l <"$work/json.events")" -ge "$entries"
expect "two lines are one message" grep -q '"message":"two\\nlines"' "$work/json.events"
expect "bytes that are no text are a message" test "$(jq -c 'select(.event.provider == "binary")' "$work/json.events" | wc -l)" -eq 2
for form in json-pretty json-seq export; do
	expect "$form reads as json does" cmp "$work/json.events" "$work/$form.events"
done
for form in short short-precise short-iso short-iso-precise short-full short-unix; do
	expect "$form reads as json does" cmp "$work/json.lines" "$work/$form.lines"
done
# The clock since the start of the machine is no time.
sed 's/^\["[^"]*"/[null/' "$work/json.lines" >"$work/untimed"
sed 's/^\["[^"]*"/[null/' "$work/short-monotonic.lines" >"$work/untimed.ours"
expect "short-monotonic reads as json does but for its times" cmp "$work/untimed" "$work/untimed.ours"
finish
