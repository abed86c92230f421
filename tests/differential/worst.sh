#!/usr/bin/env bash
# What is hardest for the engine, bounded in counted work (tests/differential/worst.c); and what a user sees of it: a replay with
# pathological expressions goes on, says which detections hit the match limit, and says the same with any number of threads.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

run "${BUILD:-build}/tests/differential/worst" rulesets
grep -v " passed, " "$work/out"
while read -r line; do
	expect "${line:8:44}" test "${line:0:2}" = ok
done < <(grep -E '^(ok|FAILED) ' "$work/out")
expect "all cases were tried" grep -q "^11 passed, 0 failed" "$work/out"

catalog=$work/catalog
mkdir -p "$catalog/detections"
cp -R rulesets/fields.yaml rulesets/lists.yaml rulesets/clients.yaml rulesets/dialects "$catalog"
cat >"$catalog/detections/never-ends.yaml" <<'END'
id: 2b0e0f3c-58a1-4d3e-9a55-0d5b8a5e1c31
name: never-ends
title: An expression that tries everything
description: It is there to hit the match limit.
status: test
severity: high
techniques: [T1059]
surface: host
author: mews project
date: 2026-11-26
conditions:
  tries: process where process.command_line regex "(a|aa)+c"
tests:
  - name: a word
    event: {event.category: process, event.action: exec, process.command_line: aac}
    expect: match
  - name: another
    event: {event.category: process, event.action: exec, process.command_line: c}
    expect: no-match
END
# Made at test time: command lines of one letter and an end that does not fit, among some that do.
word=aaaa
for i in 1 2 3 4 5 6 7 8 9; do
	word=$word$word
	printf '{"event":{"category":["process"],"action":"exec"},"process":{"command_line":"%s%s"}}\n' "$word" bc "$word" c
done >"$work/words.jsonl"
limited() { # jobs
	run "$MEWS" --catalog "$catalog" --store "$work/store" replay --jobs "$1" --format json --reader json --dialect ecs "$work/words.jsonl"
	expect "$1 threads: the run goes on" test "$status" -le 1
	grep -o '"limited": *[0-9]*' "$work/out" >"$work/limited.$1"
}
limited 1
MEWS_TEST_BATCH=300 limited 2
expect "the detection is marked" grep -q ': *[1-9]' "$work/limited.1"
expect "as often with two threads" cmp "$work/limited.1" "$work/limited.2"
finish
