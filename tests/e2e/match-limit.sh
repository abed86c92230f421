#!/usr/bin/env bash
# A regex that runs into the match limit: the run goes on, such values count as no match, and every report marks the detection. The
# events are made here.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

mkdir -p "$work/catalog/detections"
cp -r rulesets/fields.yaml rulesets/dialects "$work/catalog/"
cat >"$work/catalog/detections/costly.yaml" <<'YAML'
id: 5f0e1d9c-5a52-5d0f-8e57-6d0a3c1b2e4f
name: costly
title: A Regex That Has Too Many Ways
description: For the match limit.
status: test
severity: low
techniques: [T1059]
surface: host
author: mews project
date: 2026-11-23
references: [https://example.com/costly]
conditions:
  main: process where event.action == "exec" and process.command_line regex~ "(a|aa)+(b|bb)*c"
tests:
  - {name: hit, event: {event.category: process, event.action: exec, process.command_line: aabbc}, expect: match}
  - {name: other, event: {event.category: log, event.action: message}, expect: no-match}
YAML
awk 'BEGIN { for (i = 0; i < 300; i++) { a = a "a"; b = b "b" }
	for (i = 0; i < 4; i++) printf "{\"@timestamp\":\"2026-11-01T00:00:0%dZ\",\"event\":{\"category\":[\"process\"],\"action\":\"exec\"," \
	"\"type\":[\"start\"]},\"host\":{\"name\":\"h\"},\"process\":{\"name\":\"x\",\"command_line\":\"%s\"}}\n", i, i < 3 ? a b "dc" : "aabbc" }' \
	>"$work/events.jsonl"

run "$MEWS" --catalog "$work/catalog" --store "$work/mews.db" replay --reader json --dialect ecs "$work/events.jsonl"
expect "the run goes on" test "$status" -eq 0
expect "what can be matched is matched" grep -Eq '^costly ! +low +0 +0 +0 +0 +1 ' "$work/out"
expect "the table marks the detection, and says why" grep -q '^! costly: its regex hit the match limit 3 times' "$work/out"
expect "a warning names it" grep -q 'costly.yaml:.*warning: a regex of costly hit the match limit 3 times' "$work/err"
run "$MEWS" --store "$work/mews.db" report --format json
expect "json has the count, from the store too" jq -e '.results[0].limited == 3' "$work/out"
run "$MEWS" --store "$work/mews.db" report --format csv
expect "csv has the count" sh -c "head -n 1 '$work/out' | grep -q ',limited' && sed -n 2p '$work/out' | grep -q ',3\$'"
run "$MEWS" --store "$work/mews.db" report --format markdown
expect "markdown says it in the row" grep -q '`costly` (3 regex matches hit the match limit)' "$work/out"
run "$MEWS" --store "$work/mews.db" report --format html
expect "html says it in the row" grep -q '<small>3 regex matches hit the match limit: no match</small>' "$work/out"
finish
