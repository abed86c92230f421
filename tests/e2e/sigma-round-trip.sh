#!/usr/bin/env bash
# Real Sigma rules: taken in, written again, taken in again. What was taken exactly must come back with the same conditions,
# and nearly all must be taken. SIGMA_RULES names folders of rules (default: ../shared/rules/sigma-*).
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
if [ -n "${SIGMA_RULES:-}" ]; then
	read -r -a folders <<<"$SIGMA_RULES"
else
	folders=()
	for folder in ../shared/rules/sigma-linux ../shared/rules/sigma-kubernetes; do
		[ ! -d "$folder" ] || folders+=("$folder")
	done
fi
if [ ${#folders[@]} -eq 0 ]; then
	skip "no Sigma rules are there: SIGMA_RULES names folders"
	finish
fi

run "$MEWS" --catalog rulesets import sigma "${folders[@]}" -o "$work/first" --format json
expect "the rules are read" test "$status" -lt 2
cp "$work/out" "$work/account.json"
expect "at least 98 of 100 are taken" jq -e '(.taken + .noted) / (.taken + .noted + .refused) >= 0.98' "$work/account.json"
expect "each that is refused says why" jq -e '[.items[] | select(.taken == "refused" and (.notes | length == 0))] == []' "$work/account.json"
run "$MEWS" --catalog "$work/first" check
expect "the catalog that was made is valid and passes its tests" test "$status" -eq 0
run "$MEWS" --catalog "$work/first" --store "$work/mews.db" generate sigma --exact-case --org plain -o "$work/packs"
expect "it is written as Sigma rules again" test "$status" -eq 0
run "$MEWS" --catalog rulesets import sigma "$work/packs/sigma/plain/rules" -o "$work/second"
expect "they are read again" test "$status" -lt 2
if command -v python3 >/dev/null; then
	# Two rules on whatever the API is asked (by its answer, by its client): the ways in which containers come about are written
	# as alternatives, and read again as acts of the API as well.
	run python3 tests/e2e/round_trip.py "$work/first" "$work/second" 0d933542-1f1f-420d-97d4-21b2c3c492d9 597a7e84-187d-458b-9e4f-2f5a0e676711
	expect "every condition came back the same" test "$status" -eq 0
	tail -n 1 "$work/out"
else
	skip "python3, which compares conditions"
fi
finish
