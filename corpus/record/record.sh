#!/bin/bash
# Records scenarios with the kernel's audit, in a lab that leaves nothing behind.
#
# usage: record.sh [--rules FILE] [--out DIR] [--run develop|hold-out] [--enriched] [SCENARIO…]
#        record.sh --host ORGANIZATION [--seed N] [--minutes M] [--run RUN] [--out DIR]
#
#   --rules FILE   audit rules instead of record.rules (never with -e 2)
#   --out DIR      where SCENARIO.log files go (default: ./recording)
#   --run RUN      which of the two variants of each scenario (default: develop)
#   --enriched     auditd's log_format = ENRICHED
#   --host ORG     a host of that organization at work for M minutes (default 60), as hosts/ORG.sh has it, drawn by the
#                  seed N (default 1): ORG.log, and ORG.stretches with lines FROM TO NAME LABEL
#   SCENARIO…      names of files in scenarios/ (default: all)
#
# Where a collector runs (collector.sh) and neither --rules nor --enriched asks for another one, it is used, and
# several record.sh may run at a time.
#
# Exit status: 0 recorded; 1 something failed; 2 wrong use; 77 skipped, and why.
# shellcheck disable=SC2317
set -u
umask 022
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
rules=$here/record.rules out=./recording run=develop format=RAW own=
host='' seed=1 minutes=60
shared=/run/record-collector

usage() { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" | sed -n '1,/^Exit/p'; }
die() { echo "record.sh: $*" >&2; exit "${status:-1}"; }
skip() { echo "skipped: $*"; exit 77; }

while [ $# -gt 0 ]; do
    case $1 in
    --rules | --out | --run | --host | --seed | --minutes)
        [ $# -ge 2 ] || { status=2 die "$1 needs a value"; }
        case $1 in
        --rules) rules=$2 own=1 ;; --out) out=$2 ;; --run) run=$2 ;;
        --host) host=$2 ;; --seed) seed=$2 ;; --minutes) minutes=$2 ;;
        esac
        shift 2 ;;
    --enriched) format=ENRICHED own=1; shift ;;
    -h | --help) usage; exit 0 ;;
    -*) status=2 die "unknown option $1" ;;
    *) break ;;
    esac
done
case $run in develop | hold-out) ;; *) status=2 die "--run is develop or hold-out" ;; esac
[ -r "$rules" ] || { status=2 die "cannot read $rules"; }
grep -Eq '^[[:space:]]*-e[[:space:]]*2' "$rules" && { status=2 die "$rules locks the rules (-e 2)"; }
for n in "$seed" "$minutes"; do
    case $n in '' | *[!0-9]*) status=2 die "--seed and --minutes take whole numbers, not '$n'" ;; esac
done
if [ -n "$host" ]; then
    [ $# -eq 0 ] || { status=2 die "--host takes no scenarios"; }
    folder=$here/hosts what=host
    set -- "$host"
else
    folder=$here/scenarios what=scenario
    if [ $# -eq 0 ]; then
        for f in "$folder"/*.sh; do f=${f##*/}; set -- "$@" "${f%.sh}"; done
    fi
fi
for s; do [ -r "$folder/$s.sh" ] || { status=2 die "no $what $s"; }; done
# does one of them have to be found by the kernel itself, outside of the lab (a release agent, a core's handler)?
payload=
for s; do grep -q '^# payload: yes' "$folder/$s.sh" && payload=1; done
joined=
[ -n "$own" ] || ! [ -s $shared/auditd.pid ] || ! kill -0 "$(cat $shared/auditd.pid)" 2>/dev/null || joined=1

# --- needs -----------------------------------------------------------------
[ "$(id -u)" = 0 ] || skip "root"
for t in auditctl auditd dockerd containerd docker runc busybox unshare nsenter pivot_root ip python3 setpriv curl cc; do
    command -v $t >/dev/null || skip "the program $t"
done
auditctl -s >/dev/null 2>&1 || skip "access to the kernel's audit (initial namespaces and CAP_AUDIT_CONTROL)"
old_enabled=$(auditctl -s | awk '$1 == "enabled" {print $2}')
old_backlog=$(auditctl -s | awk '$1 == "backlog_limit" {print $2}')
if [ -z "$joined" ]; then
    [ "$old_enabled" != 2 ] || skip "unlocked audit rules (they are locked until reboot)"
    [ "$(auditctl -s | awk '$1 == "pid" {print $2}')" = 0 ] || skip "a free audit (another audit daemon runs)"
    [ "$(auditctl -l)" = "No rules" ] || skip "a free audit (other rules are loaded)"
fi
( echo 4242 >/proc/self/loginuid ) 2>/dev/null || skip "a loginuid that can be set (CAP_AUDIT_CONTROL)"
unshare -m -p -f -u -n -i true 2>/dev/null || skip "namespaces of one's own (CAP_SYS_ADMIN)"
grep -q cgroup /proc/mounts || skip "mounted cgroups"

# --- what must be put back -------------------------------------------------
work=$(mktemp -d /tmp/record.XXXXXX) || die "no temporary folder"
cc -O2 -o "$work/cut" "$here/lab/cut.c" || die "cannot build lab/cut.c"
core_pattern=$(cat /proc/sys/kernel/core_pattern)
[ -z "$joined" ] || core_pattern=$(cat $shared/core_pattern)
restores=1                     # beside others, only who changes what the kernel runs puts it back
[ -z "$joined" ] || [ -n "$payload" ] || restores=
lab='' forks='' data='' cgroups=''
put_core_pattern_back() {
    [ -z "$restores" ] || [ "$(cat /proc/sys/kernel/core_pattern)" = "$core_pattern" ] || printf '%s' "$core_pattern" >/proc/sys/kernel/core_pattern
}
cleanup() {
    trap '' INT TERM HUP
    [ -n "$forks" ] && kill "$forks" 2>/dev/null
    # tell auditd first, so that it does not log the end of the lab
    [ -s "$work/auditd.pid" ] && kill "$(cat "$work/auditd.pid")" 2>/dev/null
    if [ -z "$joined" ]; then
        for _ in $(seq 50); do      # the next recording finds the audit free
            [ -n "$(auditctl -s | awk '$1 == "pid" && $2 != 0')" ] || break
            sleep 0.1
        done
        auditctl -D >/dev/null 2>&1
        auditctl -e "$old_enabled" >/dev/null 2>&1
        auditctl -b "$old_backlog" >/dev/null 2>&1
    fi
    if [ -n "$lab" ]; then                              # the whole pid namespace goes with its init
        echo "quit root $run" >&8
        for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$lab" 2>/dev/null || break; sleep 0.1; done
        kill -KILL "$lab" 2>/dev/null
    fi
    for f in /sys/fs/cgroup/*/release_agent; do         # hierarchies are the machine's, not the lab's
        [ -n "$restores" ] && [ -s "$f" ] && grep -q '[^[:space:]]' "$f" && [ -e "$work/agents" ] && ! grep -qxF "$f $(cat "$f")" "$work/agents" && echo '' >"$f"
    done
    put_core_pattern_back
    sleep 0.5
    for c in $cgroups; do
        find "$c" -depth -type d -exec rmdir {} \; 2>/dev/null
    done
    [ -n "$data" ] && rm -rf "$data"
    rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP

for f in /sys/fs/cgroup/*/release_agent; do echo "$f $(cat "$f" 2>/dev/null)"; done >"$work/agents"
for d in /sys/fs/cgroup /sys/fs/cgroup/*; do
    for n in docker mews-lab lab-escape; do
        [ -z "$joined" ] && [ -d "$d" ] && [ ! -e "$d/$n" ] && cgroups="$cgroups $d/$n"
    done
done
# docker's data lies on a real disk, under the path that the lab sees too: a
# release_agent and a core_pattern handler are looked up outside of the lab
exec 7>/run/lock/record-docker-data
if [ -n "$payload" ]; then
    flock -w 900 7 || die "another recording holds /var/lib/docker"
fi
# an empty folder that an installed engine left is nobody's
if [ -d /var/lib/docker ] && ! mountpoint -q /var/lib/docker && ! pgrep -x dockerd >/dev/null; then
    rmdir /var/lib/docker 2>/dev/null
fi
if [ ! -e /var/lib/docker ] && { [ -n "$payload" ] || [ -z "$joined" ]; }; then
    data=/var/lib/docker; mkdir -m 711 $data
else
    data=$(mktemp -d /var/tmp/record-data.XXXXXX)
    [ -z "$payload" ] || echo "note: /var/lib/docker exists, so payloads that the kernel starts will not be found" >&2
fi
mkdir -p "$out" || die "cannot make $out"
out=$(cd "$out" && pwd)

# --- start -----------------------------------------------------------------
if [ -n "$joined" ]; then
    forks_log=$shared/forks forks_from=$(stat -c %s $shared/forks) log=$shared/log/audit.log
else
    python3 "$here/lab/forks.py" "$work/forks" >"$work/forks.ready" 7<&- &
    forks=$! forks_log=$work/forks forks_from=0
fi
mkfifo "$work/ask" "$work/answer"
exec 8<>"$work/ask" 9<>"$work/answer"
cat >"$work/enter.sh" <<'W'
# inside the new namespaces: make the lab's root and become its init
set -e
work=$1 here=$2 data=$3
mount --make-rprivate /
r=$work/root
mkdir "$r"
mount -t tmpfs -o mode=755 tmpfs "$r"
mkdir "$r/u" "$r/w" "$r/r"
mount -t overlay overlay -o "lowerdir=/,upperdir=$r/u,workdir=$r/w" "$r/r"
mkdir -p "$r/r/var/lib/docker" "$r/r/lab" "$r/r/.old"
mount --bind "$data" "$r/r/var/lib/docker"
cp "$here"/lab/* "$r/r/lab/"
cd "$r/r"
mount --rbind /dev dev
mount --rbind /sys sys
mount -t proc proc proc
mount -t tmpfs -o mode=755 tmpfs run
for d in work root home farm tmp opt mnt srv usr/local var/tmp old_root; do
    [ -d $d ] && mount -t tmpfs -o mode=755 tmpfs $d
done
mkdir -p -m 1777 tmp var/tmp
mkdir -p var/log/audit
pivot_root . .old
cd /
umount -l /.old
rmdir /.old
mount --make-rshared /      # as init systems leave it; volumes with rslave need it
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 bash /lab/init.sh
W
unshare -m -p -f -u -n -i --kill-child env -i PATH="$PATH" bash "$work/enter.sh" "$work" "$here" "$data" 7<&- &
unshared=$!
read -r -t 900 word version <&9 || die "the lab did not start"
[ "$word" = ready ] || die "the lab failed: $version"
lab=$(cat /proc/$unshared/task/$unshared/children); lab=${lab%% *}
inlab() { nsenter --mount="/proc/$lab/ns/mnt" "$@"; }
labroot=/proc/$lab/root
echo "lab: docker $version, init $lab" >&2

# an audit daemon and rules of one's own, inside of the lab
own_audit() {
    mkdir -p "$labroot/lab/audit/plugins.d"
    chmod 750 "$labroot/lab/audit" "$labroot/lab/audit/plugins.d"
    sed "s#@LOG@#/var/log/audit/audit.log#; s#@PLUGINS@#/lab/audit/plugins.d#; s#@FORMAT@#$format#" "$here/lab/auditd.conf" \
        >"$labroot/lab/audit/auditd.conf"
    chmod 640 "$labroot/lab/audit/auditd.conf"
    cp "$rules" "$labroot/lab/audit/rules" && chmod 640 "$labroot/lab/audit/rules"
    inlab auditd -c /lab/audit -s nochange || die "auditd did not start"
    i=0
    until [ -s "$labroot/run/auditd.pid" ]; do sleep 0.1; i=$((i + 1)); [ $i -lt 50 ] || die "auditd did not start"; done
    cp "$labroot/run/auditd.pid" "$work/auditd.pid"
    auditctl -b 65536 >/dev/null
    inlab auditctl -R /lab/audit/rules >"$work/rules.out" 2>&1 || {
        cat "$work/rules.out" >&2
        die "auditctl refused $rules after $(auditctl -l | grep -vc '^No rules') loaded rules"
    }
    auditctl -b 65536 >/dev/null
    auditctl -e 1 >/dev/null
    grep -q ready "$work/forks.ready" || die "no process connector"
    echo "rules: $(inlab auditctl -l | wc -l) loaded" >&2
    log=$labroot/var/log/audit/audit.log
}
[ -n "$joined" ] || own_audit

ask() { # ask VERB USER
    echo "$1 $2 $run $seed $minutes" >&8
    read -r -t $((900 + minutes * 60)) word rc <&9 || die "no answer to $1"
}

# --- record ----------------------------------------------------------------
failed=0
: >"$out/failed" # scenarios of which something failed, one a line
fail() { failed=1; grep -qxF "$1" "$out/failed" || echo "$1" >>"$out/failed"; }
: >"$work/windows"
for s; do
    cp "$folder/$s.sh" "$labroot/lab/scenario.sh"
    user=$(sed -n 's/^# as: *//p' "$folder/$s.sh"); user=${user:-root}
    ask prepare root
    [ "$rc" = 0 ] || { echo "$s: prepare failed ($rc)" >&2; fail "$s"; }
    ask ready "$user"
    sleep 0.5
    : >"$labroot/lab/pids"; : >"$labroot/lab/stretches"; chmod 666 "$labroot/lab/pids" "$labroot/lab/stretches"
    : >"$labroot/var/log/session.log"
    log_from=$(stat -c %s "$log") from=$(date +%s.%3N); sleep 0.05
    ask act "$user"
    act=$rc
    sleep 1.5
    to=$(date +%s.%3N); sleep 0.05
    extra=$(tr '\n' ',' <"$labroot/lab/pids")
    printf '%s %s %s %s %s\n' "$s" "$from" "$to" "$lab,$extra" "$log_from" >>"$work/windows"
    cp "$labroot/var/log/session.log" "$out/$s.out"
    [ -z "$host" ] || cp "$labroot/lab/stretches" "$out/$s.stretches"
    ask restore root
    put_core_pattern_back
    echo "$s: $user, $(awk -v a="$from" -v b="$to" 'BEGIN{printf "%.1f", b - a}') s, exit status $act" >&2
    [ "$act" = 0 ] || fail "$s"
done
lost=$(auditctl -s | awk '$1 == "lost" {print $2}')
[ "$lost" = 0 ] || echo "note: the kernel lost $lost records since boot" >&2

# stop the log before it is read: rules off, auditd down; or wait until the common one has passed a mark
if [ -z "$joined" ]; then
    auditctl -D >/dev/null
    kill "$(cat "$work/auditd.pid")"; sleep 1
    kill "$forks"; wait "$forks" 2>/dev/null; forks=''
else
    log_to=$(stat -c %s "$log")
    mark="recorded-$$-$(date +%s%N)"
    auditctl -m "$mark" >/dev/null
    i=0
    until tail -c +$((log_to + 1)) "$log" | grep -qF "$mark"; do sleep 0.2; i=$((i + 1)); [ $i -lt 300 ] || die "the collector's log stands still"; done
fi
while read -r s from to roots log_from; do
    "$work/cut" "$log" "$forks_log" "$from" "$to" "$roots" "$log_from" "$forks_from" >"$out/$s.log" || fail "$s"
    [ -s "$out/$s.log" ] || { echo "$s: nothing was recorded" >&2; fail "$s"; }
    echo "$s: $(grep -o 'audit([0-9.]*:[0-9]*)' "$out/$s.log" | sort -u | wc -l) events, $(wc -l <"$out/$s.log") records"
done <"$work/windows"
[ -n "${KEEP:-}" ] && cp "$log" "$forks_log" "$KEEP/"
exit $failed
