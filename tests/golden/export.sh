#!/usr/bin/env bash
# What mews export writes, byte by byte: a recorded episode, as a file and as a corpus. UPDATE=1 writes the expected files
# again: read the difference before committing it.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
here=tests/golden/export

compare() { # file: expected, and made in $work
	if [ "${UPDATE:-}" = 1 ]; then
		mkdir -p "$here"
		cp "$work/$1" "$here/$1"
	fi
	expect "$1: as expected" diff -u "$here/$1" "$work/$1"
}

# Of the episode: its first events, and those of two facets.
some() { # file
	head -n 3 "$1"
	grep -m 4 '"facets": 2' "$1"
}

run "$MEWS" --store "$work/mews.db" export --as ecs -o "$work/all.jsonl" corpus/container-attacks-develop/events/docker-socket-mount.log.zst
expect "ecs: exit status 0" test "$status" -eq 0
some "$work/all.jsonl" >"$work/ecs.jsonl"
compare ecs.jsonl
sed -E 's/^[0-9]+ events/N events/; s/[0-9]+ written,/N written,/' "$work/out" >"$work/account.txt"
compare account.txt

run "$MEWS" --store "$work/mews.db" export --as ecs -o "$work/out-of-it/" corpus/everyday-develop
expect "a corpus: exit status 0" test "$status" -eq 0
cp "$work/out-of-it/everyday-develop/corpus.yaml" "$work/corpus.yaml"
compare corpus.yaml

finish
