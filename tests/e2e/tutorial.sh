#!/usr/bin/env bash
# docs/tutorial.md does what it says: its `sh` blocks run in one shell, in order, and every line of its `text`
# blocks is among what they printed.
set -u
. tests/lib.sh
blocks() { # language
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' docs/tutorial.md
}

for tool in jq git; do
	if ! command -v $tool >/dev/null; then
		skip "$tool is missing: the tutorial was not followed"
		finish
	fi
done
mkdir -p "$work/tree/build" "$work/tree/docs"
cp -r docs/examples "$work/tree/docs/"
cp "$MEWS" "$work/tree/build/mews"
cp -r rulesets "$work/tree/"
ln -s "$(realpath corpus)" "$work/tree/corpus"
blocks sh >"$work/commands"
expect "the tutorial has commands" [ "$(wc -l <"$work/commands")" -gt 20 ]
(cd "$work/tree" && run bash -e "$work/commands" && exit "$status")
expect "every command of the tutorial works" [ $? -eq 0 ]
while IFS= read -r line; do
	expect "it prints: $line" grep -Fxq -- "$line" "$work/out"
done < <(blocks text)
expect "nothing is warned of" [ "$(grep -c 'warning\|error' "$work/err")" -eq 0 ]
finish
