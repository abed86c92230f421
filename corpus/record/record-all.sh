#!/bin/bash
# Records all scenarios twice (develop, hold-out) and writes the datasets
# ../container-attacks-*, ../everyday-* and ../enriched-develop: one compressed
# log a scenario, and a corpus.yaml made from the heads of the scenarios.
# A scenario whose head says "dataset: everyday" goes there, any other one to the attacks.
#
# usage: record-all.sh [--only "NAME…"] [DATE]   DATE goes to origin: (default: today)
#        record-all.sh --yaml [DATE]             write the corpus.yaml files again, record nothing
#
# --only records just these again, and leaves the other logs as they are. A scenario that fails keeps the log that it had;
# all that was recorded well is kept, and the exit status is 1.
# shellcheck disable=SC2046,SC2086    # names of scenarios are words
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(dirname "$here")
yaml_only='' only=''
case ${1:-} in
--yaml) yaml_only=1; shift ;;
--only) only=${2:?names of scenarios}; shift 2 ;;
-*) echo "record-all.sh: unknown option $1" >&2; exit 2 ;;
esac
date=${1:-$(date +%F)}
everyday='' attacks=''
for f in "$here"/scenarios/*.sh; do
    s=${f##*/}; s=${s%.sh}
    if grep -q '^# dataset: everyday' "$f"; then everyday="$everyday $s"; else attacks="$attacks $s"; fi
done
enriched=docker-socket-mount
for s in $only; do [ -r "$here/scenarios/$s.sh" ] || { echo "record-all.sh: no scenario $s" >&2; exit 2; }; done
work=$(mktemp -d /tmp/recordings.XXXXXX)
trap 'rm -rf "$work"' EXIT

# wanted NAME…: those of them that are to be recorded
wanted() { for s; do [ -n "$only" ] && ! printf '%s\n' $only | grep -qx "$s" || echo "$s"; done; }
# recorded DATASET NAME…: those of them whose log is there; the others are named, never passed over in silence
recorded() {
    local ds=$1 s
    shift
    for s; do if [ -e "$corpus/$ds/events/$s.log.zst" ]; then echo "$s"; else echo "$ds: $s is not recorded yet" >&2; fi; done
}
# keep LOG DATASET: the recorded log, packed, in place of the one that was there
keep() { zstd -q -f -19 --no-check "$1" -o "$corpus/$2/events/$(basename "$1").zst"; }
# record RUN NAME…: a scenario that fails does not cost the others; only where none was recorded there is nothing to go on with
failures=''
record() {
    local run=$1 s rc=0
    shift
    bash "$here/record.sh" --run "$run" --out "$work/$run" "$@" || rc=$?
    [ $rc = 0 ] || [ $rc = 1 ] && [ -e "$work/$run/failed" ] || exit $((rc ? rc : 1))
    while read -r s; do failures="$failures $run/$s"; done <"$work/$run/failed"
}
# good RUN NAME…: those of them that were recorded now, and as a whole
good() {
    local run=$1 s
    shift
    for s in $(wanted "$@"); do grep -qxF "$s" "$work/$run/failed" || ! [ -s "$work/$run/$s.log" ] || echo "$s"; done
}
# drop DATASET NAME…: logs of scenarios that are no more
drop() {
    local ds=$1 log name
    shift
    for log in "$corpus/$ds"/events/*.log.zst; do
        name=$(basename "$log" .log.zst)
        [[ " $* " == *" $name "* ]] || rm -f "$log"
    done
}
field() { sed -n "s/^# $2: *//p" "$here/scenarios/$1.sh"; }
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo '?'; }
versions="kernel $(uname -r | cut -d- -f1), auditd $(version auditd), docker.io $(version docker.io), containerd $(version containerd), runc $(version runc), docker-compose $(version docker-compose)"

# observed DATASET NAME…: seconds that were recorded. Logs of several days lie in one dataset, so that their span is none.
observed() {
    local ds=$1 s
    shift
    for s; do zstd -dcq "$corpus/$ds/events/$s.log.zst" | sed -n 's/.*msg=audit(\([0-9.]*\):.*/\1/p' | sed -n '1p;$p' | tr '\n' ' '; echo; done |
        awk '{sum += $2 - $1} END {printf "%d\n", sum + 1}'
}
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
  Recorded with corpus/record/record.sh --run $run$extra, 2026-11-23 to $date, one scenario after the other in each lab,
  with the rules of corpus/record/record.rules, in the lab that record.sh makes (own pid, mount, network, uts and
  ipc namespaces, docker started by hand, cgroup v1). $versions.
license: CC0-1.0
observed: $(observed "$ds" "$@")s
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
    mkdir -p "$corpus/container-attacks-$suffix/events" "$corpus/everyday-$suffix/events"
    if [ -z "$yaml_only" ]; then
        mkdir "$work/$run"
        record "$run" $(wanted $attacks $everyday)
        for s in $(good $run $attacks); do keep "$work/$run/$s.log" "container-attacks-$suffix"; done
        for s in $(good $run $everyday); do keep "$work/$run/$s.log" "everyday-$suffix"; done
        if [ -z "$only" ]; then
            drop "container-attacks-$suffix" $attacks
            drop "everyday-$suffix" $everyday
        fi
    fi
    yaml "container-attacks-$suffix" $run unknown 'Attacks on containers and bad practice, really run, one episode a file.' '' $(recorded "container-attacks-$suffix" $attacks)
    yaml "everyday-$suffix" $run benign 'Everyday work on a container host, really run, one episode a file.' '' $(recorded "everyday-$suffix" $everyday)
done
mkdir -p "$corpus/enriched-develop/events"
if [ -z "$yaml_only$only" ]; then
    mkdir "$work/enriched"
    bash "$here/record.sh" --enriched --run develop --out "$work/enriched" $enriched
    rm -f "$corpus"/enriched-develop/events/*
    keep "$work/enriched/$enriched.log" enriched-develop
    [ -z "${KEEP_OUT:-}" ] || cp -r "$work" "$KEEP_OUT"
fi
yaml enriched-develop develop unknown 'One scenario in the enriched form of the log (log_format = ENRICHED).' ' --enriched' $enriched
bash "$here/check-neutral.sh" "$corpus"/container-attacks-*/events/*.log.zst "$corpus"/everyday-*/events/*.log.zst "$corpus"/enriched-*/events/*.log.zst
if [ -n "$failures" ]; then
    echo "record-all.sh: these failed, and have the logs that they had before (again: --only \"NAME…\"):$failures" >&2
    exit 1
fi
