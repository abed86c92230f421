#!/usr/bin/env bash
# docs/tutorial.md does what it says: its `sh` blocks run in one shell, in order, and every line of its `text`
# blocks is among what they printed. Links in the documents lead to files.
set -u
. tests/lib.sh
blocks() { # language
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' docs/tutorial.md
}

for page in README.md CONTRIBUTING.md docs/*.md; do
	while read -r link; do
		expect "$page: $link is there" [ -e "$(dirname "$page")/$link" ]
	done < <(grep -oE '\]\([^)#:]+' "$page" | cut -c 3- | sort -u)
done

if ! command -v jq >/dev/null; then
	skip "jq is missing: the tutorial was not followed"
	finish
fi
mkdir -p "$work/tree/build"
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
