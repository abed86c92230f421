#!/bin/bash
# Records all scenarios twice (develop, hold-out) and writes the datasets
# ../container-attacks-*, ../everyday-* and ../enriched-develop: one compressed
# log a scenario, and a corpus.yaml made from the heads of the scenarios.
#
# usage: record-all.sh [DATE]      DATE goes to origin: (default: today)
#        record-all.sh --yaml [DATE]   write the corpus.yaml files again, record nothing
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(dirname "$here")
yaml_only=
[ "${1:-}" = --yaml ] && { yaml_only=1; shift; }
date=${1:-$(date +%F)}
everyday='backup ci-runner compose-services cron-and-editors developer-shell host-troubleshooting image-build
log-rotation monitoring-agent near-misses package-upgrade ssh-sessions user-admin'
attacks=$(cd "$here/scenarios" && for f in *.sh; do
    f=${f%.sh}; printf '%s\n' $everyday | grep -qx "$f" || echo "$f"; done)
enriched=docker-socket-mount
work=$(mktemp -d /tmp/recordings.XXXXXX)
trap 'rm -rf "$work"' EXIT

field() { sed -n "s/^# $2: *//p" "$here/scenarios/$1.sh"; }
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo '?'; }
versions="kernel $(uname -r | cut -d- -f1), auditd $(version auditd), docker.io $(version docker.io), containerd $(version containerd), runc $(version runc), docker-compose $(version docker-compose)"

# yaml DATASET RUN DEFAULT TITLE SCENARIO… : writes DATASET/corpus.yaml
yaml() {
    local ds=$1 run=$2 default=$3 title=$4 extra=$5 s
    shift 5
    {
        cat <<W
# Written by corpus/record/record-all.sh from the heads of corpus/record/scenarios/*.sh.
# $title
name: $ds
format: auditd
files: [events/*.log.zst]
use: $run
origin: >-
  Recorded with corpus/record/record.sh --run $run$extra on $date, one scenario after the other,
  with the rules of corpus/record/record.rules, in the lab that record.sh makes (own pid, mount, network, uts and
  ipc namespaces, docker started by hand, cgroup v1). $versions.
license: CC0-1.0
episodes:
W
        for s; do
            echo "  - name: $s"
            echo "    # $(sed -n '1s/^# [^:]*: *//p' "$here/scenarios/$s.sh")"
            [ -z "$(field "$s" outcome)" ] || sed -n '/^# outcome:/,/^# label:/{/^# label:/d;s/^/    /;p}' "$here/scenarios/$s.sh"
            echo "    files: [events/$s.log.zst]"
            echo "    label: $(field "$s" label)"
            [ -z "$(field "$s" expects)" ] || echo "    expects: $(field "$s" expects)"
            [ -z "$(field "$s" allows)" ] || echo "    allows: $(field "$s" allows)"
        done
        echo "default: $default"
    } >"$corpus/$ds/corpus.yaml"
}

for run in develop hold-out; do
    suffix=$(echo $run | tr -d -)
    [ -n "$yaml_only" ] || { mkdir "$work/$run"; bash "$here/record.sh" --run $run --out "$work/$run" $attacks $everyday; }
    mkdir -p "$corpus/container-attacks-$suffix/events" "$corpus/everyday-$suffix/events"
    if [ -z "$yaml_only" ]; then
        rm -f "$corpus/container-attacks-$suffix"/events/* "$corpus/everyday-$suffix"/events/*
        for s in $attacks; do zstd -q -19 --no-check "$work/$run/$s.log" -o "$corpus/container-attacks-$suffix/events/$s.log.zst"; done
        for s in $everyday; do zstd -q -19 --no-check "$work/$run/$s.log" -o "$corpus/everyday-$suffix/events/$s.log.zst"; done
    fi
    yaml "container-attacks-$suffix" $run unknown 'Attacks on containers and bad practice, really run, one episode a file.' '' $attacks
    yaml "everyday-$suffix" $run benign 'Everyday work on a container host, really run, one episode a file.' '' $everyday
done
mkdir -p "$corpus/enriched-develop/events"
if [ -z "$yaml_only" ]; then
    mkdir "$work/enriched"
    bash "$here/record.sh" --enriched --run develop --out "$work/enriched" $enriched
    rm -f "$corpus"/enriched-develop/events/*
    zstd -q -19 --no-check "$work/enriched/$enriched.log" -o "$corpus/enriched-develop/events/$enriched.log.zst"
    [ -z "${KEEP_OUT:-}" ] || cp -r "$work" "$KEEP_OUT"
fi
yaml enriched-develop develop unknown 'One scenario in the enriched form of the log (log_format = ENRICHED).' ' --enriched' $enriched
bash "$here/check-neutral.sh" "$corpus"/*/events/*.log.zst
