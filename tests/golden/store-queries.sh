#!/usr/bin/env bash
# Every query of docs/store.md runs on a store with two runs of the shipped catalog, and those that must find something do.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
command -v sqlite3 >/dev/null || { skip "sqlite3 is not there: the queries of docs/store.md were not tried"; finish; }

run "$MEWS" --store "$work/mews.db" replay enriched-develop everyday-holdout
expect "a first run" test "$status" -eq 0
"$MEWS" --store "$work/mews.db" reference set >/dev/null
run "$MEWS" --store "$work/mews.db" replay enriched-develop everyday-holdout
expect "a second run" test "$status" -eq 0

# One file a query; what stands in the text about an id is one of this store.
awk -v to="$work" '/^```sql$/ { n++; file = sprintf("%s/query%02d.sql", to, n); next } /^```$/ { file = "" } file { print > file }' docs/store.md
count=0
for query in "$work"/query*.sql; do
	count=$((count + 1))
	run sqlite3 -bail "$work/mews.db" <"$query"
	status=0
	sqlite3 -bail "$work/mews.db" <"$query" >"$work/out" 2>"$work/err" || status=$?
	expect "query $count of docs/store.md: $(head -n 1 "$query")" test "$status" -eq 0
	if grep -q '^-- finds something$' "$query"; then
		expect "query $count finds something" test -s "$work/out"
	fi
done
expect "there are queries" test "$count" -ge 12
finish
