#!/usr/bin/env bash
# The shipped catalog's pages (docs/catalog) and README.md's table are what `make docs` writes today, and their links lead
# somewhere; the catalog owes nothing (mews check --strict).
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

run "$MEWS" check --strict
grep -E 'error:' "$work/err"
expect "mews check --strict: each detection has techniques, surface, references, false positives, and tests of both kinds" test "$status" -eq 0

if [ ! -e docs/catalog/README.md ]; then
	skip "docs/catalog is not there: make docs writes it"
	finish
fi
day=$(grep -oE 'as of [0-9-]{10}' docs/catalog/README.md | grep -oE '[0-9-]{10}')
run "$MEWS" --store "$work/mews.db" replay --as-of "$day" --format json
expect "the corpus is replayed" test "$status" -eq 0
run "$MEWS" --store "$work/mews.db" docs -o docs/catalog --gaps README.md --check
[ "$status" -eq 0 ] || { head -20 "$work/out"; echo "   make docs writes them again"; }
expect "docs/catalog and README.md's table are current (make docs)" test "$status" -eq 0

# Links within the pages, each once.
sed -E "/^ *\`\`\`/,/^ *\`\`\`/d; s/\`[^\`]*\`//g; /^    /d" docs/catalog/*.md | grep -ohE "\]\([^)]+\)" | sed "s/^](//;s/)$//;s/#.*//" | grep -Ev "^[a-z]+:" | sort -u >"$work/links"
broken=0
while IFS= read -r link; do
	[ -e "docs/catalog/$link" ] || { echo "   docs/catalog: $link is not there"; broken=$((broken + 1)); }
done <"$work/links"
expect "all $(wc -l <"$work/links") links of docs/catalog lead somewhere" test "$broken" -eq 0
expect "no page is longer than 100 KB" test "$(find docs/catalog -size +100k | wc -l)" -eq 0
finish
