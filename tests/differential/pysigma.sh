#!/bin/sh
# Every rule and filter of the Sigma packs is parsed by real pySigma (a venv under build/pysigma) and held
# against the specification's JSON schemas.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mews=$(readlink -f "${MEWS:-$root/build/mews}")
venv=${PYSIGMA:-$root/build/pysigma}
skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}
if ! "$venv/bin/python" -c 'import sigma, jsonschema' 2>/dev/null; then
	python3 -m venv "$venv" >/dev/null 2>&1 || skip "python3 cannot make a venv"
	"$venv/bin/pip" install -q 'pysigma==1.5.*' jsonschema pyyaml >/dev/null 2>&1 || skip "pip could not install pysigma"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # away from the project file of this repository
"$mews" --catalog "$root/rulesets" --store "$work/mews.db" generate sigma -o "$work/packs" >/dev/null
# Texts that need quotes, from the golden catalog.
"$mews" --catalog "$root/tests/golden/generator/catalog" --store "$work/golden.db" generate sigma -o "$work/golden" >/dev/null
schemas=${REFERENCE:-$root/../shared/reference}/sigma
[ -d "$schemas" ] || schemas=-
"$venv/bin/python" "$here/sigma_documents.py" "$schemas" "$work"/packs/sigma/* "$work"/golden/sigma/*
