#!/usr/bin/env bash
# docs/tutorial.md does what it says: its `sh` blocks run in one shell, in order, and every line of its `text`
# blocks is among what they printed.
set -u
. tests/lib.sh
. tests/page.sh
for tool in jq git; do
	if ! command -v $tool >/dev/null; then
		skip "$tool is missing: the tutorial was not followed"
		finish
	fi
done
follow docs/tutorial.md
expect "nothing is warned of" [ "$(grep -c 'warning\|error' "$work/err")" -eq 0 ]
finish
