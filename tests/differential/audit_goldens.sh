#!/usr/bin/env bash
# What go-libaudit says of the same records and events: every golden file of its auparse and aucoalesce tests, value by
# value. Values that stand there in other words are told by tables in audit_goldens.py, with the reasons.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh
others=${MEWS_CORPORA:-../shared/corpora}/audit-go-libaudit

if ! command -v python3 >/dev/null; then
	skip "python3"
	finish
fi
if [ ! -d "$others" ]; then
	skip "third-party goldens ($others)"
	finish
fi
run python3 tests/differential/audit_goldens.py "$BUILD/tests/differential/audit_fields" "$MEWS" "$others"
expect "the goldens can be compared" test "$status" -eq 0
cp "$work/out" "$work/table"
while IFS=$'\t' read -r verdict name; do
	expect "$name" test "$verdict" = ok
done < <(grep -P '^(ok|FAILED)\t' "$work/table")
grep -P '^\t' "$work/table" | head -n 20
tail -n 1 "$work/table" | sed 's/^compared\t/goldens: /'
finish
