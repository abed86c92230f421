#!/usr/bin/env bash
# The real Falco replays captures, where a developer has one: FALCO names the program, FALCO_CONTAINER the container
# plugin's library. Its values of each event are mews' own (also of the captures in SCAP_CAPTURES), and the packs alert on
# the events of the corpus that `mews replay --as falco` names. Dataset by dataset; of a long one only the beginning
# (FALCO_MOST bytes of its capture) with the pack of one organization, in turn. FULL=1 takes all of all. DATASETS names some.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
helper=${BUILD:-build}/tests/differential/scap
most=${FALCO_MOST:-3000000}

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

run "$MEWS" --store "$work/mews.db" generate falco -o "$work/packs"
expect "packs are written" [ "$status" -eq 0 ]
organizations=()
for pack in "$work"/packs/falco/*/; do
	[ "$(basename "$pack")" = plain ] || organizations+=("$(basename "$pack")")
done
expect "there are organizations" [ ${#organizations[@]} -gt 0 ]

one() { # dataset organization…
	local dataset=$1 capture=$work/$1.scap organization
	shift
	"$MEWS" --store "$work/$dataset.db" replay -r scap --as falco --alerts -f json "$capture" >"$work/replay.json" 2>/dev/null
	for organization in "$@"; do
		same "$dataset: the pack of $organization alerts in Falco as in mews" alerts "$capture" \
			"$work/packs/falco/$organization/mews_rules.yaml" "$work/replay.json" "$organization"
	done
}

# What a dataset without system calls makes of a capture: its head, and no more.
head_only=400
turn=0 compared=0
for folder in corpus/*/corpus.yaml; do
	dataset=$(basename "$(dirname "$folder")")
	case " ${DATASETS:-$dataset} " in
	*" $dataset "*) ;;
	*) continue ;;
	esac
	capture=$work/$dataset.scap
	run "$MEWS" --store "$work/mews.db" export --as scap -o "$capture" "$dataset"
	expect "$dataset is written as a capture" [ "$status" -eq 0 ]
	if [ "$(wc -c <"$capture")" -le $head_only ]; then
		echo "$dataset: no system calls"
		continue
	fi
	if [ "${FULL:-}" != 1 ] && [ "$(wc -c <"$capture")" -gt "$most" ]; then
		echo "$dataset: cut, $(python3 tests/differential/falco_replay.py cut "$capture" "$most") (FULL=1: all)"
	fi
	same "$dataset says the same to mews and to Falco" fields "$capture"
	if [ "${FULL:-}" = 1 ]; then
		one "$dataset" "${organizations[@]}"
	else
		one "$dataset" "${organizations[turn++ % ${#organizations[@]}]}"
	fi
	compared=$((compared + 1))
	rm -f "$work/$dataset".*
done
expect "datasets were compared" [ "$compared" -gt 0 ]

if [ -n "${SCAP_CAPTURES-}" ]; then
	same "each of SCAP_CAPTURES says the same to mews and to Falco" fields "$SCAP_CAPTURES"/*.scap
else
	skip "SCAP_CAPTURES names no folder of public captures"
fi
finish
