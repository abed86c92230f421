#!/usr/bin/env bash
# The reports of a small corpus, byte by byte: table, wide table, table and JSON with alerts, CSV, JUnit, SARIF, Markdown,
# Navigator; and that the store and the report say the same. UPDATE=1 writes the expected files again: read the difference before committing it.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
here=tests/golden/report

mkdir -p "$work/catalog"
cp -r rulesets/fields.yaml rulesets/dialects "$here/catalog/." "$work/catalog/"

replay() { # arguments…
	run "$MEWS" --catalog "$work/catalog" --store "$work/mews.db" replay --as-of 2026-06-01 --org shop --org farm "$@"
}

# What differs from one catalog of fields to the next, or from one run to the next.
neutral() {
	sed -E -e 's/catalog [0-9a-f]{12}/catalog REVISION/' -e 's/"(revision|corpus)": "[0-9a-f]{64}"/"\1": "HASH"/g' \
		-e 's/"run": [0-9]+/"run": 0/' -e 's@mews/detections/[0-9]+@mews/detections/0@' -e 's/catalog `[0-9a-f]{12}`/catalog `REVISION`/' \
		-e 's/("(catalog|revision|corpus)", "value": |"(revision|corpus)" value=)"[0-9a-f]{64}"/\1"HASH"/' \
		-e 's/ time="[0-9.]+"/ time="0"/' -e "s@(file://)?$work/catalog@CATALOG@g"
}

compare() { # file arguments…: the small corpus's report
	local file=$1
	shift
	replay "$here/corpus" "$@"
	expect "$file: exit status 0" test "$status" -eq 0
	neutral <"$work/out" >"$work/$file"
	if [ "${UPDATE:-}" = 1 ]; then
		cp "$work/$file" "$here/$file"
	fi
	expect "$file: as expected" diff -u "$here/$file" "$work/$file"
}

compare table.txt --format table
compare wide.txt --format table --wide
compare report.json --format json --alerts
compare report.csv --format csv
compare alerts.csv --format csv --alerts
compare alerts.txt --alerts
compare junit.xml --format junit
compare report.sarif --format sarif
compare comment.md --format markdown
compare layers.json --format navigator
# A run of yesterday says the same (mews report), save the time that it took.
compared() { # format arguments…
	local format=$1
	shift
	replay "$here/corpus" --format "$format" "$@"
	neutral <"$work/out" >"$work/live"
	run "$MEWS" --catalog "$work/catalog" --store "$work/mews.db" report latest --format "$format" "$@"
	expect "$format of the stored run: exit status 0" test "$status" -eq 0
	neutral <"$work/out" >"$work/stored"
	expect "$format: the stored run gives the same bytes" diff -u "$work/live" "$work/stored"
}
for format in table json csv junit sarif markdown navigator; do
	compared "$format"
done
compared csv --alerts
compared junit --alerts
run "$MEWS" --catalog "$work/catalog" --store "$work/mews.db" list coverage
[ "${UPDATE:-}" != 1 ] || cp "$work/out" "$here/coverage.txt"
expect "list coverage: techniques by what the newest run measured" diff -u "$here/coverage.txt" "$work/out"
expect "no line is wider than 80" test "$(cat "$work/table.txt" "$work/alerts.txt" | wc -L)" -le 80

replay "$here/corpus" --format html
expect "html: exit status 0" test "$status" -eq 0
expect "html: begins as a page" grep -q '^<!DOCTYPE html>' "$work/out"

# Half of the lines are no JSON: the account is shown, and the run fails and is not kept.
replay "$here/torn"
expect "torn: exit status 2" test "$status" -eq 2
expect "torn: the place" grep -q 'torn/events.jsonl:2: error: 1 of 2 lines of torn were rejected' "$work/err"
expect "torn: the account" grep -Eq '^torn +develop +2 +1 +0 +0 +1 ' "$work/out"
replay "$here/corpus/nowhere"
expect "no dataset: exit status 2" test "$status" -eq 2

if command -v sqlite3 >/dev/null; then
	expect "each run is stored once" test "$(sqlite3 "$work/mews.db" "SELECT count(*) FROM run WHERE finished IS NOT NULL")" -eq 20
	stored=$(sqlite3 "$work/mews.db" "SELECT sum(tp), sum(btp), sum(fp), sum(fn) FROM measure WHERE run = 1 AND use = 'hold-out'")
	expect "the store has the headline's counts" test "$stored" = "$(jq -r \
		'.results | [(map(.tp)|add), (map(.btp)|add), (map(.fp)|add), (map(.fn)|add)] | map(tostring) | join("|")' \
		"$here/report.json")"
	stored=$(sqlite3 "$work/mews.db" "SELECT count(*) FROM alert WHERE run = 1")
	expect "the store has every alert" test "$stored" = "$(grep -c '"entity"' "$here/report.json")"
	stored=$(sqlite3 "$work/mews.db" "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND tbl_name LIKE 'alert_%' AND sql IS NOT NULL")
	expect "the alerts' indexes stand" test "$stored" -eq 3
else
	skip "sqlite3 is not there: the store's rows were not compared"
fi
finish
