#!/usr/bin/env bash
# rulesets/packs is what the generator makes of the shipped catalog: a change of a detection shows in the
# diff of every rule that it changes. The plain packs stand there, without an organization's baseline: each further
# organization would repeat some 15 MB of rules, and is one command away. UPDATE=1 writes the packs anew.
set -u
. tests/lib.sh
day=2026-11-23 # exceptions expire; the packs are those of this day
packs=rulesets/packs
run "$MEWS" --catalog rulesets --store "$work/mews.db" generate all --as-of "$day" -o "$work/packs"
expect "the packs are written" [ "$status" -eq 0 ]
find "$work/packs" -mindepth 2 -maxdepth 2 -type d ! -name plain -exec rm -rf {} +
if [ "${UPDATE:-}" = 1 ]; then
	rm -rf "$packs"
	cp -r "$work/packs" "$packs"
fi
run diff -r "$packs" "$work/packs"
expect "rulesets/packs is up to date (else: UPDATE=1 $0)" [ "$status" -eq 0 ]
finish
