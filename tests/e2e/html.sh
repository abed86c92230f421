#!/usr/bin/env bash
# The HTML page as people meet it: a validator, and in Chromium axe-core (light and dark, wide and narrow, with and without
# scripts), sorting, filtering, the keyboard, copying, printing; no request, no complaint. The pages are that of the shipped catalog
# over a part of the corpus (FULL=1: all of it; golden/stored-report.sh sees to the size of that one) and those that the unit tests
# make (tests/unit/pages.h). SCREENSHOTS=FOLDER leaves pictures there.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
build=${BUILD:-build}
tools=$build/html-tools
pages=$work/pages
mkdir -p "$pages" "$work/profile"

part=()
if [ "${FULL:-}" != 1 ]; then # what is held out but hosts' hours, and one to develop with: attacks of every kind, ordinary work, manifests
	for dataset in corpus/*-holdout corpus/container-attacks-develop; do
		[[ $dataset == corpus/hosts-* ]] || part+=("$dataset")
	done
fi
echo "of the corpus: ${#part[@]} datasets (FULL=1 takes all)"
run "$MEWS" --store "$work/mews.db" replay --html "$pages/report.html" "${part[@]}"
expect "the corpus's page" test "$status" -eq 0 -a -s "$pages/report.html"
if [ -x "$build/unit" ]; then
	run env MEWS_PAGES="$pages" "$build/unit" html
	expect "the made pages" test "$status" -eq 0
else
	skip "$build/unit is not built: the made pages were not looked at"
fi
for name in "$pages"/*.html; do
	expect "${name##*/} is below 1 MB" test "$(wc -c <"$name")" -lt 1000000
done
rm -f "$pages/huge.html" "$pages/half.html" "$pages/policy.html" # those of others again: more rows, no rows

# --- test tools, pinned; installed once
install_tools() {
	[ ! -e "$tools/installed-1" ] || return 0
	rm -rf "$tools"
	mkdir -p "$tools" || return 1
	(cd "$tools" && echo '{"private": true}' >package.json &&
		timeout 120 npm install --no-audit --no-fund --ignore-scripts --loglevel=error playwright-core@1.65.1 axe-core@4.14.1 \
			vnu-jar@26.9.27 html-validate@9.7.1) >"$work/out" 2>"$work/err" && touch "$tools/installed-1"
}
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	skip "node and npm are not there: no validator, no browser"
	finish
fi
if ! install_tools; then
	skip "the test tools could not be installed by npm ($(tail -n 1 "$work/err")): no validator, no browser"
	finish
fi

valid=("$pages"/{report,beside,hostile,long,empty,silent}.html) # large.html is beside.html with more rows
# --- valid HTML. vnu does not compute hashes, and so takes the script for one that the policy forbids.
if command -v java >/dev/null; then
	run java -jar "$tools/node_modules/vnu-jar/build/dist/vnu.jar" --errors-only "${valid[@]}"
	grep -v 'Inline script violates Content Security Policy' "$work/err" >"$work/found"
	cp "$work/found" "$work/err"
	expect "vnu finds no error" test ! -s "$work/found"
else
	skip "java is not there: vnu did not look at the pages"
fi
cat >"$pages/.htmlvalidate.json" <<'END'
{"root": true, "extends": ["html-validate:recommended"],
 "rules": {"no-inline-style": "error", "long-title": "off", "no-raw-characters": "off", "valid-id": ["error", {"relaxed": true}]}}
END
run node "$tools/node_modules/html-validate/bin/html-validate.mjs" --config "$pages/.htmlvalidate.json" "${valid[@]}"
expect "html-validate finds no error" test "$status" -eq 0

# --- in a browser
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome)
if [ -z "$chromium" ]; then
	skip "chromium is not there: nothing was looked at in a browser"
	finish
fi
run timeout 500 node tests/e2e/html.mjs "$chromium" "$PWD/$tools/node_modules/axe-core/axe.min.js" "$work/profile" "$pages" "${SCREENSHOTS:-}"
expect "the browser's tests ran to their end" test "$status" -eq 0
passed=$((passed + $(grep -c '^ok ' "$work/out")))
while IFS= read -r line; do
	failed=$((failed + 1))
	echo "FAILED: ${line#not ok }"
done < <(grep '^not ok ' "$work/out" | cut -c 1-1500)
finish
