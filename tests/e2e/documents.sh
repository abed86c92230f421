#!/usr/bin/env bash
# The documents: links lead somewhere, every page is found from docs/README.md, the reference is the program's own, and
# command lines of `sh` blocks are ones that mews understands (nothing runs here; the tutorial and the how-to pages do run).
# UPDATE=1 renews the reference.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
# Pages of docs/catalog are written by the program; tests/e2e/catalog-pages.sh looks at them.
mapfile -t pages < <(find README.md CONTRIBUTING.md docs -name '*.md' -not -path 'docs/catalog/*' | sort)

anchors() { # page: its headings as GitHub links them
	sed -n '/^```/,/^```/d;s/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' | sed 's/[^[:alnum:] _-]//g;s/ /-/g'
}
for page in "${pages[@]}"; do
	while IFS= read -r link; do
		target=${link%%#*} anchor=
		[[ $link != *'#'* ]] || anchor=${link#*#}
		target=$(dirname "$page")/$target
		[[ $link != '#'* ]] || target=$page
		expect "$page: $link is there" [ -e "$target" ]
		[ -z "$anchor" ] || [ ! -f "$target" ] || expect "$page: $link has that heading" grep -Fxq -- "$anchor" <(anchors "$target")
	done < <(grep -oE '\]\([^)]+\)' "$page" | sed 's/^](//;s/)$//' | grep -Ev '^[a-z]+:' | sort -u)
done
for page in docs/*.md docs/how-to/*.md docs/reference/*.md docs/examples/*; do
	[ "$page" != docs/README.md ] || continue
	expect "$page is found from docs/README.md" grep -Fq "(${page#docs/})" docs/README.md
done

if [ -n "${UPDATE:-}" ]; then
	"$mews" help --as markdown >docs/reference/commands.md
	"$mews" help --as markdown --file all >docs/reference/files.md
fi
run "$mews" help --as markdown
expect "docs/reference/commands.md is what \`mews help --as markdown\` writes" cmp "$work/out" docs/reference/commands.md
run "$mews" help --as markdown --file all
expect "docs/reference/files.md is what \`mews help --as markdown --file all\` writes" cmp "$work/out" docs/reference/files.md

# Of each block the lines run with `mews` that only looks whether the verb and its options are there, in an empty folder and
# without any other program.
cat >"$work/look" <<'END'
mews() { [ $# -gt 0 ] && ! "$MEWS_UNDER_TEST" help --check -- "$@" 2>>"$MEWS_WRONG" && echo "  in: mews $*" >>"$MEWS_WRONG"; return 0; }
command_not_found_handle() { return 0; }
cd() { :; }
realpath() { echo .; }
build/mews() { mews "$@"; }
source "$1"
END
mkdir "$work/sandbox"
lines=0
for page in "${pages[@]}"; do
	awk '$0 == "```sh" { inside = 1; next } /^```/ { inside = 0 } inside' "$page" | sed 's/^ *PATH=.*//;s/…//g' >"$work/commands"
	[ -s "$work/commands" ] || continue
	lines=$((lines + $(grep -c '\bmews ' "$work/commands")))
	: >"$work/wrong"
	(cd "$work/sandbox" && MEWS_UNDER_TEST=$mews MEWS_WRONG=$work/wrong PATH=/nowhere run timeout 60 "$BASH" --norc "$work/look" "$work/commands")
	cp "$work/wrong" "$work/out"
	expect "$page: mews understands its command lines" [ ! -s "$work/wrong" ]
	rm -rf "$work/sandbox" && mkdir "$work/sandbox"
done
expect "there are command lines in the documents" [ "$lines" -gt 80 ]
finish
