#!/usr/bin/env bash
# A sequence's whole way: written in a detection and tested there, replayed over events that are out of order, explained,
# and what the targets say of it.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
catalog=$work/catalog

mkdir -p "$catalog/detections" && cp -R rulesets/fields.yaml rulesets/lists.yaml rulesets/clients.yaml rulesets/dialects "$catalog"
cat >"$catalog/detections/guessed-password.yaml" <<'END'
id: 2b0e0f3c-58a1-4d3e-9a55-0d5b8a5e1c11
name: guessed-password
title: A Password That Was Guessed
description: Several failures and then a success from one address.
status: test
severity: high
techniques: [T1110]
surface: host
author: mews project
date: 2026-11-25
conditions:
  guessed: |
    sequence by source.ip with maxspan=1m
      [authentication where event.outcome == "failure"] with runs=3
      [authentication where event.outcome == "success"]
tests:
  - name: three failures and a success
    events:
      - {event.category: authentication, event.action: login, event.outcome: failure, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:01Z}
      - {event.category: authentication, event.action: login, event.outcome: failure, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:02Z}
      - {event.category: authentication, event.action: login, event.outcome: failure, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:03Z}
      - {event.category: authentication, event.action: login, event.outcome: success, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:04Z}
    expect: match
  - name: one of them from elsewhere
    events:
      - {event.category: authentication, event.action: login, event.outcome: failure, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:01Z}
      - {event.category: authentication, event.action: login, event.outcome: failure, source.ip: 10.0.0.2, "@timestamp": 2026-01-01T00:00:02Z}
      - {event.category: authentication, event.action: login, event.outcome: failure, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:03Z}
      - {event.category: authentication, event.action: login, event.outcome: success, source.ip: 10.0.0.1, "@timestamp": 2026-01-01T00:00:04Z}
    expect: no-match
END

printf 'catalog: catalog\nstore: mews.db\n' >"$work/mews.yaml"
cd "$work" || exit 2
run "$mews" check "$catalog"
expect "its tests pass" [ "$status" -eq 0 ]
expect "…both" grep -q '2 tests: 2 passed, 0 failed' "$work/out"
sed 's/runs=3/runs=2/' "$catalog/detections/guessed-password.yaml" >"$work/two" && cp -R "$catalog" "$work/broken"
cp "$work/two" "$work/broken/detections/guessed-password.yaml"
run "$mews" check "$work/broken"
expect "a sequence that matches too much fails its test" [ "$status" -eq 1 ]
expect "…which is named" grep -q '"one of them from elsewhere" expects no-match, and it matches by guessed' "$work/out"

# seconds outcome address: line 3 is the success, and comes before two of the failures
line() {
	printf '{"@timestamp":"2026-01-01T00:%02d:%02dZ","event":{"category":["authentication"],"action":"login","outcome":"%s"},"source":{"ip":"%s"}}\n' \
		"$(($1 / 60))" "$(($1 % 60))" "$2" "$3"
}
{
	line 1 failure 10.0.0.1
	line 2 failure 10.0.0.2
	line 8 success 10.0.0.1
	line 3 failure 10.0.0.1
	line 5 failure 10.0.0.1
	line 9 success 10.0.0.2
	line 100 failure 10.0.0.1
	line 101 failure 10.0.0.1
	line 102 failure 10.0.0.1
	line 165 success 10.0.0.1
	line 170 failure 10.0.0.3
	line 120 failure 10.0.0.3
} >"$work/events.jsonl"
run "$mews" replay --reader json --dialect ecs --alerts --format json "$work/events.jsonl"
expect "it is replayed" [ "$status" -eq 0 ]
expect "one alert, at the last event in time" jq -e '.alerts // [] | length == 1 and .[0].line == 3 and .[0].condition == "guessed"' "$work/out"
expect "…with that event" jq -e '.alerts[0].event["source.ip"] == "10.0.0.1" and .alerts[0].event["event.outcome"] == "success"' "$work/out"
expect "what came too late is told" grep -q 'warning: 1 events of sequences came more than 10 s late' "$work/err"
sort -R --random-source="$catalog/fields.yaml" <(head -n 6 "$work/events.jsonl") >"$work/shuffled.jsonl"
run "$mews" replay --reader json --dialect ecs --alerts --format json "$work/shuffled.jsonl"
expect "in another order it is the same event" jq -e '[.alerts[] | .time] == ["2026-01-01T00:00:08Z"]' "$work/out"

run "$mews" generate falco auditd sigma elastic -o "$work/packs"
expect "packs are written" [ "$status" -eq 0 ]
for target in falco auditd; do
	expect "$target cannot say it" jq -e '.detections[0].rows | length == 1 and .[0].action == "sequence" and .[0].fidelity == "unsupported"' \
		"$work/packs/$target/plain/fidelity.json"
	expect "…and tells why, and what of the steps" jq -e '.detections[0].rows[0].reasons |
		any(test("judges one event at a time")) and any(test("^step 2 alone: "))' "$work/packs/$target/plain/fidelity.json"
done
for target in sigma elastic; do
	expect "$target has a row for it" jq -e '.detections[0].rows | any(.action == "sequence")' "$work/packs/$target/plain/fidelity.json"
done

cp -R "$catalog" "$work/refused"
cat >>"$work/refused/detections/guessed-password.yaml" <<'END'
exceptions:
  - {name: x, reason: r, condition: "sequence with maxspan=1m [any where true] [any where true]"}
END
run "$mews" check "$work/refused"
expect "an exception asks one event" [ "$status" -eq 2 ]
expect "…and says so" grep -q 'a sequence asks several events: here one event is asked' "$work/err"
finish
