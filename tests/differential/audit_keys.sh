#!/usr/bin/env bash
# What this kernel records under which key, against what our judge of audit rules predicts: rules that overlap (tests/cases/auditd/
# order.template) and the shipped packs are loaded, a program makes calls of many kinds, and each record of the log is
# asked. A last rule records all that no other does, so a rule that fits too little shows as well as one that fits too much.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/audit_kernel.sh
. tests/audit_kernel.sh

if ! audit_free; then
	skip "$audit_busy"
	finish
fi
command -v auditd >/dev/null || { skip "auditd"; finish; }
(echo 4242 >/proc/self/loginuid) 2>/dev/null || { skip "a loginuid that can be set"; finish; }

daemon=
# shellcheck disable=SC2317
put_back() {
	auditctl -e 0 >/dev/null 2>&1
	[ -z "$daemon" ] || stop_daemon
	audit_restore
	rm -rf "$folder"
	lib_cleanup
}
folder=$(mktemp -d /var/tmp/audit-keys.XXXXXX)
trap put_back EXIT
chmod 755 "$folder"

fill_folder() {
	rm -rf "${folder:?}"/*
	mkdir "$folder/tree" "$folder/more"
	touch "$folder"/watched "$folder"/read "$folder"/never "$folder"/denied "$folder"/tree/file "$folder"/more/file
	chmod 0 "$folder/denied"
	cp /bin/true "$folder/program"
	printf '#!/bin/sh\nexit 0\n' >"$folder/script"
	chmod 755 "$folder/program" "$folder/script"
}

start_daemon() { # configuration folder
	mkdir -p "$1/plugins.d"
	chmod 750 "$1" "$1/plugins.d"
	cat >"$1/auditd.conf" <<-W
		local_events = yes
		write_logs = yes
		log_file = $1/audit.log
		log_group = root
		log_format = RAW
		flush = NONE
		freq = 50
		max_log_file = 4096
		num_logs = 2
		name_format = NONE
		max_log_file_action = IGNORE
		space_left = 75
		space_left_action = IGNORE
		admin_space_left = 50
		admin_space_left_action = IGNORE
		disk_full_action = IGNORE
		disk_error_action = IGNORE
		q_depth = 20000
		overflow_action = IGNORE
		plugin_dir = $1/plugins.d
	W
	chmod 640 "$1/auditd.conf"
	auditd -n -c "$1" -s nochange >"$1/said" 2>&1 &
	daemon=$!
	for _ in $(seq 50); do
		[ "$(auditctl -s | awk '$1 == "pid" { print $2 }')" = "$daemon" ] && return 0
		sleep 0.1
	done
	return 1
}

stop_daemon() {
	kill "$daemon" 2>/dev/null
	wait "$daemon" 2>/dev/null
	daemon=
}

# The calls of `acts` under the rules, as a log.
record() { # acts program, rule file, log
	fill_folder
	rm -rf "$work/audit"
	start_daemon "$work/audit" || return 1
	auditctl -R "$2" >"$work/loaded" 2>&1 || { stop_daemon; return 2; }
	auditctl -b 32768 >/dev/null 2>&1
	auditctl -e 1 >/dev/null
	(
		echo 4242 >/proc/self/loginuid
		exec "$1" "$folder"
	)
	sleep 1
	auditctl -e 0 >/dev/null
	auditctl -D >/dev/null
	stop_daemon
	cp "$work/audit/audit.log" "$3"
}

compare() { # what, acts program, rule file
	if ! record "$2" "$3" "$work/log"; then
		cat "$work/loaded" "$work/audit/said" >"$work/out" 2>/dev/null
		expect "$1: recorded" false
		return
	fi
	run "$BUILD/tests/differential/audit_keys" "$3" "$work/log"
	cp "$work/out" "$work/said"
	tail -n 2 "$work/said" | sed "s/^/$1: /"
	expect "$1: the kernel's keys are the predicted ones" test "$status" -eq 0
}

acts=$work/acts
${CC:-gcc} -o "$acts" tests/differential/acts/audit_acts.c 2>"$work/err" || { skip "a compiler"; finish; }
sed "s#@DIR@#$folder#g" tests/cases/auditd/order.template >"$work/order.rules"
fill_folder
compare "rules that overlap" "$acts" "$work/order.rules"

run "$MEWS" --catalog rulesets --store "$work/mews.db" generate auditd -o "$work/packs"
expect "the packs are written" test "$status" -eq 0
{
	echo "-D"
	cat "$work"/packs/auditd/plain/*.rules
	echo "-a always,exit -S all -F auid=4242 -k rest"
} >"$work/pack.rules"
compare "the shipped pack" "$acts" "$work/pack.rules"

if ${CC:-gcc} -m32 -o "$work/acts32" tests/differential/acts/audit_acts.c 2>"$work/err" && "$work/acts32" /nonexistent; then
	compare "32-bit calls, rules that overlap" "$work/acts32" "$work/order.rules"
	compare "32-bit calls, the shipped pack" "$work/acts32" "$work/pack.rules"
	# … and the log goes back to the catalog: what the 32-bit program did through socketcall is found.
	cp "$work/log" "$work/audit-32.log"
	run "$MEWS" --catalog rulesets --store "$work/mews.db" replay --no-store -r auditd --alerts -f json "$work/audit-32.log"
	expect "the 32-bit program's call of an engine's API is found in the log" \
		jq -e '[.alerts[] | select(.detection == "engine-api-called-over-tcp")] | length > 0' "$work/out"
else
	skip "a compiler for 32-bit programs (gcc-multilib) and a kernel that runs them"
fi
finish
