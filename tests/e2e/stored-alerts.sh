#!/usr/bin/env bash
# More alerts than a store keeps whole: what `mews report` lists of them is what the live run lists, with events made of the source
# again; where the source has changed, that is said; --keep-events keeps them all. Events are made here, by a loop.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

mkdir -p "$work/catalog/detections"
cp -r rulesets/fields.yaml rulesets/dialects "$work/catalog/"
cat >"$work/catalog/detections/every.yaml" <<'YAML'
id: 5f0e1d9c-5a52-5d0f-8e57-6d0a3c1b2e4f
name: every
title: Every Start of a Process
description: All of them, for the store.
status: test
severity: low
techniques: [T1059]
surface: host
author: mews project
date: 2026-11-23
references: [https://example.com/every]
conditions:
  main: process where event.action == "exec" and process.name like "tool-*"
tests:
  - {name: hit, event: {event.category: process, event.action: exec, process.name: tool-1}, expect: match}
  - {name: other, event: {event.category: log, event.action: message}, expect: no-match}
YAML
awk 'BEGIN { for (i = 0; i < 1400; i++) printf "{\"@timestamp\":\"2026-11-01T%02d:%02d:%02d.%03dZ\",\"event\":{\"category\":[\"process\"]," \
	"\"action\":\"exec\",\"type\":[\"start\"]},\"host\":{\"name\":\"host-%d\"},\"process\":{\"name\":\"tool-%d\",\"pid\":%d,\"args\":[\"tool\",\"%d\"]}}\n",
	i / 3600, i / 60 % 60, i % 60, i % 1000, i % 3, i % 7, i + 10, i }' >"$work/events.jsonl"

mews() { # STORE ARGUMENTS…
	local store=$1
	shift
	run "$MEWS" --catalog "$work/catalog" --store "$store" "$@"
}
alerts() { jq -S '[.alerts[] | del(.id)]' "$1"; }

mews "$work/live.db" replay --no-store --alerts --format json --reader json --dialect ecs "$work/events.jsonl"
expect "the live run" test "$status" -eq 0
alerts "$work/out" >"$work/live"
expect "it lists every alert with its event" test "$(jq '[.[] | select(.event.process? != null or (.event | type) == "object")] | length' "$work/live")" -eq 1400

mews "$work/few.db" replay --reader json --dialect ecs "$work/events.jsonl"
expect "stored" test "$status" -eq 0
if command -v sqlite3 >/dev/null; then
	expect "every alert is in the store, a thousand and the first ones with their events" \
		sh -c "sqlite3 '$work/few.db' 'SELECT count(*), count(event) BETWEEN 1000 AND 1010 FROM alert' | grep -qx '1400|1'"
else
	skip "sqlite3 is missing: the store's rows were not looked at"
fi
mews "$work/few.db" report --alerts --format json
alerts "$work/out" >"$work/stored"
expect "the report from the store: exit status 0" test "$status" -eq 0
expect "it lists the same, events included" cmp "$work/live" "$work/stored"
expect "and has nothing to say" test ! -s "$work/err"

cp "$work/events.jsonl" "$work/whole.jsonl"
sed -i 1201d "$work/events.jsonl" # what stood below is one line further up now
mews "$work/few.db" report --alerts --format json
expect "a source that has changed: exit status 0" test "$status" -eq 0
expect "it is said how many alerts have no event" grep -q '200 alerts of .* are listed without their events' "$work/err"
expect "those that stand where they stood have theirs" test "$(jq '[.alerts[] | select(.event != null)] | length' "$work/out")" -eq 1200
rm "$work/events.jsonl"
mews "$work/few.db" report --alerts --format csv
expect "a source that is gone: every alert is listed" test "$(grep -c tool- "$work/out")" -ge 1000
expect "and it is said" grep -q 'are listed without their events' "$work/err"

cp "$work/whole.jsonl" "$work/events.jsonl"
mews "$work/all.db" replay --keep-events --reader json --dialect ecs "$work/events.jsonl"
rm "$work/events.jsonl"
mews "$work/all.db" report --alerts --format json
alerts "$work/out" >"$work/stored"
expect "--keep-events: no source is needed" cmp "$work/live" "$work/stored"
finish
