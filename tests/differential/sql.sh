#!/usr/bin/env bash
# The same detections as SQL in SQLite, by the plain evaluator and by the replay's engine: each counts the same events for each
# detection. Made events and detections of the benches; public rules where they are.
#
#   SIGMA_RULES   a folder of Sigma rules (default: ../shared/rules/sigma-linux)
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
bench=${BUILD:-build}/tests/bench
"$bench/events" ecs "$work/events.json" 4
compare() { # name catalog least-alerts
	run "$bench/verdicts" "$2" "$work/events.json" json ecs 0.3 engine plain sql
	expect "$1: engine, plain evaluator and SQL agree" [ "$status" -eq 0 ]
	expect "$1: none is left out of SQL" grep -q '"left_out": 0,' "$work/out"
	expect "$1: some events alert" test "$(sed -E 's/.*"alerts": ([0-9]+).*/\1/' "$work/out")" -ge "$3"
}
for kind in usual hard evil every; do
	count=$([ "$kind" = evil ] && echo 4 || echo 200)
	python3 tests/bench/make-catalog.py "$count" "$work/$kind" rulesets "$kind"
	compare "$count $kind detections" "$work/$kind" "$([ "$kind" = evil ] && echo 0 || echo 1)"
done
rules=${SIGMA_RULES:-../shared/rules/sigma-linux}
if [ -d "$rules" ]; then
	"$MEWS" import sigma "$rules" -o "$work/sigma" >/dev/null 2>&1
	compare "public rules" "$work/sigma" 1
else
	skip "no Sigma rules are there: SIGMA_RULES names a folder"
fi
# Another field: longer values, in which more words are found.
sed 's/stringcontains~(process.command_line, /stringcontains~(process.parent.command_line, /' -i "$work"/usual/detections/*.yaml
run "$bench/verdicts" "$work/usual" "$work/events.json" json ecs 0.3 engine plain sql
expect "the made rules ask for the parent's command line, too" [ "$status" -eq 0 ]
finish
