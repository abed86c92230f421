#!/usr/bin/env bash
# What a real sudo, useradd, su … log, read by us. Each command runs for real, in a mount namespace where /dev/log is a
# private rsyslogd's and /etc/sudoers is ours. A program that sudo runs writes down the arguments that it really got:
# the arguments that we read from sudo's line must be those.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

if [ "${1-}" = inside ]; then # work folder: within the namespace
	work=$2
	trap - EXIT
	mkdir -p "$work/dev/pts" "$work/dev/shm"
	mknod -m 666 "$work/dev/null" c 1 3 && mknod -m 666 "$work/dev/zero" c 1 5 && mknod -m 666 "$work/dev/tty" c 5 0 &&
		mknod -m 666 "$work/dev/urandom" c 1 9 || exit 77
	mount --bind "$work/dev" /dev || exit 77
	printf 'Defaults !fqdn, !authenticate\nroot ALL=(ALL:ALL) ALL\nnobody ALL=(root) NOPASSWD: /bin/true\n' >"$work/sudoers"
	chmod 440 "$work/sudoers"
	# All of /etc, so that accounts come and go in a copy alone.
	cp -a /etc "$work/etc" && cp -p "$work/sudoers" "$work/etc/sudoers" && mount --bind "$work/etc" /etc || exit 77
	cat >"$work/rsyslog.conf" <<-END
		module(load="imuxsock" SysSock.Name="/dev/log" SysSock.UsePIDFromSystem="off" SysSock.ParseTrusted="off")
		action(type="omfile" file="$work/log" template="RSYSLOG_FileFormat")
	END
	rsyslogd -n -iNONE -f "$work/rsyslog.conf" >/dev/null 2>&1 &
	rsyslogd=$!
	for _ in $(seq 100); do [ ! -S /dev/log ] || break; sleep 0.1; done
	show=$work/show
	cat >"$show" <<-END
		#!/bin/bash
		jq -cn --args '\$ARGS.positional' -- "\$0" "\$@" >>"$work/really"
	END
	chmod 755 "$show"
	mkdir "$work/with blank"
	cp "$show" "$work/with blank/show it"
	for run in "$show" "$work/with blank/show it"; do
		sudo "$run" hello world
		sudo "$run" 'a b' "c 'd' e" 'f"g' "it's"
		sudo "$run" 'back\slash' 'a\ b' '\' "'" "\\'"
		sudo "$run" "$(printf 'tab\there')" "$(printf 'new\nline')" 'umläut'
		sudo "$run" 'a#b' '#1' ';' ' ; USER=x ; COMMAND=y' 'FOO=1'
		sudo "$run" 'last one is empty' ''
		sudo "$run" -u nobody -- -x
		sudo "$run" $(seq 1000 1500) 'the end'
	done
	setpriv --reuid 65534 --clear-groups sudo -n /bin/true
	setpriv --reuid 65534 --clear-groups sudo -n "$show" not allowed 2>/dev/null
	setpriv --reuid 1 --clear-groups sudo -n /bin/true 2>/dev/null
	useradd zz9
	usermod -aG games zz9
	gpasswd -a zz9 users >/dev/null
	passwd -l zz9 >/dev/null
	userdel zz9
	groupadd gg9
	groupdel gg9
	sleep 1
	kill "$rsyslogd"
	wait "$rsyslogd" 2>/dev/null
	exit 0
fi

for tool in sudo rsyslogd unshare setpriv jq useradd; do
	command -v "$tool" >/dev/null || { skip "$tool"; finish; }
done
if [ "$(id -u)" -ne 0 ]; then
	skip "root, for a mount namespace"
	finish
fi
chmod 755 "$work"
run unshare -m "$0" inside "$work"
if [ "$status" -eq 77 ] || [ ! -s "$work/log" ]; then
	skip "a mount namespace with /dev/log of its own"
	finish
fi
expect "the namespace ran to its end" test "$status" -eq 0

run "$MEWS" export --as ecs --reader syslog "$work/log"
expect "the log is read" test "$status" -eq 0
cp "$work/out" "$work/events"
jq -c 'select(.event.action == "exec" and .event.outcome == "success" and (.process.args[0] | test("/show( it)?$")) and
	.user.name == "root") | .process.args' "$work/events" >"$work/read"
expect "arguments were written down" test "$(wc -l <"$work/really")" -eq 16
line=0
while IFS= read -r really; do
	line=$((line + 1))
	ours=$(sed -n "${line}p" "$work/read")
	echo "$ours" >"$work/out"
	echo "$really" >"$work/err"
	expect "arguments of command $line" test "$ours" = "$really"
done <"$work/really"
count() { # jq condition
	jq -c "select($1)" "$work/events" | wc -l
}
expect "a refusal" test "$(count '.event.action == "verify" and .event.outcome == "failure" and .user.name == "nobody"')" -ge 1
expect "who asked and whom sudo became" test "$(count '.event.action == "exec" and .user.audit.name == "nobody" and .user.name == "root" and .event.outcome == "success"')" -eq 1
expect "a user is made" test "$(count '.event.category == ["iam"] and .event.action == "create" and .user.target.name == "zz9"')" -ge 1
expect "a user is deleted" test "$(count '.event.category == ["iam"] and .event.action == "delete" and .user.target.name == "zz9"')" -ge 1
expect "joins a group" test "$(count '.event.category == ["iam"] and .event.action == "change" and .user.target.name == "zz9" and .group.name == "games"')" -ge 1
expect "by whom" test "$(count '.user.name == "root" and .user.target.name == "zz9" and .group.name == "users"')" -ge 1
expect "a group comes and goes" test "$(jq -r 'select(.group.name == "gg9") | .event.action' "$work/events" | sort -u | tr '\n' ' ')" = "change create delete "
expect "sessions open and close" test "$(count '.event.category == ["session"]')" -ge 20
finish
