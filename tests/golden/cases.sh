#!/usr/bin/env bash
# tests/cases/systematic.yaml is what its script writes, byte by byte. UPDATE=1 writes it anew.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh

if ! command -v python3 >/dev/null; then
	skip "python3, which writes the table of cases"
	finish
fi
run tests/cases/systematic.py
[ -z "${UPDATE:-}" ] || cp "$work/out" tests/cases/systematic.yaml
expect "the script runs" test "$status" = 0
expect "the table is the script's" cmp "$work/out" tests/cases/systematic.yaml
finish
