#!/usr/bin/env bash
# mews verify over the shipped catalog: no claim of any pack is wrong; packs that were tampered with are caught; replay --as
# and the fidelity table stand beside it.
#
# The whole packs are written and read, but only some detections' rows are judged: those named here, and of the others one in
# twenty-four, which ones changes with the catalog. FULL=1 judges all of them over the whole corpus (half an hour).
set -u
. tests/lib.sh

mews() { "$MEWS" --store "$work/mews.db" "$@"; }
targets=$(mews list targets --format json | jq -r '.[].target')
named="docker-socket-mount host-root-mount privileged-container cgroup-release-agent-written core-pattern-written
	engine-socket-connected password-hashes-read dangerous-capability-added"
every=24 some=() few=() datasets=()
for name in $named; do
	few+=(--rules "$name")
done
if [ -z "${FULL:-}" ]; then
	datasets=(everyday-holdout manifests-holdout enriched-develop)
	mews list --format json | jq -r '.[].detection' >"$work/names"
	first=$(($(cksum <"$work/names" | cut -d' ' -f1) % every))
	drawn=$(awk -v first="$first" -v every="$every" 'NR % every == first' "$work/names")
	# shellcheck disable=SC2086 # names are words
	echo "judged, beside those that the script names (FULL=1: all):" $drawn
	some=("${few[@]}")
	for name in $drawn; do
		some+=(--rules "$name")
	done
fi
expect "some detections are drawn" [ $((${#some[@]} > 20 || ${#datasets[@]} == 0)) -eq 1 ]

run mews verify all --org plain --format json "${some[@]}" "${datasets[@]}"
cp "$work/out" "$work/all.json"
expect "no claim of any target is wrong" [ "$status" -eq 0 ]
expect "all targets at once" jq -e --arg n "$(wc -w <<<"$targets")" 'length == ($n | tonumber)' "$work/all.json"
for target in $targets; do
	jq --arg target "$target" '.[] | select(.target == $target)' "$work/all.json" >"$work/$target.json"
	expect "$target: no wrong claim is listed" jq -e '.wrong_claims == []' "$work/$target.json"
	expect "$target: thousands of events were seen" jq -e '.events > 5000' "$work/$target.json"
	expect "$target: rules fired where conditions held" jq -e '.both > 500' "$work/$target.json"
	expect "$target: counts of rows add up" jq -e \
		'all(.rows[]; .events == .agree + .rule_only + .condition_only and .both <= .agree)' "$work/$target.json"
done

# Of detections that its exceptions are about.
excepted=(--rules host-root-mount --rules engine-socket-connected --rules pod-exec-or-attach --rules wildcard-role-written)
[ -z "${FULL:-}" ] || excepted=()
run mews verify all --org observability --made-only --format json "${excepted[@]}"
expect "with an organization's exceptions, too" [ "$status" -eq 0 ]

# --- packs that were tampered with ---

run mews generate all --org plain -o "$work/whole"
for target in $targets; do
	run mews verify "$target" --org plain --pack "$work/whole/$target/plain" --made-only --format json "${few[@]}"
	expect "$target: a pack as it was written verifies" [ "$status" -eq 0 ]
	cp "$work/out" "$work/written.json"
	[ "$target" = sigma ] || continue
	run mews verify sigma --org plain --made-only --format json "${few[@]}"
	expect "to the same as one that was not" cmp "$work/out" "$work/written.json"
done
cp -R "$work/whole" "$work/packs"
victim=$(find "$work/packs/sigma/plain/rules" -name "proc_creation_*privileged_container_requested_cmdline.yml")
sed -i 's/privileged/privilegod/' "$victim"
run mews verify sigma --org plain --pack "$work/packs/sigma/plain" --made-only --rules privileged-container --format json
expect "a misspelt word is a wrong claim" [ "$status" -eq 1 ]
cp "$work/out" "$work/wrong.json"
expect "it is listed with its first differing events" jq -e '.wrong_claims[0].differences[0].event | length > 20' "$work/wrong.json"
detection=$(jq -r '.wrong_claims[0].detection' "$work/wrong.json")
event=$(jq -r '.wrong_claims[0].differences[0].event' "$work/wrong.json")
run mews explain "$detection" "$event"
expect "explain takes that event" [ "$status" -ne 2 ]
sed -i 's/release_agent/release_agend/g' "$work/packs/falco/plain/mews_rules.yaml"
run mews verify falco --org plain --pack "$work/packs/falco/plain" --made-only --rules cgroup-release-agent-written
expect "a misspelt path in Falco's pack is a wrong claim" [ "$status" -eq 1 ]
sed -i '/mews_capset/d' "$work/packs/auditd/plain/10-mews.rules"
run mews verify auditd --org plain --pack "$work/packs/auditd/plain" --made-only --rules dangerous-capability-added
expect "a call that is recorded no more is a wrong claim" [ "$status" -eq 1 ]
expect "and says so" grep -q "no rule records" "$work/out"

# --- one fault in the text of one rule: verify says what differs, within a claim of approximate, too. The rules of one
# detection only are asked, so that no other's events help to find it. ---

fault() { # target, what, detection, file in the pack, command that changes it…
	local target=$1 what=$2 detection=$3 file=$4
	shift 4
	rm -rf "$work/faulty"
	cp -R "$work/whole/$target/plain" "$work/faulty"
	"$@" "$work/faulty/$file"
	expect "$target: $what changes the pack" bash -c '! diff -r "$1" "$2"' - "$work/whole/$target/plain" "$work/faulty"
	run mews verify "$target" --org plain --pack "$work/faulty" --made-only --rules "$detection"
	expect "$target: $what is found" [ "$status" -eq 1 ]
	expect "$target: $what is told with the first event" grep -Eq '^ +event: ' "$work/out"
}
drop_rule() { # number file: the document or line that is the rule
	awk -v RS= -v ORS='\n\n' -v n="$1" '/^- rule/ && ++seen == n {next} {print}' "$2" >"$2.new" && mv "$2.new" "$2"
}
ends_early() { # file: a line before all others that keeps calls of open(2) from being recorded
	{ echo '-a never,exit -F arch=b64 -S open'; cat "$1"; } >"$1.new" && mv "$1.new" "$1"
}
cmdline=rules/proc_creation_lnx_docker_socket_mount_requested_cmdline.yml
fault sigma "a value" docker-socket-mount "$cmdline" sed -i 's/docker\[\.\]sock\|docker\\\.sock/dokker.sock/g'
fault sigma "a negation less" host-root-mount rules/lnx_auditd_host_root_mount_bound.yml sed -i 's/ and not filter//'
fault sigma "a rule less" docker-socket-mount "$cmdline" rm
fault falco "a value" docker-socket-mount mews_rules.yaml sed -i 's/docker\[\.\]sock/dokker[.]sock/g'
fault falco "a negation less" docker-socket-mount mews_rules.yaml sed -i 's/and not (evt.failed = true)/and (evt.failed = true)/'
of_rule() { # target rule: the detection that it is for
	jq -r --arg rule "$2" 'first(.detections[] | select(any(.rows[]; .rule == $rule))).detection' "$work/whole/$1/plain/fidelity.json"
}
for name in docker-socket-mount core-pattern-written engine-socket-connected; do
	rule=$(jq -r --arg name "$name" 'first(.detections[] | select(.detection == $name).rows[] | select(.source == "native" and .rule).rule)' \
		"$work/whole/falco/plain/fidelity.json")
	number=$(sed -n 's/^- rule: "\(.*\)"$/\1/p' "$work/whole/falco/plain/mews_rules.yaml" | grep -nxF "$rule" | cut -d: -f1)
	fault falco "a rule less of $name" "$name" mews_rules.yaml drop_rule "$number"
done
fault elastic "a value" cgroup-release-agent-written mews_rules.ndjson sed -i 's/notify_on_release/notify_on_releases/g'
fault elastic "a negation less" cron-table-changed mews_rules.ndjson sed -i 's/process.args not in/process.args in/'
rule=$(sed -n 5p "$work/whole/elastic/plain/mews_rules.ndjson" | jq -r .rule_id)
fault elastic "a rule less" "$(of_rule elastic "$rule")" mews_rules.ndjson sed -i 5d
fault rsyslog "a value" cgroup-release-agent-written mews.conf sed -i 's/release_agent/release_agend/g'
fault rsyslog "a negation less" docker-socket-mount mews.conf sed -i 's/(not (\$\.mews!success == "no"))/(\$.mews!success == "no")/'
fault auditd "a value" core-pattern-written 30-mews-writes.rules sed -i '/arch=b64 -S open /s/euid=0/euid=7/'
fault auditd "a line of 32-bit calls less" engine-socket-connected 20-mews-paths.rules sed -i '/arch=b32 -S connect/d'
fault auditd "a call less" core-pattern-written 30-mews-writes.rules sed -i 's/-S creat,openat2/-S openat2/'
fault auditd "a line that comes first" core-pattern-written 30-mews-writes.rules ends_early

echo "not: [a, rule" >"$work/packs/sigma/plain/rules/broken.yml"
run mews verify sigma --org plain --pack "$work/packs/sigma/plain" --made-only --rules docker-socket-mount
expect "a file that cannot be read is wrong input" [ "$status" -eq 2 ]
rm "$work/packs/sigma/plain/rules/broken.yml"
echo "{" >"$work/packs/sigma/plain/fidelity.json"
run mews verify sigma --org plain --pack "$work/packs/sigma/plain" --made-only --rules docker-socket-mount
expect "so is an account that is no JSON" [ "$status" -eq 2 ]
rm "$work/packs/sigma/plain/fidelity.json"
run mews verify sigma --org plain --pack "$work/packs/sigma/plain" --made-only --rules docker-socket-mount
expect "and a pack without one" [ "$status" -eq 2 ]

run mews verify nosuch
expect "an unknown target is wrong use" [ "$status" -eq 2 ]
run mews verify sigma --made-only --corpus-only
expect "no events at all is wrong use" [ "$status" -eq 2 ]
run mews verify sigma --pack "$work/packs/sigma/plain"
expect "a written pack is one organization's" [ "$status" -eq 2 ]
run "$MEWS_ASAN" --store "$work/asan.db" verify sigma auditd --org plain --rules docker-socket-mount --all "${datasets[@]}"
expect "one detection's rows, with sanitizers" [ "$status" -eq 0 ]

# --- several events ---

mkdir -p "$work/steps/detections" "$work/steps/organizations"
cp -R rulesets/clients.yaml rulesets/fields.yaml rulesets/lists.yaml rulesets/dialects "$work/steps/"
cat >"$work/steps/detections/two-steps.yaml" <<'END'
id: 0b9d3f52-7c7e-4c8e-9d61-1f0c7c5f9a10
name: two-steps
title: A Shell and Then a Download
description: Made for a test.
status: test
severity: high
techniques: [T1611]
surface: host
author: nobody
date: 2026-01-01
references: [https://example.org/]
false_positives: [Everything]
conditions:
  steps: |
    sequence by user.name with maxspan=1m
      [process where event.action == "exec" and process.name == "bash"]
      [process where event.action == "exec" and process.name == "curl"]
exceptions: []
tests:
  - name: both
    events:
      - {event.category: process, event.action: exec, process.name: bash, user.name: a, "@timestamp": "2026-01-01T00:00:01Z"}
      - {event.category: process, event.action: exec, process.name: curl, user.name: a, "@timestamp": "2026-01-01T00:00:02Z"}
    expect: match
  - name: one
    event: {event.category: process, event.action: exec, process.name: curl, user.name: a}
    expect: no-match
END
printf 'catalog: %s\nstore: %s\n' "$work/steps" "$work/steps.db" >"$work/steps.yaml"
steps() { "$MEWS" --project "$work/steps.yaml" "$@"; }
for target in sigma elastic; do
	run steps verify "$target" --org plain --made-only --format json
	expect "$target: a sequence is judged on its last event" jq -e '.wrong_claims == [] and .both == 1' "$work/out"
done
run steps generate elastic --org plain -o "$work/packs"
sed -i 's/curl/wget/g' "$work"/packs/elastic/plain/*.ndjson
run steps verify elastic --org plain --made-only --pack "$work/packs/elastic/plain"
expect "a step that asks for something else is a wrong claim" [ "$status" -eq 1 ]

# --- as deployed ---

run mews replay --no-store --org observability -f json enriched-develop engine-attacks-develop
cp "$work/out" "$work/detections.json"
for target in sigma auditd; do
	seen=(enriched-develop engine-attacks-develop)
	[ "$target" = sigma ] || seen+=(everyday-holdout) # there are few rules to ask of every event
	run mews replay --as "$target" --no-store --org observability -f json "${seen[@]}"
	cp "$work/out" "$work/as.json"
	expect "replay --as $target" [ "$status" -eq 0 ]
	expect "names the target of each result" jq -e --arg t "$target" 'all(.results[]; .target == $t)' "$work/as.json"
	expect "has a result for each detection and organization" [ "$(jq '.results | length' "$work/as.json")" = \
		"$(jq '.results | length' "$work/detections.json")" ]
done
expect "what auditd records is judged by the detections: nothing is extra" jq -e 'all(.results[]; .extra == 0)' "$work/as.json"
run mews replay --as nosuch --no-store
expect "an unknown target is wrong use there too" [ "$status" -eq 2 ]

# --- the table ---

run mews generate all --org plain -o "$work/packs"
expect "generate shows each target's share of each detection" grep -Eq '^docker-socket-mount +[0-9]/[0-9] [ewac-]+ +[0-9]/[0-9]' "$work/out"
run mews generate falco --org plain --fidelity -o "$work/packs"
expect "and with --fidelity every row and reason" grep -q "arguments are joined" "$work/out"
finish
