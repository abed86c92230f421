#!/usr/bin/env bash
# What a catalog says of itself: mews list --coverage and mews docs over the reports' small corpus, byte by byte, and mews check
# --strict. UPDATE=1 writes the expected files again: read the difference before committing it.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
here=tests/golden/pages

mkdir -p "$work/catalog"
cp -r rulesets/fields.yaml rulesets/clients.yaml rulesets/dialects tests/golden/report/catalog/. "$work/catalog/"
cat >"$work/catalog/techniques.yaml" <<'END'
attack: "18.1"
techniques:
  T1498: Network Denial of Service
  T1547: Boot or Logon Autostart Execution
  T1547.006: Kernel Modules and Extensions
  T1611: Escape to Host
  T1612: Build Image on Host
revoked: [T1064]
containers:
  T1498: {tactics: [impact], untraced: No event knows packets.}
  T1611: {tactics: [privilege-escalation]}
  T1612: {tactics: [defense-evasion]}
END
mews=("$MEWS" --catalog "$work/catalog" --store "$work/mews.db")
same() { # name file; scores are those of mews mutate, which has tests of its own
	sed -i -E 's/^(Robustness ).*$/\1…/; s/[0-9.]+ \|$/… |/' "$work/out"
	if [ "${UPDATE:-}" = 1 ]; then
		mkdir -p "$(dirname "$here/$2")" && cp "$work/out" "$here/$2"
	fi
	expect "$1" diff -u "$here/$2" "$work/out"
}

run "${mews[@]}" list --coverage
expect "without a run: exit status 2" test "$status" -eq 2
expect "without a run: what to do" grep -q 'mews replay' "$work/err"
run "${mews[@]}" docs -o "$work/pages"
expect "pages without a run: exit status 2" test "$status" -eq 2
expect "pages without a run: nothing is written" test ! -e "$work/pages"

run "${mews[@]}" replay --as-of 2026-06-01 --org shop --org farm tests/golden/report/corpus
expect "the corpus is replayed" test "$status" -eq 0
run "${mews[@]}" list --coverage
same "list --coverage: as expected" coverage.txt
run "${mews[@]}" list --coverage --format markdown
same "list --coverage --format markdown: as expected" coverage.md
run "${mews[@]}" list --coverage --format json
same "list --coverage --format json: as expected" coverage.json
if command -v jq >/dev/null; then
	expect "list --coverage --format json is JSON" jq -e 'length == 2' "$work/out"
else
	skip "jq is not there: the JSON was not parsed"
fi
run "${mews[@]}" list --coverage --surface host
expect "--surface leaves others out" grep -q '^1 detection$' "$work/out"
run "${mews[@]}" list --coverage --technique T1547
expect "--technique takes those below it, too" grep -q '^module-loaded ' "$work/out"
run "${mews[@]}" list --coverage --state untested
expect "--state leaves others out" grep -q '^0 detections$' "$work/out"
for wrong in "--state red" "--format xml" "runs"; do
	# shellcheck disable=SC2086 # words
	run "${mews[@]}" list --coverage $wrong
	expect "--coverage $wrong: exit status 2" test "$status" -eq 2
done
run "${mews[@]}" list --surface host
expect "--surface alone: exit status 2" test "$status" -eq 2

run "${mews[@]}" docs -o "$work/pages"
expect "docs: exit status 0" test "$status" -eq 0
expect "docs: says how many" grep -qx '6 pages, 6 changed' "$work/out"
for page in README.md by-technique.md by-surface.md containers.md module-loaded.md socket-handed.md; do
	cp "$work/pages/$page" "$work/out"
	same "$page: as expected" "$page"
done
run "${mews[@]}" docs -o "$work/pages"
expect "docs again: nothing changes" grep -qx '6 pages, 0 changed' "$work/out"
run "${mews[@]}" docs -o "$work/pages" --check
expect "docs --check: exit status 0" test "$status" -eq 0

printf '# Mine\n\n<!-- mews docs: begin -->\nold\n<!-- mews docs: end -->\n\nThe end.\n' >"$work/mine.md"
head -n 1 "$work/pages/README.md" >"$work/pages/gone.md"
printf 'my own\n' >"$work/pages/own.md"
sed -i 's/Socket/Pipe/' "$work/pages/socket-handed.md"
run "${mews[@]}" docs -o "$work/pages" --gaps "$work/mine.md" --check
expect "docs --check of old pages: exit status 1" test "$status" -eq 1
expect "docs --check: what is old" test "$(grep -c 'socket-handed.md is not current\|gone.md is of no detection\|mine.md is not current' "$work/out")" -eq 3
expect "docs --check writes nothing" grep -q Pipe "$work/pages/socket-handed.md"
run "${mews[@]}" docs -o "$work/pages" --gaps "$work/mine.md"
expect "a page of no detection goes" test ! -e "$work/pages/gone.md"
expect "somebody's own page stays" grep -qx 'my own' "$work/pages/own.md"
sed "s@$work@WORK@g" "$work/mine.md" >"$work/out"
same "the table of what is not measured: as expected" gaps.md
printf '# Mine\n' >"$work/mine.md"
run "${mews[@]}" docs -o "$work/pages" --gaps "$work/mine.md"
expect "a page without marks: exit status 2" test "$status" -eq 2
expect "a page without marks stays" grep -qx '# Mine' "$work/mine.md"

run "${mews[@]}" check
expect "check warns and is fine" test "$status" -eq 0
run "${mews[@]}" check --strict
expect "check --strict: exit status 1" test "$status" -eq 1
sed "s@$work@WORK@g" "$work/err" >"$work/out"
same "check --strict: as expected" strict.txt

# A twin of socket-handed, and one that never fires without it.
twin=$work/catalog/detections/twin.yaml wide=$work/catalog/detections/narrow.yaml
sed 's/0001$/0009/;s/^name: .*/name: twin/' tests/golden/report/catalog/detections/socket-handed.yaml >"$twin"
sed 's/0001$/0008/;s/^name: .*/name: narrow/;s/process.args like/process.args == "-v" and &/' \
	tests/golden/report/catalog/detections/socket-handed.yaml >"$wide"
run "${mews[@]}" check --overlap
expect "check --overlap of twins: exit status 1" test "$status" -eq 1
expect "check --overlap: over tests alone, no run is of this catalog" grep -q '^Over 8 tests: 3 pairs always fire together' "$work/out"
expect "check --overlap: who" grep -q '^  socket-handed and twin always, 3×$' "$work/out"
cat >>"$twin" <<'END'
  - name: alone
    event: {event.category: process, event.action: exec, process.name: docker, process.args: [docker, run, --mount, "src=/run/docker.sock"]}
    expect: match
overlaps: {socket-handed: two say it}
END
run "${mews[@]}" replay --as-of 2026-06-01 --org shop --org farm tests/golden/report/corpus
run "${mews[@]}" check --overlap
expect "check --overlap with a reason: exit status 0" test "$status" -eq 0
sed -n '/^Over/,$p' "$work/out" >"$work/part" && mv "$work/part" "$work/out"
same "check --overlap: as expected" overlap.txt
run "${mews[@]}" check --overlap --format json
expect "check --overlap --format json: the reason" grep -q '"reason": "two say it"' "$work/out"
sed -i 's/two say it/&/;s/socket-handed: two/narow: two/' "$twin"
run "${mews[@]}" check --overlap
expect "overlaps with what is not there: exit status 2" test "$status" -eq 2
rm "$twin" "$wide"
run "${mews[@]}" replay --as-of 2026-06-01 --org shop --org farm tests/golden/report/corpus
sed -i 's/is loaded/was loaded at last/;s/was loaded/is loaded/' "$work/catalog/detections/module-loaded.yaml"
run "${mews[@]}" docs -o "$work/pages"
expect "pages of another catalog's run: exit status 2" test "$status" -eq 2
run "${mews[@]}" list --coverage
expect "coverage of another catalog's run: a warning" grep -q 'is of another catalog' "$work/err"
finish
