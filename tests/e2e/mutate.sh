#!/usr/bin/env bash
# `mews mutate`: its table, its misses, and the gate of the shipped catalog: a median of 1 and no detection below the floor.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
floor=0.85
# Detections that may score less, each with its reason: `name score reason`.
exceptions=$(sed -e 's/#.*//' tests/e2e/mutate-exceptions.txt)

catalog=$work/catalog
mkdir -p "$catalog/detections"
cp rulesets/fields.yaml rulesets/clients.yaml "$catalog/"
detection() { # name condition
	cat >"$catalog/detections/$1.yaml" <<-END
		id: $(printf '%s' "$1" | md5sum | sed -E 's/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*/\1-\2-5\3-8\4-\5/')
		name: $1
		title: ${1^}
		status: experimental
		severity: high
		conditions:
		  main: '$2'
		tests:
		  - name: asked for
		    event: {event.category: process, event.action: exec, process.name: docker, process.args: [docker, run, --privileged, alpine, sh]}
		    expect: match
		  - {name: other, event: {event.category: log, event.action: message, message: x}, expect: no-match}
	END
}
detection robust 'container where event.action in ("create", "run") and container.security_context.privileged == true'
detection brittle 'process where event.action == "exec" and process.args == "--privileged"'
detection loose 'process where event.action == "exec" and process.command_line like "*--privileged*"'

run "$mews" --catalog "$catalog" mutate
expect "without a minimum it is fine" [ "$status" -eq 0 ]
expect "a robust detection scores 1" grep -Eq '^robust .* 1\.000$' "$work/out"
expect "a brittle one less" grep -Eq '^brittle .* 0\.[0-9]+$' "$work/out"
expect "it sums up" grep -Eq '^3 detections: median 0\.[0-9]+, mean 0\.[0-9]+, least 0\.[0-9]+$' "$work/out"
expect "it says where to look" grep -q 'mews mutate --misses DETECTION' "$work/out"
cp "$work/out" "$work/first"
run "$mews" --catalog "$catalog" mutate
expect "the same mutants again" cmp "$work/first" "$work/out"
run "$mews" --catalog "$catalog" mutate --most 2
expect "fewer where fewer are asked for" [ "$(awk '$1 == "brittle" { split($2, n, "/"); print n[2] }' "$work/out")" -lt \
	"$(awk '$1 == "brittle" { split($2, n, "/"); print n[2] }' "$work/first")" ]

run "$mews" --catalog "$catalog" mutate --minimum 0.99
expect "below the minimum it is a finding" [ "$status" -eq 1 ]
run "$mews" --catalog "$catalog" mutate --minimum 0.99 robust
expect "the robust one is above it" [ "$status" -eq 0 ]

run "$mews" --catalog "$catalog" mutate --misses brittle
expect "a miss has its operator" grep -q '^  not caught: boolean-value$' "$work/out"
expect "and its spelling" grep -Eq '^    mutant +docker run --privileged=(1|true|TRUE|t) alpine sh$' "$work/out"
expect "a near miss has its condition" grep -q '^    matches   main$' "$work/out"
why=$(sed -n 's/^    see why   //p' "$work/out" | head -n 1)
expect "the line that explains it can be run" bash -c "cd '$PWD' && $(printf '%q' "$mews") --catalog '$catalog' ${why#mews } >'$work/why'"
expect "and says why" grep -q 'process.args' "$work/why"

run "$mews" --catalog "$catalog" mutate --format json
expect "JSON" jq -e '.results | length == 3' "$work/out"
expect "scores are those of the counts" jq -e '[.results[] | (.caught / .equivalents + .silent / .near_misses) / 2 - .score | fabs] | max < 1e-9' "$work/out"
expect "each miss is told" jq -e '[.results[] | .equivalents - .caught + .near_misses - .silent == (.misses | length)] | all' "$work/out"
expect "near misses are loose's weakness" jq -e '.results[] | select(.detection == "loose") | .silent < .near_misses' "$work/out"
expect "operators are counted" jq -e '[.operators[] | select(.made < .right)] == [] and ([.operators[].made] | add) > 50' "$work/out"

for wrong in '--minimum 2' '--minimum x' '--most 0' '--format csv' 'no-such-detection' '--dataset no-such'; do
	# shellcheck disable=SC2086
	run "$mews" --catalog "$catalog" mutate $wrong
	expect "$wrong is wrong use" [ "$status" -eq 2 ]
	expect "$wrong: it is said" grep -q error "$work/err"
done

# Recorded attacks.
run "$mews" mutate --dataset container-attacks-develop --format json cgroup-release-agent-written
expect "recorded events are mutated, too" jq -e '.results[0].events > 10' "$work/out"

# Every operator is in the documentation.
run "$mews" mutate --operators
expect "operators are listed" [ "$(wc -l <"$work/out")" -gt 30 ]
while read -r operator _; do
	expect "docs/mutate.md has $operator" grep -q "^| $operator |" docs/mutate.md
done < <(tail -n +2 "$work/out")

# The gate.
run "$mews" mutate --format json
cp "$work/out" "$work/shipped.json"
expect "the shipped catalog's median is 1" jq -e '.median == 1' "$work/shipped.json"
expect "its mean is high" jq -e '.mean > 0.97' "$work/shipped.json"
while read -r name score; do
	listed=$(awk -v name="$name" '$1 == name { print $2 }' <<<"$exceptions")
	expect "$name ($score) is not below ${listed:-$floor}" awk -v a="$score" -v b="${listed:-$floor}" 'BEGIN { exit !(a >= b) }'
done < <(jq -r '.results[] | "\(.detection) \(.score)"' "$work/shipped.json")
while read -r name score reason; do
	[ -n "$name" ] || continue
	# shellcheck disable=SC2016 # jq's own variables
	expect "the exception $name is needed" jq -e --arg name "$name" --argjson floor "$floor" '.results[] | select(.detection == $name) | .score < $floor' "$work/shipped.json"
	expect "the exception $name ($score) has a reason" [ -n "$reason" ]
done <<<"$exceptions"
finish
