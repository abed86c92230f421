#!/usr/bin/env bash
# What Sigma reads otherwise than one thinks, what public rules must be like, and conditions over several events: a catalog
# made for that (tests/golden/sigma), and the packs it gives, byte by byte. UPDATE=1 writes the expected packs anew.
set -u
. tests/lib.sh
day=2026-11-23
here=tests/golden/sigma
"$here/make.sh" "$work/catalog"
generate() { # folder options…
	local folder=$1
	shift
	(cd "$work" && "$mews" --catalog catalog --store mews.db generate sigma --as-of "$day" -o "$folder" "$@")
}
mews=$(readlink -f "$MEWS")
run generate packs
expect "the packs are written" [ "$status" -eq 0 ]
run generate exact --exact-case --org plain
expect "the pack that tells case apart is written" [ "$status" -eq 0 ]
mv "$work/exact/sigma/plain" "$work/packs/sigma/plain-exact-case"
# A pack is told apart by its catalog: the revision changes with every line of rulesets/, the rules do not.
find "$work/packs" -type f -exec sed -i -E 's/from catalog [0-9a-f]{12}/from catalog REVISION/;
	s/catalog revision: [0-9a-f]+/catalog revision: REVISION/; s/"catalog_revision": "[0-9a-f]+"/"catalog_revision": "REVISION"/' {} +
if [ "${UPDATE:-}" = 1 ]; then
	rm -rf "$here/packs"
	cp -R "$work/packs/sigma" "$here/packs"
fi
for pack in "$work"/packs/sigma/*; do
	name=$(basename "$pack")
	run diff -r "$here/packs/$name" "$pack"
	expect "the pack $name is as expected (else: UPDATE=1 $0)" [ "$status" -eq 0 ]
done
rule() { # file: its detection section
	sed -n '/^detection:/,/^falsepositives:/p' "$work/packs/sigma/plain/rules/$1"
}
lacks() { # file text: no line of the file's detection holds the text
	! rule "$1" | grep -qF -e "$2"
}
has() { # file text
	rule "$1" | grep -qF -e "$2"
}
. "$here/expect.sh"
# What the packs claim, held against their text: over the corpora, and events that were made for these conditions.
run "$MEWS" --catalog "$work/catalog" --store "$work/mews.db" verify sigma --org plain --org acme
expect "no claim of these packs is wrong" [ "$status" -eq 0 ]
finish
