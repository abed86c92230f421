#!/bin/sh
# Every condition of the Falco packs is given to the real filter compiler (sysdig), on a capture made here.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mews=$(readlink -f "${MEWS:-$root/build/mews}")
if ! command -v sysdig >/dev/null 2>&1; then
	echo "skipped: sysdig is not installed"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # away from the project file of this repository
"$mews" --catalog "$root/rulesets" --store "$work/mews.db" generate falco -o "$work/packs" >/dev/null
# Texts that need quotes, from the golden catalog.
"$mews" --catalog "$root/tests/golden/generator/catalog" --store "$work/golden.db" generate falco -o "$work/golden" >/dev/null
${PYTHON:-python3} "$here/capture.py" "$work/one.scap"
reference=${REFERENCE:-$root/../shared/reference}/falco
[ -f "$reference/fields-syscall.json" ] || reference=-
${PYTHON:-python3} "$here/falco_conditions.py" "$work/one.scap" "$reference" "$work"/packs/falco/*/mews_rules.yaml "$work"/golden/falco/*/mews_rules.yaml
