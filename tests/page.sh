# page: follows a page of docs/ as its reader would. Source it after tests/lib.sh.
#
#   follow PAGE     what it needs is there: runs its `sh` blocks in one shell, in order, in a tree that looks like a checkout after
#                   `make`; every line of its `text` blocks is among what they printed ($work/out, $work/err)
# A block `text like` shows figures that each new detection or recording changes: there digits are not compared.
# shellcheck shell=bash
page_blocks() { # language page
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' "$2"
}

page_tree() { # page: the checkout
	local tree=$work/tree-${1##*/}
	mkdir -p "$tree/build" "$tree/docs"
	cp -r docs/examples "$tree/docs/"
	cp "$MEWS" "$tree/build/mews"
	cp -r rulesets "$tree/"
	ln -s "$(realpath corpus)" "$tree/corpus"
	echo "$tree"
}

# What is printed is compared without the widths of columns, which depend on the longest name and the largest figure.
page_words() { sed -E 's/ +/ /g'; }
page_shape() { sed -E 's/[0-9]+/0/g' | page_words; }

follow() { # page
	local page=$1 tree line
	tree=$(page_tree "$page")
	page_blocks sh "$page" >"$work/commands"
	expect "$page has commands" [ "$(wc -l <"$work/commands")" -gt 4 ]
	(cd "$tree" && run bash -e "$work/commands" && exit "$status")
	expect "$page: every command works" [ $? -eq 0 ]
	page_words <"$work/out" >"$work/words"
	page_words <"$work/err" >>"$work/words"
	page_shape <"$work/out" >"$work/shapes"
	while IFS= read -r line; do
		expect "$page prints: $line" grep -Fxq -- "$line" "$work/words"
	done < <(page_blocks text "$page" | page_words)
	while IFS= read -r line; do
		expect "$page prints like: $line" grep -Fxq -- "$line" "$work/shapes"
	done < <(page_blocks 'text like' "$page" | page_shape)
	rm -rf "$tree"
}
