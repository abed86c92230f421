#!/usr/bin/env bash
# catalog → auditd pack → kernel → log → catalog: the generated rules collect what the detections need.
# Loads the pack into this kernel's audit, runs a recorded scenario again, and replays the fresh log.
set -u
. tests/lib.sh
scenarios="docker-socket-mount privileged-container core-pattern-written"
run "$MEWS" --store "$work/mews.db" generate auditd --org plain -o "$work/packs"
expect "the pack is written" [ "$status" -eq 0 ]
cat "$work"/packs/auditd/plain/*.rules >"$work/pack.rules"

for scenario in $scenarios; do
	bash corpus/record/record.sh --rules "$work/pack.rules" --out "$work/fresh" --run hold-out "$scenario" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	if [ "$status" -eq 77 ]; then
		skip "$(grep -h '^skipped: ' "$work/out" "$work/err" | tail -n 1 | sed 's/^skipped: //') ($scenario is not run again)"
		continue
	fi
	expect "$scenario runs under the generated rules" [ "$status" -eq 0 ]
	log=$(find "$work/fresh" -name "$scenario.log*" | head -n 1)
	expect "$scenario left a log" [ -s "$log" ]
	run "$MEWS" --store "$work/mews.db" replay --no-store -r auditd --alerts -f json "$log"
	cp "$work/out" "$work/$scenario.json"
	expect "$scenario is found again in the fresh log" jq -e --arg d "$scenario" '[.alerts[] | select(.detection == $d)] | length > 0' "$work/$scenario.json"
	jq -r --arg s "$scenario" '[.alerts[].detection] | group_by(.) | map("\(.[0]) \(length)") | "\($s): " + join(", ")' "$work/$scenario.json"
done
finish
