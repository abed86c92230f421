#!/usr/bin/env bash
# The shipped corpus through the shipped catalog: what must be seen is seen, every line is accounted for,
# and three organizations get three different tables.
set -u
. tests/lib.sh
run "$MEWS" --store "$work/mews.db" replay --use hold-out -f json --html "$work/report.html"
expect "the hold-out recordings replay" [ "$status" -eq 0 ]
cp "$work/out" "$work/hold-out.json"
json=$work/hold-out.json
expect "every line is accounted for" jq -e 'all(.datasets[]; .lines == .events + .continued + .blank + .rejected)' "$json"
expect "nothing is rejected" jq -e 'all(.datasets[]; .rejected == 0)' "$json"
expect "at least ten attack or bad-practice episodes" jq -e \
	'[.episodes[] | select(.label == "malicious" or .label == "risky") | .name] | unique | length >= 10' "$json"
expect "at least six benign episodes" jq -e '[.episodes[] | select(.label == "benign") | .name] | unique | length >= 6' "$json"

# A detection that an organization's own baseline silences (excepted, disabled, below) is that organization's
# decision; what no event or no match explains must be a known gap, with its reason.
blind='[.episodes[] | select(.label == "malicious" or .label == "risky") | . as $e | .missed[]
	| select(.cause == "no event in scope" or .cause == "unmatched") | select((.known_gap // "") == "")
	| "\($e.dataset)/\($e.name): \(.detection) (\(.cause))"] | unique'
jq -r "$blind | .[]" "$json" | sed 's/^/not seen, and no known gap: /'
expect "every expected detection alerts or is a known gap" jq -e "$blind | length == 0" "$json"
jq -r '[.episodes[] | . as $e | .missed[] | select((.known_gap // "") != "") | "known gap: \($e.dataset)/\($e.name): \(.detection): \(.known_gap)"] | unique | .[]' "$json"
jq -r '[.results[] | {organization, fp}] | group_by(.organization)[] | "hold-out false positives of \(.[0].organization): \([.[].fp] | add)"' "$json"
expect "the organizations' tables differ" jq -e \
	'[.results | group_by(.organization)[] | map([.detection, .tp, .btp, .fp])] | unique | length == 4' "$json"
expect "a rate is never without its denominator" jq -e 'all(.results[]; .false_positive_rate | has("numerator") and has("denominator"))' "$json"

expect "the HTML report is one file without outside parts" sh -c \
	"grep -q '</html>' '$work/report.html' && ! grep -Eq '(src|href)=\"(https?:)?//' '$work/report.html'"
run "$MEWS" --store "$work/mews.db" list runs --format json
expect "the run is in the store" jq -e 'length == 1' "$work/out"
if command -v sqlite3 >/dev/null; then
	alerts=$(sqlite3 "$work/mews.db" 'SELECT count(*) FROM alert')
	expect "with rows for its alerts" [ "${alerts:-0}" -gt 0 ]
	sums=$(sqlite3 "$work/mews.db" "SELECT (SELECT sum(tp+btp+fp+unattributed+unknown) FROM measure WHERE use = 'all') = (SELECT count(*) FROM alert)")
	expect "and measures that sum up to them" [ "$sums" = 1 ]
else
	skip "sqlite3 is missing: the store's rows"
fi
run "$MEWS" --store "$work/mews.db" replay --use hold-out -f json
expect "a second replay gives the same figures" sh -c \
	"jq -S 'del(.run, .fidelity)' '$work/out' >'$work/a' && jq -S 'del(.run, .fidelity)' '$json' >'$work/b' && cmp '$work/a' '$work/b'"
finish
