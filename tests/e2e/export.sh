#!/usr/bin/env bash
# mews export: what is written is read back as the same events, and a corpus that is exported gives the same figures;
# nothing half-written stays, and wrong use is told.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

mews() { # arguments…
	run "$MEWS" --store "$work/mews.db" "$@"
}
count() { # jq expression on the account
	jq -r "$1" "$work/out"
}

# Without what tells the place an event was read from: labels, file, line.
events_of() { # file
	jq -c 'del(.labels, .log.file, .mews.line, .event.id) | if .mews == {} then del(.mews) else . end
		| if .event.dataset == "ecs" then del(.event.dataset) else . end' "$1"
}

part_of_corpus "$work/part" 10000 "*-develop" 1200
mews export --as ecs --format json -o "$work/all.jsonl" "$work/part"
expect "the corpus as ECS: exit status 0" test "$status" -eq 0
expect "every event is written" test "$(count '.events == .written and .events > 0')" = true
expect "what was read stands in the account" test "$(count '.events + .read.unmapped == .read.events')" = true
lines=$(wc -l <"$work/all.jsonl")
events=$(count .events)
expect "a line for each facet" test "$lines" -gt "$events"

mews export --as ecs --format json --reader json --dialect ecs -o "$work/again.jsonl" "$work/all.jsonl"
expect "read back and written again: exit status 0" test "$status" -eq 0
expect "as many events" test "$(count .events)" = "$events"
expect "further facets are continued lines" test "$(count .read.continued)" = $((lines - events))
events_of "$work/all.jsonl" >"$work/all.events"
events_of "$work/again.jsonl" >"$work/again.events"
expect "the same facets with the same fields" cmp "$work/all.events" "$work/again.events"

# One organization: labels may differ from one to the next, and a line carries one.
alerts_of() { # arguments of replay…: without places
	mews replay --no-store --as-of 2026-06-01 --org build-farm --alerts --format json "$@"
	jq -c '.alerts[] | [.organization, .detection, .condition, .label, .time, (.event | walk(if type == "object" then del(.["event.dataset"]) else . end))]' "$work/out" | sort
}
# What belongs to one organization is no other's, and one file is everybody's. Sequences end with a file: engine-* have some.
mkdir "$work/everybodys"
for dataset in "$work"/part/*; do
	[[ $dataset == */engine-* ]] || grep -q '^organizations:' "$dataset/corpus.yaml" || ln -s "$dataset" "$work/everybodys/"
done
alerts_of "$work/everybodys" >"$work/alerts"
mkdir "$work/exported"
mews export --as ecs --org build-farm -o "$work/exported/all.jsonl" "$work/everybodys"
expect "labels of one organization: exit status 0" test "$status" -eq 0
printf 'name: exported\nformat: json\ndialect: ecs\nfiles: [all.jsonl]\norigin: exported\nlicense: CC0-1.0\ndefault: unknown\nlabel_name: labels.mews_label\n' >"$work/exported/corpus.yaml"
alerts_of "$work/exported" >"$work/alerts.back"
expect "there are alerts" test -s "$work/alerts"
expect "the same alerts, each with its label" cmp "$work/alerts" "$work/alerts.back"

# What has no time (manifests) is measured by its files, and an export joins those.
mkdir "$work/timed" "$work/audit"
for dataset in "$work"/part/*; do
	[[ $dataset == */manifests-* ]] || ln -s "$dataset" "$work/timed/"
	# A log whose episodes are times becomes a file for each, and lineage ends with a file: hosts' logs stay away from there.
	! grep -qx 'format: auditd' "$dataset/corpus.yaml" || [[ $dataset == */hosts-* ]] || ln -s "$dataset" "$work/audit/"
done
figures() { # dataset…: but for how many predicates the engine asked, which is its own affair
	mews replay --no-store --as-of 2026-06-01 --format csv "$@"
	awk -F, -v OFS=, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "predicates") at = i } at { $at = "" } 1' "$work/out"
}
mews export --as ecs -o "$work/corpus/" "$work/timed"
expect "a corpus as a folder: exit status 0" test "$status" -eq 0
figures "$work/timed" >"$work/figures"
expect "there are figures" grep -q ',predicates' "$work/out"
figures "$work/corpus" >"$work/figures.back"
expect "the same figures from the exported corpus" cmp "$work/figures" "$work/figures.back"

# The same as audit records: another format, derived anew, the same figures.
mews export --as auditd -o "$work/records/" "$work/audit"
expect "a corpus of audit records: exit status 0" test "$status" -eq 0
figures "$work/audit" >"$work/figures"
figures "$work/records" >"$work/figures.back"
expect "the same figures from audit records" cmp "$work/figures" "$work/figures.back"

mews export --as ecs -o "$work/corpus/" "$work/timed"
expect "a dataset that is there is not written over: status 2" test "$status" -eq 2
expect "and the sentence says so" grep -q 'is there already' "$work/err"
expect "nothing is left of it" test -z "$(find "$work/corpus" -name '*.new')"

# Events with labels of their own: in a format that cannot carry them, a file and an episode for each label.
mkdir -p "$work/own"
printf '%s\n' '{"event":{"category":"process","action":"exec","outcome":"success"},"process":{"args":["docker","run","--privileged","x"],"pid":7},"verdict":"malicious"}' \
	'{"event":{"category":"process","action":"exec"},"process":{"args":["ls"],"pid":8},"verdict":"benign"}' \
	'{"event":{"category":"process","action":"exec"},"process":{"args":["ls"],"pid":9}}' >"$work/own/events.jsonl"
printf 'name: own\nformat: json\ndialect: ecs\nfiles: [events.jsonl]\norigin: made for this test\nlicense: CC0-1.0\ndefault: unknown\nlabel_name: verdict\n' >"$work/own/corpus.yaml"
mews export --as scap -o "$work/own-scap/" "$work/own"
expect "labels of single events as scap: exit status 0" test "$status" -eq 0
expect "a file for each label" test "$(cd "$work/own-scap/own/events" && echo *)" = "events-benign.scap events-malicious.scap events.scap"
expect "and an episode for each" grep -A 2 '"events-malicious"' "$work/own-scap/own/corpus.yaml"
mews export --as ecs -o "$work/own-ecs/" "$work/own"
expect "as ecs they stand in the lines, a line for each facet" test "$(jq -r .labels.mews_label "$work/own-ecs/own/events/events.jsonl" | tr '\n' ' ')" = "malicious malicious benign unknown "
expect "and corpus.yaml names them" grep -q '^label_name: "labels.mews_label"' "$work/own-ecs/own/corpus.yaml"

# Nothing half-written: a file with more rejected lines than may be.
printf 'no audit record\n%.0s' {1..20} >"$work/broken.log"
echo old >"$work/kept"
mews export --as ecs --reader auditd -o "$work/kept" "$work/broken.log"
expect "too much was rejected: status 2" test "$status" -eq 2
expect "the file is as it was" test "$(cat "$work/kept")" = old
expect "no temporary file stays" test -z "$(find "$work" -name 'kept.*')"

mews export --as ecs -o "$work/no/such/folder/file"
expect "a folder that is not there: status 2" test "$status" -eq 2
mews export --as ecs -o /dev/full
expect "a full disk: status 2" test "$status" -eq 2
mews export
expect "no format: status 2" test "$status" -eq 2
mews export --as nothing
expect "an unknown format: status 2" test "$status" -eq 2
mews export --as ecs --org nobody
expect "an unknown organization: status 2" test "$status" -eq 2

# Bytes that are no UTF-8 are replaced, and that is said.
printf 'type=SYSCALL msg=audit(1700000000.000:1): arch=c000003e syscall=59 success=yes exit=0 a0=0 a1=0 a2=0 a3=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="x" exe="/bin/x" key=(null)\ntype=EXECVE msg=audit(1700000000.000:1): argc=2 a0="x" a1=FF41\ntype=PROCTITLE msg=audit(1700000000.000:1): proctitle="x"\n' >"$work/bytes.log"
mews export --as ecs --format json -o "$work/bytes.jsonl" "$work/bytes.log"
expect "bytes that are no UTF-8: written in part" test "$(count .partly)" = 1
expect "with the reason" grep -q 'UTF-8' "$work/out"
expect "and still JSON" jq -e '.process.args[1] == "\ufffdA"' "$work/bytes.jsonl"

finish
