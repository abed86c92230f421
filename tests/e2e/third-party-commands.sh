#!/usr/bin/env bash
# Command lines of others (../shared/corpora/commands, or CORPORA) against the shipped catalog: everyday ones of tldr-pages and
# attacks of Atomic Red Team. docs/third-party.md judges every detection that alerts on the everyday ones, each alert on an
# attack that names another technique than the attack does, and says how many tests of which technique are seen; what is not on
# the page, and what the page has and no longer happens, fails. Nothing of the data is part of the project.
set -u
. tests/lib.sh
data=${CORPORA:-../shared/corpora}/commands
if [ ! -d "$data" ]; then
	skip "third-party data: no folder $data"
	finish
fi
run python3 tests/e2e/third_party_commands.py "$data" "$MEWS" "$work" docs/third-party.md
expect "the command lines are replayed" [ "$status" -eq 0 ]
while read -r word what; do
	expect "$what" [ "$word" = ok ]
done < <(grep -E '^(ok|missing) ' "$work/out")
grep -vE '^(ok|missing) ' "$work/out"
finish
