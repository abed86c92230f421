#!/usr/bin/env bash
# docs/your-logs.md does what it says: its `sh` blocks run in one shell, in order, and every line of its `text` blocks is
# among what they printed.
set -u
. tests/lib.sh
blocks() { # language
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' docs/your-logs.md
}
for tool in jq zstd; do
	command -v "$tool" >/dev/null || { skip "$tool is missing: the page was not followed"; finish; }
done
mkdir -p "$work/tree/build"
cp "$MEWS" "$work/tree/build/mews"
ln -s "$(realpath rulesets)" "$work/tree/rulesets"
ln -s "$(realpath corpus)" "$work/tree/corpus"
blocks sh >"$work/commands"
expect "the page has commands" [ "$(wc -l <"$work/commands")" -gt 40 ]
export USER=${USER:-somebody}
(cd "$work/tree" && run bash -e "$work/commands" && exit "$status")
expect "every command of the page works" [ $? -eq 0 ]
while IFS= read -r line; do
	expect "it prints: $line" grep -Fxq -- "$line" "$work/out" "$work/err"
done < <(blocks text)
expect "nothing is warned of" [ "$(grep -c 'warning:' "$work/err")" -eq 0 ]
finish
