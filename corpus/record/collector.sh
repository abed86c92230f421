#!/bin/bash
# The part of a recording that a machine can have only once: one audit daemon, one set of rules, one listener to forks.
# While a collector runs, any number of record.sh may record at the same time, each its own lab; every one cuts out of
# the common log what descends from its lab. Without a collector a record.sh brings its own, for itself alone.
#
# usage: collector.sh start [RULES]   with record.rules or RULES (never with -e 2)
#        collector.sh stop            undoes everything, and says how many records the kernel lost
#        collector.sh status
#
# Its folder is /run/record-collector: log (link to the log's folder), forks, pids, and what must be put back.
# Exit status: 0 done; 1 something failed, or none runs; 2 wrong use; 77 skipped, and why.
set -u
umask 022
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
state=/run/record-collector

die() { echo "collector.sh: $*" >&2; exit "${status:-1}"; }
skip() { echo "skipped: $*"; exit 77; }
alive() { [ -s $state/auditd.pid ] && kill -0 "$(cat $state/auditd.pid)" 2>/dev/null; }
asked() { auditctl -s | awk -v k="$1" '$1 == k {print $2}'; }

free() { # is the kernel's audit there, and nobody's?
    [ "$(id -u)" = 0 ] || skip "root"
    for t in auditctl auditd python3; do command -v $t >/dev/null || skip "the program $t"; done
    auditctl -s >/dev/null 2>&1 || skip "access to the kernel's audit (initial namespaces and CAP_AUDIT_CONTROL)"
    [ "$(asked enabled)" != 2 ] || skip "unlocked audit rules (they are locked until reboot)"
    [ "$(asked pid)" = 0 ] || skip "a free audit (another audit daemon runs)"
    [ "$(auditctl -l)" = "No rules" ] || skip "a free audit (other rules are loaded)"
}

start() {
    local rules=$1 data i
    [ -r "$rules" ] || { status=2 die "cannot read $rules"; }
    grep -Eq '^[[:space:]]*-e[[:space:]]*2' "$rules" && { status=2 die "$rules locks the rules (-e 2)"; }
    alive && die "one runs already (collector.sh status)"
    free
    rm -rf $state; mkdir -m 755 $state || die "cannot make $state"
    data=$(mktemp -d /var/tmp/record-log.XXXXXX)
    ln -s "$data" $state/log
    asked enabled >$state/enabled; asked backlog_limit >$state/backlog; asked lost >$state/lost
    cat /proc/sys/kernel/core_pattern >$state/core_pattern
    for i in /sys/fs/cgroup/*/release_agent; do [ -e "$i" ] && echo "$i $(cat "$i")"; done >$state/agents
    setsid python3 "$here/lab/forks.py" $state/forks >$state/forks.ready 2>&1 </dev/null &
    echo $! >$state/forks.pid
    mkdir -m 750 $state/audit $state/audit/plugins.d
    sed "s#@LOG@#$data/audit.log#; s#@PLUGINS@#$state/audit/plugins.d#; s#@FORMAT@#RAW#" "$here/lab/auditd.conf" >$state/audit/auditd.conf
    chmod 640 $state/audit/auditd.conf
    auditctl -b 65536 >/dev/null
    # -n: in the foreground, so that it writes no pid file of the machine's
    setsid auditd -n -c $state/audit -s nochange >$state/auditd.out 2>&1 </dev/null &
    echo $! >$state/auditd.pid
    i=0
    until [ "$(asked pid)" != 0 ]; do sleep 0.1; i=$((i + 1)); [ $i -lt 50 ] || { stop; die "auditd did not start"; }; done
    auditctl -R "$rules" >$state/rules.out 2>&1 || { cat $state/rules.out >&2; stop; die "auditctl refused $rules"; }
    auditctl -b 65536 >/dev/null
    auditctl -e 1 >/dev/null
    grep -q ready $state/forks.ready || { stop; die "no process connector"; }
    echo "collector: $(auditctl -l | wc -l) rules loaded, log in $data"
}

stop() {
    local lost data f path old
    [ -d $state ] || die "none runs"
    lost=$(($(asked lost) - $(cat $state/lost)))
    auditctl -D >/dev/null 2>&1
    auditctl -e "$(cat $state/enabled)" >/dev/null 2>&1
    kill "$(cat $state/auditd.pid)" "$(cat $state/forks.pid)" 2>/dev/null
    for _ in 1 2 3 4 5 6 7 8 9 10; do [ "$(asked pid)" = 0 ] && break; sleep 0.2; done
    auditctl -b "$(cat $state/backlog)" >/dev/null 2>&1
    [ "$(cat /proc/sys/kernel/core_pattern)" = "$(cat $state/core_pattern)" ] || cat $state/core_pattern >/proc/sys/kernel/core_pattern
    while read -r path old; do
        [ "$(cat "$path")" = "$old" ] || echo "$old" >"$path"
    done <$state/agents
    for f in /sys/fs/cgroup/docker /sys/fs/cgroup/*/docker; do
        [ -d "$f" ] && find "$f" -depth -type d -exec rmdir {} \; 2>/dev/null
    done
    data=$(readlink $state/log)
    if [ -n "${KEEP:-}" ]; then mv "$data/audit.log" $state/forks "$KEEP/"; fi
    rm -rf "$data" $state
    echo "collector: stopped; the kernel lost $lost records"
}

case ${1:-} in
start) start "${2:-$here/record.rules}" ;;
stop) stop ;;
status)
    alive || { echo "no collector runs"; exit 1; }
    echo "runs since $(stat -c %y $state | cut -d. -f1): $(auditctl -l | wc -l) rules, $(du -hL $state/log/audit.log | cut -f1) of log, $(($(asked lost) - $(cat $state/lost))) records lost" ;;
-h | --help) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" ;;
*) status=2 die "start, stop or status" ;;
esac
