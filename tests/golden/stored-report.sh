#!/usr/bin/env bash
# A stored run tells what the live one told: for every report format and option, the report from the results at hand and the
# one that `mews report` writes from the store are the same bytes. Over the shipped corpus, a small one with hold-out data,
# plain files with rejected lines and files that are skipped, and a target's rules.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
small=tests/golden/report

mkdir -p "$work/catalog" "$work/plain"
cp -r rulesets/fields.yaml rulesets/dialects "$small/catalog/." "$work/catalog/"
# Plain files: one is good but for a line, one is none that mews reads.
cat "$small"/corpus/hold-out/*.jsonl >"$work/plain/day.jsonl" 2>/dev/null || find "$small/corpus" -name '*.jsonl' -exec cat {} + >"$work/plain/day.jsonl"
echo 'this is no JSON' >>"$work/plain/day.jsonl"
printf '\x7fELF\x02\x01\x01\x00\x00\x00' >"$work/plain/program"

formats=$("$MEWS" list formats --format json | jq -r '.[] | select(.kind == "report") | .format')
expect "there are formats" test "$(wc -w <<<"$formats")" -ge 4

told() { # name option: each format that the run wrote to $work/live, from the store
	local format
	for format in $formats; do
		# shellcheck disable=SC2086
		run "$MEWS" --store "$work/$1.db" report --format "$format" $2
		expect "$1: $format $2: reported" test "$status" -eq 0
		cmp "$work/live/$format" "$work/out" >"$work/difference" 2>&1
		status=$?
		cp "$work/difference" "$work/out"
		expect "$1: $format $2: the same bytes" test "$status" -eq 0
		expect "$1: $format $2: something is there" test -s "$work/live/$format"
	done
}

same() { # name catalog "options to try" arguments…: one run of all formats, then each from the store
	local name=$1 catalog=$2 tried=$3 format option also
	shift 3
	for option in $tried; do
		option=${option#none}
		rm -rf "$work/live"
		mkdir "$work/live"
		also=()
		for format in $formats; do
			also+=(--also "$format=$work/live/$format")
		done
		# shellcheck disable=SC2086
		run "$MEWS" --catalog "$catalog" --store "$work/$name.db" replay --as-of 2026-06-01 "${also[@]}" $option "$@"
		expect "$name: $option: replayed" test "$status" -eq 0
		told "$name" "$option"
	done
}

same shipped rulesets --alerts
expect "the page of the shipped corpus is below 1 MB" test "$(wc -c <"$work/live/html")" -lt 1000000
same small "$work/catalog" "none --alerts --wide" --org shop --org farm "$small/corpus"
same bare "$work/catalog" "--alerts --wide" --org farm --org shop --use develop "$small/corpus"
same plain "$work/catalog" "none --alerts --wide" --max-rejected 0.5 "$work/plain"
same falco rulesets none --as falco --org build-farm enriched-develop

# What --also wrote is what a run of that format alone prints.
for format in $formats; do
	run "$MEWS" --catalog "$work/catalog" --store "$work/alone.db" replay --no-store --as-of 2026-06-01 --use develop --org farm --format "$format" "$small/corpus"
	cp "$work/out" "$work/alone"
	run "$MEWS" --catalog "$work/catalog" --store "$work/alone.db" replay --no-store --as-of 2026-06-01 --use develop --org farm \
		--also "$format=$work/also" "$small/corpus"
	sed -i 's/ time="[^"]*"//g' "$work/alone" "$work/also" # what it took
	expect "$format: the same bytes with --also" cmp "$work/alone" "$work/also"
done

# An earlier run, by its number and as `latest~N`; what is not there is said.
run "$MEWS" --store "$work/small.db" report 1 --format csv
first=$(cat "$work/out")
count=$("$MEWS" --store "$work/small.db" list runs --format json | jq length)
run "$MEWS" --store "$work/small.db" report "latest~$((count - 1))" --format csv
expect "latest~N is the run so many before" test "$first" = "$(cat "$work/out")"
run "$MEWS" --store "$work/small.db" report 999
expect "no such run: exit status 2" test "$status" -eq 2
expect "no such run: it says what there is" grep -q 'there is no run "999"; there are '"$count" "$work/err"
run "$MEWS" --store "$work/none.db" report
expect "no store: exit status 2" test "$status" -eq 2
expect "no store: nothing was made" test ! -e "$work/none.db"
run "$MEWS" --store "$work/small.db" report latest another
expect "two runs: exit status 2" test "$status" -eq 2
finish
