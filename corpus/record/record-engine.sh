#!/bin/bash
# Records what a container engine itself says of attacks and of everyday work: the API calls that its clients send, with their
# bodies, and its events. Writes ../engine-attacks-* and ../engine-everyday-*: an episode for each file of engine/.
#
# usage: record-engine.sh [DATE]    DATE goes to origin: (default: today)
set -eu
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(dirname "$here")
date=${1:-$(date +%F)}
work=$(mktemp -d /tmp/recordings.XXXXXX)
trap 'rm -rf "$work"' EXIT
field() { sed -n "s/^# $2: *//p" "$here/engine/$1.sh"; }
version() { dpkg-query -W -f '${Version}' "$1" 2>/dev/null || echo '?'; }

# head_of DATASET RUN DEFAULT TITLE
head_of() {
    cat <<W
# Written by corpus/record/record-engine.sh from the heads of corpus/record/engine/*.sh.
# $4
name: $1
use: $2
origin: >-
  Recorded with corpus/record/engine.sh on $date (variant $2): one act after the other on one engine, in namespaces of its own;
  the calls by a proxy before the engine's socket. docker.io $(version docker.io), python3-docker $(version python3-docker), curl $(version curl).
license: CC0-1.0
sources:
  - {format: json, dialect: docker-api, files: [calls/*.jsonl.zst]}
  - {format: json, dialect: docker-events, files: [events/*.jsonl.zst]}
default: $3
episodes:
W
}

for run in develop hold-out; do
    suffix=$(echo $run | tr -d -)
    RUN=$run bash "$here/engine.sh" /dev/null "$work/$run" "$here"/engine/*.sh
    for set in attacks everyday; do
        d=$corpus/engine-$set-$suffix
        rm -rf "$d"
        mkdir -p "$d/calls" "$d/events"
        if [ $set = attacks ]; then head_of "engine-$set-$suffix" $run unknown 'What an engine says of attacks and bad practice, one episode a file.'
        else head_of "engine-$set-$suffix" $run benign 'What an engine says of everyday work.'; fi >"$d/corpus.yaml"
    done
    while read -r name calls events && read -r _ calls_end events_end <&4; do
        [ "$name" != end ] || break
        set=attacks
        [ "$(field "$name" dataset)" != everyday ] || set=everyday
        d=$corpus/engine-$set-$suffix
        sed -n "$((calls + 1)),${calls_end}p" "$work/$run/calls.jsonl" | zstd -q -19 --no-check >"$d/calls/$name.jsonl.zst"
        sed -n "$((events + 1)),${events_end}p" "$work/$run/events.jsonl" | zstd -q -19 --no-check >"$d/events/$name.jsonl.zst"
        {
            echo "  - name: $name"
            echo "    # $(sed -n '1s/^# [^:]*: *//p' "$here/engine/$name.sh")"
            echo "    files: [calls/$name.jsonl.zst, events/$name.jsonl.zst]"
            echo "    label: $(field "$name" label)"
            [ -z "$(field "$name" expects)" ] || echo "    expects: $(field "$name" expects)"
            [ -z "$(field "$name" allows)" ] || echo "    allows: $(field "$name" allows)"
        } >>"$d/corpus.yaml"
    done <"$work/$run/acts" 4< <(tail -n +2 "$work/$run/acts")
    [ -z "${KEEP_OUT:-}" ] || cp -r "$work/$run" "$KEEP_OUT"
done
bash "$here/check-neutral.sh" "$corpus"/engine-*/*/*.jsonl.zst
