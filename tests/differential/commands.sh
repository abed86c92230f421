#!/usr/bin/env bash
# What we find in shell text against what bash runs: scripts made by a fixed seed, with a PATH of recorders. COUNT says how
# many (default 400).
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

if ! command -v python3 >/dev/null || [ ! -x /bin/bash ]; then
	skip "python3 and /bin/bash"
	finish
fi
run python3 tests/differential/commands.py "$BUILD/tests/differential/commands" "${COUNT:-400}"
expect "bash runs what we find: $(tail -n 1 "$work/out")" test "$status" -eq 0
tail -n 1 "$work/out" | sed 's/^compared\t/commands: /'

# Attack and everyday command lines: what is refused is no shell text (keys to press, powershell).
others=${MEWS_CORPORA:-../shared/corpora}/commands
if [ -d "$others" ]; then
	for file in "$others"/*.tsv; do
		run "$MEWS" export --as ecs -r commands -o "$work/events.jsonl" "$file"
		expect "$(basename "$file") is read" test "$status" -eq 0
		sed "s|^|$(basename "$file"): |" "$work/err" | head -n 2
	done
else
	skip "third-party command lines ($others)"
fi
finish
