#!/bin/bash
# Records the organizations' hosts at work (hosts/ORG.sh), two of each at the same time, and writes the datasets
# ../hosts-ORG-develop and ../hosts-ORG-holdout: one compressed log, the stretches that are no ordinary work, corpus.yaml.
#
# usage: record-hosts.sh [--minutes M] [--at-once N] [ORG…]
#        record-hosts.sh --keep DIR [ORG…]     take what record.sh left in DIR/ORG-develop and DIR/ORG-hold-out
#        record-hosts.sh --yaml [ORG…]         write the corpus.yaml files again, record nothing
#
#   --minutes M   how long each works (default 66)
#   --at-once N   so many labs at a time (default: all; a lab needs a core for less than a quarter of the time, and 1 GB)
#   ORG…          default: all of hosts/
#
# Exit status: 0 recorded; 1 something failed; 2 wrong use; 77 skipped, and why.
set -u
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(dirname "$here")
minutes=66 at_once=0 keep='' yaml_only=''
while [ $# -gt 0 ]; do
    case $1 in
    --minutes | --at-once | --keep)
        [ $# -ge 2 ] || { echo "record-hosts.sh: $1 needs a value" >&2; exit 2; }
        case $1 in --minutes) minutes=$2 ;; --at-once) at_once=$2 ;; --keep) keep=$2 ;; esac
        shift 2 ;;
    --yaml) yaml_only=1; shift ;;
    -h | --help) sed -n '2,/^$/s/^# \{0,1\}//p' "$0" | sed -n '1,/^Exit/p'; exit 0 ;;
    -*) echo "record-hosts.sh: unknown option $1" >&2; exit 2 ;;
    *) break ;;
    esac
done
case $minutes$at_once in *[!0-9]*) echo "record-hosts.sh: --minutes and --at-once take whole numbers" >&2; exit 2 ;; esac
if [ $# -eq 0 ]; then
    for f in "$here"/hosts/*.sh; do f=${f##*/}; set -- "$@" "${f%.sh}"; done
fi
for org; do [ -r "$here/hosts/$org.sh" ] || { echo "record-hosts.sh: no host $org" >&2; exit 2; }; done

# seed ORG RUN: that of the develop and that of the hold-out host, as the script's head has them
seed() { awk -v n="$([ "$2" = develop ] && echo 3 || echo 4)" '$2 == "seeds:" {print $n}' "$here/hosts/$1.sh"; }
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo '?'; }
suffix() { if [ "$1" = develop ]; then echo develop; else echo holdout; fi; }

# facts ORG RUN LOG: what origin says, kept beside the log
facts() {
    local days
    days=$(grep -o 'msg=audit([0-9]*' "$3" | sed -n 's/.*(//; 1p; $p' | tr '\n' ' ')
    printf 'recorded: %s\nminutes: %s\nseed: %s\nversions: %s\n' "$(date -u -d "@${days%% *}" +%F)" \
        "$(awk -v d="$days" 'BEGIN{split(d, a, " "); printf "%d", (a[2] - a[1]) / 60}')" "$(seed "$1" "$2")" \
        "kernel $(uname -r | cut -d- -f1), auditd $(version auditd), docker.io $(version docker.io), containerd $(version containerd), runc $(version runc), docker-compose $(version docker-compose)"
}
fact() { sed -n "s/^$2: //p" "$1/recording"; }
# yaml ORG RUN: corpus.yaml of one dataset, from the host's head, its recording and its stretches
yaml() {
    local org=$1 run=$2 ds from to name label n=0
    ds=$corpus/hosts-$org-$(suffix "$run")
    [ -e "$ds/recording" ] || { echo "$ds is not recorded yet" >&2; return 0; }
    {
        cat <<W
# Written by corpus/record/record-hosts.sh from the head of corpus/record/hosts/$org.sh and what it noted while it worked.
# $(sed -n '1s/^# [^:]*: *//p' "$here/hosts/$org.sh")
name: hosts-$org-$(suffix "$run")
format: auditd
files: [events/*.log.zst]
organizations: [$org]
use: $run
origin: >-
  Scripted, not observed: corpus/record/hosts/$org.sh drawn by the seed $(fact "$ds" seed) and really run for
  $(fact "$ds" minutes) minutes on $(fact "$ds" recorded), with corpus/record/record.sh --host and the rules of corpus/record/record.rules.
  Eight such hosts worked at the same time, each in its own lab, on one kernel and its cores: a day's kinds of work
  in an hour, so that rates are of this recording and of no day. $(fact "$ds" versions).
license: CC0-1.0
W
        [ -s "$ds/stretches" ] && echo "episodes:"
        while read -r from to name label; do
            n=$((n + 1))
            echo "  - name: $name-$n"
            echo "    from: $(date -u -d "@$from" +%FT%T.%3NZ)"
            echo "    to: $(date -u -d "@$to" +%FT%T.%3NZ)"
            echo "    label: $label"
        done <"$ds/stretches"
        echo "default: $(sed -n 's/^# label: *//p' "$here/hosts/$org.sh")"
    } >"$ds/corpus.yaml"
}
# take ORG RUN DIR: the recording in DIR goes into its dataset
take() {
    local ds
    ds=$corpus/hosts-$1-$(suffix "$2")
    [ -s "$3/$1.log" ] || { echo "record-hosts.sh: no recording of $1 in $3" >&2; return 1; }
    mkdir -p "$ds/events"
    zstd -q -f -19 -T0 --no-check "$3/$1.log" -o "$ds/events/$1.log.zst"
    cp "$3/$1.stretches" "$ds/stretches"
    facts "$1" "$2" "$3/$1.log" >"$ds/recording"
    yaml "$1" "$2"
}

failed=0
if [ -n "$yaml_only" ]; then
    for org; do yaml "$org" develop; yaml "$org" hold-out; done
    exit 0
fi
if [ -z "$keep" ]; then
    keep=$(mktemp -d /tmp/hosts.XXXXXX)
    started=
    trap '[ -z "$started" ] || "$here/collector.sh" stop; rm -rf "$keep"' EXIT
    if ! "$here/collector.sh" status >/dev/null 2>&1; then
        "$here/collector.sh" start; rc=$?
        [ $rc = 0 ] || exit $rc
        started=1
    fi
    for org; do
        for run in develop hold-out; do
            while [ "$at_once" -gt 0 ] && [ "$(jobs -r | wc -l)" -ge "$at_once" ]; do sleep 1; done
            "$here/record.sh" --host "$org" --run "$run" --seed "$(seed "$org" "$run")" --minutes "$minutes" --out "$keep/$org-$run" &
        done
    done
    wait
fi
for org; do
    for run in develop hold-out; do take "$org" "$run" "$keep/$org-$run" || failed=1; done
done
for org; do bash "$here/check-neutral.sh" "$corpus"/hosts-"$org"-*/events/*.log.zst || failed=1; done
exit $failed
