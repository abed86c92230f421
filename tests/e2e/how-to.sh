#!/usr/bin/env bash
# docs/how-to/*.md do what they say: of each page the `sh` blocks run in one shell, in order, and every line of its `text`
# blocks is among what they printed.
set -u
. tests/lib.sh
for tool in jq zstdcat; do
	if ! command -v "$tool" >/dev/null; then
		skip "$tool is missing: the how-to pages were not followed"
		finish
	fi
done
blocks() { # language page
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' "$2"
}
for page in docs/how-to/*.md; do
	tree=$work/${page##*/}
	mkdir -p "$tree/build"
	cp "$MEWS" "$tree/build/mews"
	cp -r rulesets "$tree/"
	ln -s "$(realpath corpus)" "$tree/corpus"
	blocks sh "$page" >"$work/commands"
	expect "$page has commands" [ "$(wc -l <"$work/commands")" -gt 4 ]
	(cd "$tree" && run bash -e "$work/commands" && exit "$status")
	expect "$page: every command works" [ $? -eq 0 ]
	while IFS= read -r line; do
		expect "$page prints: $line" grep -Fxq -- "$line" "$work/out"
	done < <(blocks text "$page")
done
finish
