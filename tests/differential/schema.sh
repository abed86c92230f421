#!/usr/bin/env bash
# The JSON Schemas of `mews schema`, by jsonschema (a venv in the build folder): are they schemas, are the shipped files right by
# them, and do they take and refuse what the loaders do? SCHEMA_SEED and SCHEMA_COUNT choose the random changes.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
loaders=${BUILD:-build}/tests/differential/yaml_loaders
. tests/python.sh
python_with jsonschema==4.26.0 PyYAML==6.0.2 || finish

run "$MEWS" schema -o "$work/schemas"
expect "schemas are written" [ "$status" -eq 0 ]
run "$MEWS" schema -o "$work/again"
expect "the same catalog gives the same bytes" diff -r "$work/schemas" "$work/again"
run "$MEWS" -C "$work" schema -o "$work/nameless"
expect "without a catalog there are schemas, too" [ "$status" -eq 0 ]
expect "and it is said that they know no names" grep -q "the schemas know none of its names" "$work/err"
mkdir "$work/changed"
"$python" tests/differential/schema.py "$work/schemas" "$loaders" rulesets "$work/changed" "${SCHEMA_SEED:-7}" "${SCHEMA_COUNT:-700}" \
	>"$work/out" 2>"$work/err"
line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/out")
expect "schemas and loaders are compared" [ -n "$line" ]
grep -A1 '^FAILED' "$work/out"
grep 'changes:' "$work/out"
read -r good _ bad _ <<<"${line:-0 passed, 1 failed}"
passed=$((passed + good)) failed=$((failed + bad))
finish
