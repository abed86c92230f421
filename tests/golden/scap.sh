#!/usr/bin/env bash
# The capture that is written of calls.log, an event of each call in our own recordings, byte by byte. UPDATE=1 renews it.
# It is the sample of tests/torture, too.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
golden=tests/torture/samples/scap.scap

run "$MEWS" --store "$work/mews.db" export --as scap -r auditd -o "$work/calls.scap" tests/golden/scap/calls.log
expect "calls are written as a capture" [ "$status" -eq 0 ]
[ -z "${UPDATE-}" ] || cp "$work/calls.scap" "$golden"
expect "it is the one that stands here" cmp "$work/calls.scap" "$golden"
run "$MEWS" --store "$work/mews.db" export --as scap -r auditd -o "$work/again.scap" tests/golden/scap/calls.log
expect "and the same again" cmp "$work/calls.scap" "$work/again.scap"
run "$MEWS" --store "$work/mews.db" export --as scap -r scap -o "$work/read.scap" "$work/calls.scap"
expect "what is read from it is written again" [ "$status" -eq 0 ]
run "$MEWS" --store "$work/mews.db" export --as ecs -r scap -o "$work/first.jsonl" "$work/calls.scap"
run "$MEWS" --store "$work/mews.db" export --as ecs -r scap -o "$work/second.jsonl" "$work/read.scap"
events_of() { jq -c 'del(.mews, .log, .event.id, .labels)' "$1"; }
events_of "$work/first.jsonl" >"$work/first"
events_of "$work/second.jsonl" >"$work/second"
expect "and says the same events" cmp "$work/first" "$work/second"
finish
