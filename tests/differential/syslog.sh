#!/usr/bin/env bash
# Syslog beside others' readings and writings of it: jc's expectations of lines of three kinds (a test for each, and one
# for each known difference that is none any more), and a real rsyslogd that writes the same messages in its three file
# formats and sends them on with their lengths before them (RFC 6587), which must all read as the same events.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

others=${MEWS_CORPORA:-../shared/corpora}/syslog-jc/generic
if [ -d "$others" ]; then
	run "$BUILD/tests/differential/syslog_jc" "$others"
	expect "jc's expectations: $(grep -c compared "$work/out") files" test "$status" -eq 0
	grep compared "$work/out"
else
	skip "jc's lines ($others)"
fi

events() { # file reader: all events as ECS, without what differs between files of the same messages
	run "$MEWS" export --as ecs --reader "$2" "$1"
	jq -cS 'del(.labels, .log.file, .log.level, .event.id, .mews) | ."@timestamp" |= .[0:19]' "$work/out"
}

private_rsyslogd() { # starts it, and who takes what it sends
	port=$((20000 + RANDOM % 20000))
	socat -u "TCP-LISTEN:$port,bind=127.0.0.1,reuseaddr" "CREATE:$work/framed.log" 2>/dev/null &
	listener=$!
	cat >"$work/rsyslog.conf" <<-END
		global(workDirectory="$work" defaultNetstreamDriver="ptcp")
		module(load="imuxsock" SysSock.Use="off")
		input(type="imuxsock" Socket="$work/socket" UsePIDFromSystem="off" ParseTrusted="off" RateLimit.Interval="0")
		action(type="omfile" file="$work/traditional.log" template="RSYSLOG_TraditionalFileFormat")
		action(type="omfile" file="$work/iso.log" template="RSYSLOG_FileFormat")
		action(type="omfile" file="$work/5424.log" template="RSYSLOG_SyslogProtocol23Format")
		action(type="omfwd" target="127.0.0.1" port="$port" protocol="tcp" TCP_Framing="octet-counted"
			template="RSYSLOG_SyslogProtocol23Format")
	END
	rsyslogd -n -iNONE -f "$work/rsyslog.conf" >"$work/rsyslogd.out" 2>&1 &
	rsyslogd=$!
	for _ in $(seq 100); do
		[ -S "$work/socket" ] && return 0
		sleep 0.1
	done
	return 1
}

compare_rsyslogd() {
	local messages=0 tag text
	while IFS='|' read -r tag text; do
		logger -u "$work/socket" -t "$tag" -p auth.notice -- "$text"
		messages=$((messages + 1))
	done <<-END
		sshd[812]|Accepted publickey for root from 10.0.0.7 port 50122 ssh2: RSA SHA256:abc
		sshd[813]|Failed password for invalid user admin from 10.0.0.8 port 50123 ssh2
		sudo|      ci : TTY=pts/0 ; PWD=/home/ci ; USER=root ; COMMAND=/usr/bin/docker run --privileged alpine sh
		useradd[99]|new user: name=eve, UID=1001, GID=1001, home=/home/eve, shell=/bin/bash, from=/dev/pts/1
		CRON[9]|(root) CMD (cd / && docker ps | grep x)
		dockerd[5]|time="2024-01-02T03:04:05Z" level=warning msg="a \\"b\\" c" container=abc
		audisp-syslog[3]|type=USER_AUTH msg=audit($(date +%s).155:92733): pid=3 uid=0 auid=0 ses=1 msg='op=PAM acct="root" res=success'
		app|plain words: with colons, [brackets] and "quotes"
		app[7]|{"hostname":"web1","output":"x","priority":"Warning","rule":"R","time":"2020-11-10T07:48:16Z","output_fields":{"evt.type":"execve","proc.name":"sh"}}
	END
	for _ in $(seq 100); do
		[ "$(cat "$work"/{traditional,iso,5424}.log 2>/dev/null | wc -l)" -lt $((messages * 3)) ] || break
		sleep 0.1
	done
	sleep 1
	kill "$rsyslogd"
	wait "$rsyslogd" 2>/dev/null
	kill "$listener" 2>/dev/null
	expect "rsyslogd wrote each message three times" test "$(cat "$work"/{traditional,iso,5424}.log | wc -l)" -eq $((messages * 3))
	for form in traditional iso 5424 framed; do
		events "$work/$form.log" syslog >"$work/$form.events"
		expect "$form: all lines are read" test "$status" -eq 0
		expect "$form: an event or more for each message" test "$(wc -l <"$work/$form.events")" -ge "$messages"
	done
	expect "the kinds of all messages are known" test "$(jq -r '.event.category[0] + "." + .event.action' "$work/iso.events" |
		sort -u | tr '\n' ' ')" = "authentication.login authentication.verify container.run iam.create log.message process.exec "
	expect "traditional and ISO times read the same" cmp "$work/traditional.events" "$work/iso.events"
	expect "traditional format and RFC 5424 read the same" cmp "$work/traditional.events" "$work/5424.events"
	expect "RFC 5424 reads the same with lengths before the messages" cmp "$work/5424.events" "$work/framed.events"
}

if command -v rsyslogd >/dev/null && command -v logger >/dev/null && command -v socat >/dev/null && command -v jq >/dev/null; then
	if private_rsyslogd; then
		compare_rsyslogd
	else
		kill "$rsyslogd" 2>/dev/null
		skip "rsyslogd does not start: $(head -n 1 "$work/rsyslogd.out")"
	fi
else
	skip "rsyslogd, logger, socat or jq"
fi
finish
