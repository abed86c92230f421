#!/usr/bin/env bash
# What is hardest for the engine, bounded in counted work (tests/differential/worst.c); and what a user sees of it: a replay with
# pathological expressions goes on, says which detections hit the match limit, and says the same with any number of threads.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

run "${BUILD:-build}/tests/differential/worst" rulesets
grep -v " passed, " "$work/out"
while read -r line; do
	expect "${line:8:44}" test "${line:0:2}" = ok
done < <(grep -E '^(ok|FAILED) ' "$work/out")
expect "all cases were tried" grep -q "^11 passed, 0 failed" "$work/out"
finish
