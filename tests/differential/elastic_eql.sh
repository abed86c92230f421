#!/usr/bin/env bash
# Every query that is written for Elastic is JSON in a line, and is EQL for the reference implementation (Python's package
# eql; EQL_PYTHON names an interpreter that has it). -I keeps our eql_suite.py from being taken for an extension of it.
set -u
. tests/lib.sh
python=${EQL_PYTHON:-python3}
run "$MEWS" --catalog rulesets --store "$work/mews.db" generate elastic --as-of 2026-11-23 -o "$work/packs"
expect "packs are written" [ "$status" -eq 0 ]
run "$MEWS" --catalog tests/golden/generator/catalog --store "$work/golden.db" generate elastic --org plain --org acme --as-of 2026-11-23 -o "$work/golden"
expect "packs of the golden catalog are written" [ "$status" -eq 0 ]
mapfile -t files < <(find "$work/packs" "$work/golden" -name mews_rules.ndjson | sort)
if command -v jq >/dev/null; then
	for file in "${files[@]}"; do
		run jq -es 'all(.rule_id and .query and .type == "eql" and (.index | length) > 0)' "$file"
		expect "$(basename "$(dirname "$file")"): every line is a rule" [ "$status" -eq 0 ]
	done
else
	skip "rules as JSON: jq is not there"
fi
if "$python" -c 'import eql' 2>/dev/null; then
	run "$python" -I tests/differential/elastic_eql.py "${files[@]}"
	expect "the reference implementation reads every query" [ "$status" -eq 0 ]
	cat "$work/out"
else
	skip "queries in the reference implementation: Python has no package eql (EQL_PYTHON names another)"
fi
finish
