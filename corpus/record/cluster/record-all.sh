#!/bin/bash
# Records all of the cluster's datasets: ../../cluster-attacks-* and ../../cluster-everyday-*, in both runs.
#
#   record-all.sh COMPONENTS [--only WHAT] [--yaml]     WHAT: attacks, or an organization
#
# COMPONENTS is a folder for components.sh (its first build takes long). The everyday recordings take an hour, all of them
# at the same time. --yaml writes the corpus.yaml files alone. What the machine lacks is said, with status 3.
set -euo pipefail
export LC_ALL=C
here=$(cd "$(dirname "$0")" && pwd)
corpus=$(cd "$here/../.." && pwd)
components=${1:?a folder for the components}
shift
only=
yaml=
while [ $# -gt 0 ]; do
    case $1 in
    --only) only=$2; shift 2 ;;
    --yaml) yaml=1; shift ;;
    *) echo "record-all.sh: unknown option $1" >&2; exit 2 ;;
    esac
done
version=v$(sed -n 's/^release=//p' "$here/components.sh")
work=$(mktemp -d /tmp/cluster-recordings.XXXXXX)
trap 'rm -rf "$work"' EXIT

# pack FROM DATASET RUN [ORGANIZATION]
pack() {
    local log events=$corpus/$2/events
    if [ -z "$yaml" ]; then
        mkdir -p "$events"
        rm -f "$events"/*
        for log in "$1"/*.json; do zstd -q -19 --no-check "$log" -o "$events/$(basename "$log").zst"; done
    fi
    "$here/datasets.py" "$corpus/$2" "$3" "$(date +%F)" "$version" "${4:-}"
}

[ -n "$yaml" ] || "$here/components.sh" "$components"
for run in develop hold-out; do
    suffix=${run/-/}
    if [ -z "$only" ] || [ "$only" = attacks ]; then
        [ -n "$yaml" ] || "$here/cluster.sh" --components "$components" --out "$work/attacks-$run" --run "$run"
        pack "$work/attacks-$run" "cluster-attacks-$suffix" "$run"
    fi
done
jobs=()
for organization in web-shop observability; do
    [ -z "$only" ] || [ "$only" = "$organization" ] || continue
    for run in develop hold-out; do
        [ -z "$yaml" ] || continue
        "$here/cluster.sh" --components "$components" --out "$work/$organization-$run" --run "$run" --everyday "$organization" &
        jobs+=($!)
    done
done
for job in "${jobs[@]}"; do wait "$job"; done
for organization in web-shop observability; do
    [ -z "$only" ] || [ "$only" = "$organization" ] || continue
    for run in develop hold-out; do
        pack "$work/$organization-$run" "cluster-everyday-$organization-${run/-/}" "$run" "$organization"
    done
done
