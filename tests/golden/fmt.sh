#!/usr/bin/env bash
# What `mews fmt` makes of untidy files, byte by byte. UPDATE=1 renews what is expected.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
folder=tests/golden/fmt
for untidy in "$folder"/*.yaml; do
	name=$(basename "$untidy" .yaml)
	run sh -c "'$MEWS_ASAN' fmt --kind '$name' - <'$untidy'"
	expect "$name: formatted" [ "$status" -eq 0 ]
	[ -z "${UPDATE:-}" ] || cp "$work/out" "$folder/$name.expected"
	expect "$name: as expected" cmp "$work/out" "$folder/$name.expected"
	run sh -c "'$MEWS_ASAN' fmt --kind '$name' - <'$folder/$name.expected'"
	expect "$name: formatted once is formatted" cmp "$work/out" "$folder/$name.expected"
done
finish
