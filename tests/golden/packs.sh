#!/bin/sh
# Packs of a small catalog that does not change, compared byte by byte. UPDATE=1 writes the expected ones anew.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mews=$(readlink -f "${MEWS:-$root/build/mews}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # away from the project file of this repository
"$mews" --catalog "$here/generator/catalog" --store "$work/mews.db" generate all --as-of 2026-11-23 -o "$work/packs" >/dev/null
if [ "${UPDATE:-0}" = 1 ]; then
	rm -rf "$here/generator/packs"
	cp -R "$work/packs" "$here/generator/packs"
fi
passed=0
failed=0
for pack in "$here"/generator/packs/*/*; do
	name=${pack#"$here"/generator/packs/}
	if diff -r "$pack" "$work/packs/$name" >"$work/diff" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "$name differs:"
		head -40 "$work/diff"
	fi
done
for pack in "$work"/packs/*/*; do
	name=${pack#"$work"/packs/}
	if [ ! -d "$here/generator/packs/$name" ]; then
		failed=$((failed + 1))
		echo "$name is new"
	fi
done
# The same input gives the same bytes, over an older pack too.
"$mews" --catalog "$here/generator/catalog" --store "$work/mews.db" generate all --as-of 2026-11-23 -o "$work/packs" >/dev/null
"$mews" --catalog "$here/generator/catalog" --store "$work/other.db" generate all --as-of 2026-11-23 -o "$work/again" >/dev/null
if diff -r "$work/packs" "$work/again" >/dev/null; then
	passed=$((passed + 1))
else
	failed=$((failed + 1))
	echo "a second run gave other bytes"
fi
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" = 0 ]
