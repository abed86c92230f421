#!/usr/bin/env bash
# Our diffs of random texts: `patch` makes the new text of the old one, and no diff changes more lines than `diff --minimal`.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

for tool in diff patch; do
	command -v "$tool" >/dev/null || { skip "$tool"; finish; }
done

cases=300
run "$BUILD/tests/differential/text_diff" "$work" 7 "$cases"
expect "the diffs are made" test "$status" -eq 0
cp "$work/out" "$work/counts"
applied=0 minimal=0 all=0
while read -r number changed; do
	all=$((all + 1))
	if [ -s "$work/$number.diff" ]; then
		patch --silent --fuzz=0 --binary -o "$work/patched" "$work/$number.a" "$work/$number.diff" >/dev/null 2>&1
	else
		cp "$work/$number.a" "$work/patched"
	fi
	if cmp -s "$work/patched" "$work/$number.b"; then
		applied=$((applied + 1))
	else
		echo "patch does not make $number.b of $number.a"
	fi
	[ "$(diff --minimal --text "$work/$number.a" "$work/$number.b" | grep -ac '^[<>]')" -ne "$changed" ] || minimal=$((minimal + 1))
done <"$work/counts"
echo "$applied of $all applied by patch, $minimal as short as diff's"
expect "as many diffs as were asked for" test "$all" -eq "$cases"
expect "patch applies every diff" test "$applied" -eq "$all"
expect "every diff is a shortest one" test "$minimal" -eq "$all"
finish
