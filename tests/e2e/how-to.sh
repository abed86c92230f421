#!/usr/bin/env bash
# docs/how-to/*.md do what they say: of each page that names this test the `sh` blocks run in one shell, in order, and every line
# of its `text` blocks is among what they printed. The others show forms, with names to be put in.
set -u
. tests/lib.sh
. tests/page.sh
for tool in jq zstdcat; do
	if ! command -v "$tool" >/dev/null; then
		skip "$tool is missing: the how-to pages were not followed"
		finish
	fi
done
expect "most pages can be followed" [ "$(grep -l tests/e2e/how-to.sh docs/how-to/*.md | wc -l)" -ge 4 ]
for page in docs/how-to/*.md; do
	! grep -q tests/e2e/how-to.sh "$page" || follow "$page"
done
finish
