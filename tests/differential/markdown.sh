#!/usr/bin/env bash
# Escaping for Markdown: random texts of all that means something there, through mews and then through two renderers, GitHub's
# own (cmark-gfm) and markdown-it: every text comes out as it went in, in a cell of its own, and nothing else does.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/report-tools.sh
. tests/report-tools.sh
helper=${BUILD:-build}/tests/differential/markdown
if [ ! -x "$helper" ] || ! report_tools; then
	skip "the helper is not built, or cmarkgfm and markdown-it-py could not be installed"
	finish
fi
"$python" tests/differential/markdown.py "$helper" 6000 "${SEED:-1}" >"$work/out" 2>&1
cat "$work/out"
