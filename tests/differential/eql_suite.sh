#!/usr/bin/env bash
# Asks the queries of a public EQL test suite (github.com/endgameinc/eql, eql/etc/) over its events: the ids must be those
# that the suite expects, apart from the differences that eql_suite.py lists with their reasons. EQL_SUITE names a
# checkout, or a folder with test_queries.toml and test_data.json.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
BUILD=${BUILD:-build}

folder=${EQL_SUITE:-}
[ -z "$folder" ] || [ ! -d "$folder/eql/etc" ] || folder=$folder/eql/etc
if [ -z "$folder" ]; then
	skip "EQL_SUITE names no checkout of endgameinc/eql"
	finish
elif [ ! -f "$folder/test_queries.toml" ] || [ ! -f "$folder/test_data.json" ]; then
	skip "$folder has no test_queries.toml and test_data.json"
	finish
elif ! python3 -c 'import tomllib' 2>/dev/null; then
	skip "python3 with tomllib (3.11 or later)"
	finish
fi
exec python3 tests/differential/eql_suite.py "$folder/test_queries.toml" "$folder/test_data.json" \
	"$BUILD/tests/differential/eql_suite"
