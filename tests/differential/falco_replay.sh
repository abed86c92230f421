#!/usr/bin/env bash
# The real Falco replays captures, where a developer has one: FALCO names the program, FALCO_CONTAINER the container
# plugin's library. Its values of each event are mews' own (also of the captures in SCAP_CAPTURES), and the packs alert on
# the events of the corpus that `mews replay --as falco` names.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
helper=${BUILD:-build}/tests/differential/scap

if [ -z "${FALCO-}" ] || [ -z "${FALCO_CONTAINER-}" ]; then
	skip "no real Falco: FALCO and FALCO_CONTAINER name neither a program nor its container plugin"
	finish
fi

same() { # name mode argument…
	local name=$1 mode=$2
	shift 2
	run python3 tests/differential/falco_replay.py "$mode" "$helper" "$FALCO" "$FALCO_CONTAINER" "$@"
	tail -n 1 "$work/out"
	expect "$name" [ "$status" -eq 0 ]
}

run "$MEWS" --store "$work/mews.db" export --as scap -o "$work/corpus.scap"
expect "the corpus is written as a capture" [ "$status" -eq 0 ]
same "the corpus says the same to mews and to Falco" fields "$work/corpus.scap"
if [ -n "${SCAP_CAPTURES-}" ]; then
	same "each of SCAP_CAPTURES says the same to mews and to Falco" fields "$SCAP_CAPTURES"/*.scap
else
	skip "SCAP_CAPTURES names no folder of public captures"
fi

run "$MEWS" --store "$work/mews.db" generate falco -o "$work/packs"
expect "packs are written" [ "$status" -eq 0 ]
"$MEWS" --store "$work/mews.db" replay -r scap --as falco --alerts -f json "$work/corpus.scap" >"$work/replay.json" 2>/dev/null
for pack in "$work"/packs/falco/*/mews_rules.yaml; do
	organization=$(basename "$(dirname "$pack")")
	[ "$organization" != plain ] || continue
	same "the pack of $organization alerts in Falco as in mews" alerts "$work/corpus.scap" "$pack" "$work/replay.json" "$organization"
done
finish
