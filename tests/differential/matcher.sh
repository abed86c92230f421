#!/usr/bin/env bash
# The engine beside the plain evaluator on random catalogs and events near them (tests/differential/matcher.c), on the shipped
# catalog, and on public rules where they are there. MATCHER_PAIRS: how many (condition, event) pairs at least (default:
# 1200000; 12000000 is the whole comparison), MATCHER_SEED: others.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
program=${BUILD:-build}/tests/differential/matcher

catalogs=(rulesets)
take_in() { # format path…
	if [ -d "${2%/*}" ]; then
		run "$MEWS" --store "$work/taken.db" import "$1" "${@:2}" -o "$work/$1"
		expect "public $1 rules are taken in" test -d "$work/$1/detections"
		catalogs+=("$work/$1")
	else
		skip "public $1 rules (${2%/*})"
	fi
}
take_in sigma ../shared/rules/sigma-linux ../shared/rules/sigma-kubernetes
take_in falco ../shared/rules/falco

run "$program" -w -n 1000 rulesets
expect "a wrong answer is found" test "$status" -eq 1
run "$program" -n "${MATCHER_PAIRS:-1200000}" -s "${MATCHER_SEED:-1}" "${catalogs[@]}"
expect "the engine says what the plain evaluator says" test "$status" -eq 0
cat "$work/out"
# An exception on event.action held once where it does not, since it was taken as known for a partition of several actions.
run "$program" -n 1 -s 5013 rulesets
expect "… also of a registered condition on the action (a seed that found one)" test "$status" -eq 0
finish
