#!/usr/bin/env bash
# mews explain over the small corpus of tests/golden/report, byte by byte: events, episodes, words and JSON.
# UPDATE=1 writes the expected files again: read the difference before committing it.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
here=tests/golden/explain
corpus=tests/golden/report/corpus

mkdir -p "$work/catalog"
cp -r rulesets/fields.yaml rulesets/lists.yaml rulesets/clients.yaml rulesets/dialects tests/golden/report/catalog/. "$work/catalog/"
cp $here/organizations/*.yaml "$work/catalog/organizations/"
cp $here/detections/*.yaml "$work/catalog/detections/"

explain() { # arguments…
	run "$MEWS" --catalog "$work/catalog" --store "$work/mews.db" explain --as-of 2026-06-01 "$@"
}

compare() { # file status arguments…
	local file=$1 wanted=$2
	shift 2
	explain "$@"
	expect "$file: exit status $wanted" test "$status" -eq "$wanted"
	cp "$work/out" "$work/$file"
	if [ "${UPDATE:-}" = 1 ]; then
		cp "$work/$file" "$here/$file"
	fi
	expect "$file: as expected" diff -u "$here/$file" "$work/$file"
	expect "$file: at most 100 columns" test "$(wc -L <"$work/$file")" -le 100
}

all=(-O shop -O farm -O quiet -O strict)
runner='{event.category: process, event.action: exec, process.name: docker, user.name: ci, host.name: build-7,
  process.args: [docker, run, -v, "/run/docker.sock:/s", "gitlab/gitlab-runner"]}'
compare match.txt 0 "${all[@]}" socket-handed "$corpus/held/events.jsonl:41"
compare excepted.txt 0 "${all[@]}" socket-handed "$runner"
compare near.txt 0 "${all[@]}" socket-handed '{event.category: process, event.action: exec, process.name: Docker, process.args: []}'
compare failed.txt 0 "${all[@]}" module-loaded '{event.category: driver, event.action: load, event.outcome: failure, driver.name: x}'
compare other.txt 0 "${all[@]}" module-loaded '{event.category: network, event.action: connect, destination.address: "\e[31mred"}'
compare test.txt 0 -O shop socket-handed test:listed
compare attack.txt 1 "${all[@]}" --episode $corpus/held/socket-and-module
compare no-event.txt 1 "${all[@]}" --episode $corpus/dev/attack module-loaded
compare fired.txt 0 -O shop --episode $corpus/held/shortcut
compare not-expected.txt 0 -O shop --episode $corpus/held/shortcut module-loaded

# Several events: what each is to the steps, and how far a chain got.
compare sequence-whole.txt 0 -O shop --episode $here/corpus/chain/whole
compare sequence-half.txt 1 -O shop --episode $here/corpus/chain/half
compare sequence-late.txt 1 -O shop --episode $here/corpus/chain/late
compare sequence-last.txt 0 -O shop fetched-then-run "$here/corpus/chain/events.jsonl:4"
compare sequence-first.txt 0 -O shop fetched-then-run "$here/corpus/chain/events.jsonl:8"
compare sequence-test.txt 0 -O shop fetched-then-run 'test:all of it'
compare sequence-alone.txt 0 -O shop fetched-then-run 'test:only fetched'
explain -O shop --episode $here/corpus/chain/late --format json
expect "json: how far it got" jq -e '.detections[0].sequences[0] | .steps_reached == 2 and [.steps[].fits] == [2, 2, 1, 0] and
	.steps[0].without_key == 1' "$work/out"

# The same as JSON.
explain "${all[@]}" socket-handed "$runner" --format json
expect "json: who decided" jq -e '.[0] | .matches and ([.organizations[] | [.organization, .verdict]] ==
	[["shop","alert"],["farm","excepted"],["quiet","below severity"],["strict","alert"]])' "$work/out"
expect "json: the exception that decided, and its predicates" jq -e '.[0].organizations[1].exceptions[] | select(.decided) |
	.exception == "runners" and .asked[0].lines[0].found == "ci"' "$work/out"
expect "json: the one that has expired and would have held" jq -e '.[0].organizations[3].exceptions[] |
	select(.exception == "moved-out") | .expired and .holds and (.decided | not)' "$work/out"
expect "json: each predicate" jq -e '[.[0].conditions[0].lines[] | select(.predicate) | .holds] == [true, true, true]' "$work/out"
jq -c '.[0].event' "$work/out" >"$work/event.json"
explain "${all[@]}" --episode $corpus/held/socket-and-module --format json
expect "json: an episode's misses" jq -e '[.detections[] | .organizations[] | select(.expects and .alerts == 0) |
	[.organization, .cause]] == [["quiet","below severity"],["farm","disabled"]]' "$work/out"

# One event, four ways in.
explain socket-handed "$work/event.json" -O farm
cp "$work/out" "$work/from-file"
expect "a file with an event" grep -q '^socket-handed matches this event' "$work/from-file"
run bash -c '"$0" --catalog "$1" --store "$2" explain --as-of 2026-06-01 socket-handed - -O farm <"$3"' "$MEWS" "$work/catalog" "$work/mews.db" "$work/event.json"
expect "standard input" diff "$work/from-file" "$work/out"
explain socket-handed "$corpus/held/events.jsonl" --reader json --dialect ecs -O shop
expect "a whole log" test "$(grep -c '^socket-handed \(matches\|does not match\)' "$work/out")" -eq "$(grep -c . $corpus/held/events.jsonl)"
explain module-loaded "$corpus/held/../held/events.jsonl:42" -O shop
expect "a line of a dataset, its dialect told by the dataset" grep -q '^module-loaded matches this event' "$work/out"

# What cannot be answered.
wrong() { # words arguments…
	local words=$1
	shift
	explain -O shop "$@"
	expect "wrong: $words: exit status 2" test "$status" -eq 2
	expect "wrong: $words" grep -q -- "$words" "$work/err"
	expect "wrong: $words: nothing on standard output" test ! -s "$work/out"
}
wrong 'no event begins at this line' socket-handed "$corpus/held/events.jsonl:4711"
wrong 'an event is FILE:LINE' socket-handed nonsense -O shop
wrong 'the dataset has no episode "nothing"; it has socket-and-module, shortcut' --episode $corpus/held/nothing
wrong 'there is no dataset "nowhere"' --episode nowhere/nothing
wrong 'an episode is DATASET/EPISODE' --episode nothing
wrong 'takes text or json' --episode nothing --format html
wrong 'at most a detection' --episode $corpus/held/shortcut socket-handed '{}'
wrong 'no test "x"' socket-handed test:x
finish
