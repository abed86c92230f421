#!/usr/bin/env bash
# What a replay costs: `mews replay --stats` beside the report, and `mews check --cost` before any replay.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS_ASAN")
catalog=$work/catalog
python3 tests/bench/make-catalog.py 5 "$catalog" rulesets >/dev/null
detection() { # name condition match: one more
	cat >"$catalog/detections/$1.yaml" <<-END
		id: $(printf '%s' "$1" | md5sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/')
		name: $1
		title: ${1^}
		status: test
		severity: low
		conditions:
		  main: '$2'
		tests:
		  - {name: hit, event: {event.category: process, event.action: exec, $3}, expect: match}
		  - {name: other, event: {event.category: log, event.action: message}, expect: no-match}
	END
}
detection only-excludes 'process where event.action == "exec" and not process.name == "sh"' 'process.name: vi'
detection classes-alone 'process where event.action == "exec" and process.command_line regex ".*[A-Z]{3}[0-9]{2}.*"' 'process.command_line: ABC12'
detection two-letters 'process where event.action == "exec" and stringcontains(process.command_line, "zq")' 'process.command_line: zq'
detection good-word 'process where event.action == "exec" and stringcontains(process.command_line, "--privileged")' 'process.command_line: --privileged'
for line in 'vi a' 'ABC12' 'zq' 'docker run --privileged x' 'ls'; do
	printf '{"@timestamp":"2026-11-20T10:00:00Z","event":{"category":["process"],"action":"exec"},"process":{"name":"vi","command_line":"%s"}}\n' "$line"
done >"$work/events.json"

# check --cost
run "$mews" check "$catalog"
expect "without --cost nothing is said of it" test "$(grep -c trigger "$work/out")" -eq 0
run "$mews" check --cost "$catalog"
expect "what is dear is right all the same" [ "$status" -eq 0 ]
for name in only-excludes classes-alone two-letters; do
	expect "$name is named with its place" grep -Eq "detections/$name.yaml:[0-9]+: main: ." "$work/out"
done
expect "it says what would help" grep -q 'would help: ' "$work/out"
expect "it counts" grep -Eq '^Of 9 conditions [0-9]+ have no trigger and [0-9]+ a weak one' "$work/out"
run "$mews" check --cost --format json "$catalog"
expect "as JSON, too" jq -e '.cost | .conditions == 9 and .none + .weak == (.found | length)' "$work/out"
expect "…each with reason and help" jq -e '[.cost.found[] | select((.reason | length) > 0 and (.help | length) > 0 and .line > 0)] | length >= 3' "$work/out"
run "$mews" check --format json "$catalog"
expect "JSON without --cost has none of it" jq -e 'has("cost") | not' "$work/out"
expect "the shipped catalog can be asked" "$mews" check --cost

# replay --stats
replay() { run "$mews" --catalog "$catalog" --store "$work/mews.db" replay --no-store -r json -d ecs "$@" "$work/events.json"; }
replay
cp "$work/out" "$work/plain"
replay --stats
expect "the report is the same with --stats" cmp "$work/out" "$work/plain"
expect "the figures stand on standard error" grep -Eq '^  5 events of .*B in [0-9.]+ s by [0-9]+ threads?: ' "$work/err"
expect "…and where the time went" grep -q 'of time .*looked at .*detection' "$work/err"
replay --stats="$work/stats.json"
expect "the report is the same with --stats=FILE" cmp "$work/out" "$work/plain"
expect "…and nothing more is told" test "$(grep -c Statistics "$work/err")" -eq 0
expect "the file has the run's figures" jq -e '.events == 5 and .bytes > 0 and .seconds > 0 and .events_per_second > 0 and .jobs >= 1 and
	.alerts >= 4 and .peak_memory_bytes > 0 and .conditions == 9 and .share_without_trigger >= 0' "$work/stats.json"
expect "…and each detection's" jq -e '[.detections[] | select(.name == "only-excludes")][0] | .candidates == 5 and .verified >= 5' "$work/stats.json"
replay --stats="$work/none/stats.json"
expect "a file that cannot be written is an error" [ "$status" -eq 2 ]
expect "…that names it" grep -q 'none/stats.json.*could not be written' "$work/err"
replay --stats= --jobs 1
expect "an empty name is none" [ "$status" -eq 2 ]
jq 'del(.seconds, .processor_seconds, .bytes_per_second, .events_per_second, .jobs, .peak_memory_bytes) | del(.detections[] | .nanoseconds, .share_of_time)
	| .detections |= sort_by(.name)' "$work/stats.json" >"$work/counts-2"
replay --stats="$work/stats.json" --jobs 1
jq 'del(.seconds, .processor_seconds, .bytes_per_second, .events_per_second, .jobs, .peak_memory_bytes) | del(.detections[] | .nanoseconds, .share_of_time)
	| .detections |= sort_by(.name)' "$work/stats.json" >"$work/counts-1"
expect "counts do not depend on the number of threads" cmp "$work/counts-1" "$work/counts-2"
finish
