#!/usr/bin/env bash
# Falco's rules in and out: what is read becomes a catalog that passes its own tests, is written as a pack, and is read again.
# Falco's own three files are tried where they are at hand (../shared/rules/falco, or FALCO_RULES).
set -u
. tests/lib.sh
there=${FALCO_RULES:-../shared/rules/falco}

count() { # key of the import's account in $work/out
	jq ".$1" "$work/out"
}

# files… → $work/NAME: import, check, generate, and import of what was made
round_trip() { # name, least share of rules taken in percent, files…
	local name=$1 least=$2
	shift 2
	run "$MEWS" --catalog rulesets --store "$work/$name.db" import falco "$@" -o "$work/$name" --format json
	expect "$name: imports" [ "$status" -le 1 ]
	expect "$name: $least % are taken" [ $(((100 * ($(count taken) + $(count noted))) / ($(count taken) + $(count noted) + $(count refused)))) -ge "$least" ]
	run "$MEWS" --catalog "$work/$name" --store "$work/$name.db" check
	expect "$name: the catalog passes its tests" [ "$status" -eq 0 ]
	run "$MEWS" --catalog "$work/$name" --store "$work/$name.db" generate falco --org plain -o "$work/$name.packs"
	expect "$name: a pack is written" [ "$status" -eq 0 ]
	run "$MEWS" --catalog rulesets --store "$work/$name.db" import falco "$work/$name.packs/falco/plain/mews_rules.yaml" -o "$work/$name.again" --format json
	expect "$name: our own pack is taken whole" [ "$(count refused)" -eq 0 ]
}

# Conditions of a catalog's detections as lines.
conditions() {
	cat "$1"/detections/*.yaml | tr -s ' \n' ' ' | grep -oE '(process|file|network|container|driver) where [^|]*' | sort -u
}

round_trip traps 100 tests/cases/falco_traps.yaml
for detection in within-quotes nested pasted; do
	expect "traps: $detection is the same again" cmp \
		<(sed -n '/^conditions:/,/^tests:/p' "$work/traps/detections/$detection.yaml") \
		<(sed -n '/^conditions:/,/^tests:/p' "$work/traps.again/detections/$detection"-condition.yaml)
done
run timeout 120 "$MEWS" --catalog "$work/traps" --store "$work/traps.db" verify falco --org plain --made-only
expect "traps: the pack means what the detections mean" [ "$status" -eq 0 ]

if [ -f "$there/falco_rules.yaml" ]; then
	for file in falco_rules falco-incubating_rules falco-sandbox_rules; do
		run "$MEWS" --catalog rulesets --store "$work/one.db" import falco "$there/$file.yaml" --format json
		expect "$file: at most one rule is refused" [ "$(count refused)" -le 1 ]
	done
	round_trip falco 97 "$there/falco_rules.yaml" "$there/falco-incubating_rules.yaml" "$there/falco-sandbox_rules.yaml"
else
	skip "Falco's rule files are not in $there"
fi
finish
