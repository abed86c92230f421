#!/usr/bin/env bash
# The command as a user meets it: help, exit statuses, streams, project file, no terminal.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
catalog=$(realpath rulesets)
store=$work/mews.db

run "$mews"
expect "no verb is wrong use" [ "$status" -eq 2 ]
expect "…and says how, on standard error" grep -q '^Usage: mews' "$work/err"
expect "…and nothing on standard output" [ ! -s "$work/out" ]
run "$mews" --help
expect "--help is fine" [ "$status" -eq 0 ]
run "$mews" --version
expect "--version" grep -Eq '^mews [0-9]+\.[0-9]+\.[0-9]+$' "$work/out"
run "$mews" frobnicate
expect "an unknown verb is wrong use" [ "$status" -eq 2 ]
expect "…and is named" grep -q 'frobnicate' "$work/err"

run "$mews" help
expect "help is fine" [ "$status" -eq 0 ]
run "$mews" help replay
expect "help VERB is the verb's help" grep -q '^  mews replay ' "$work/out"
run "$mews" help frobnicate
expect "help of an unknown verb is wrong use" [ "$status" -eq 2 ]
run "$mews" --no-such-option list
expect "an unknown option before the verb is named" grep -q '^mews: error: unknown option --no-such-option (see mews --help)$' "$work/err"
run "$mews" replay -xyz
expect "of joined letters the unknown one is named" grep -q 'unknown option -x ' "$work/err"
run "$mews" replay --wide=3
expect "a switch takes no value" grep -q 'takes no value: --wide=3' "$work/err"
run "$mews" --cat "$catalog" --stor "$store" load
expect "options before the verb may be shortened" [ "$status" -eq 0 ]
rm -f "$store"
run "$mews" --store '' --catalog "$catalog" load
expect "an empty store is wrong use" [ "$status" -eq 2 ]

for verb in check load generate replay label explain list show; do
	run "$mews" "$verb" --help
	expect "$verb --help is fine" [ "$status" -eq 0 ]
	expect "$verb --help shows examples" grep -q '^Examples:' "$work/out"
	run "$mews" "$verb" --no-such-option
	expect "$verb refuses an unknown option" [ "$status" -eq 2 ]
	expect "$verb names that option" grep -q -- '--no-such-option' "$work/err"
done

run "$mews" check "$catalog" --format json
expect "the shipped catalog's tests pass" [ "$status" -eq 0 ]
expect "…with no warning" [ ! -s "$work/err" ]
expect "check --format json counts" jq -e '.detections >= 15 and .tests >= 60 and .failed == []' "$work/out"

run "$mews" --catalog "$catalog" --store "$store" load
expect "load" [ "$status" -eq 0 ]
expect "…says the revision" grep -q 'revision [0-9a-f]\{12\} loaded' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" load
expect "the same content is stored once" grep -q 'was there already' "$work/out"
run "$mews" --catalog "$work/nothing-here" --store "$store" list detections --format json
expect "the store serves without the folder" jq -e 'length >= 15' "$work/out"
expect "…and says so" grep -q 'nothing-here: warning: no catalog is there; revision [0-9a-f]\{12\} serves' "$work/err"
run "$mews" --catalog "$work/nothing-here" --store "$work/empty.db" list
expect "neither folder nor store is wrong input" [ "$status" -eq 2 ]
for verb in 'check' 'load' 'list' 'import sigma x.yml' 'replay x' 'label x'; do
	# shellcheck disable=SC2086
	run "$mews" --catalog "$work/nothing-here" --store "$work/empty.db" $verb
	expect "$verb without a catalog says how to name one" grep -q -- '--catalog DIR' "$work/err"
done

for kind in detections organizations fields events lists dialects targets formats runs revisions; do
	run "$mews" --catalog "$catalog" --store "$store" list "$kind"
	expect "list $kind" [ "$status" -eq 0 ]
done
run "$mews" --catalog "$catalog" --store "$store" list birds
expect "list of an unknown kind is wrong use" [ "$status" -eq 2 ]
run "$mews" --catalog "$catalog" --store "$store" show docker-socket-mount
expect "show a detection" grep -q '^severity *high' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" show docker-socket-mount --format json
expect "show --format json" jq -e '.conditions.requested | startswith("container where")' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" show build-farm
expect "show an organization" grep -q '^exceptions: ' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" show nobody
expect "show of an unknown name is wrong use" [ "$status" -eq 2 ]

socket='{event.category: process, event.action: exec, process.name: docker, process.args: [docker, run, -v, "/var/run/docker.sock:/x", alpine]}'
run "$mews" --catalog "$catalog" --store "$store" explain docker-socket-mount "$socket"
expect "explain a typed event" grep -q '^docker-socket-mount matches this event$' "$work/out"
expect "…shows what the predicate saw" grep -q '<- /run/docker.sock:/x:rw' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" explain docker-socket-mount '{event.category: process, event.action: exec, procces.name: docker}'
expect "explain with a misspelt field is wrong input" [ "$status" -eq 2 ]
expect "…with its place and a hint" grep -Eq '^EVENT:1:[0-9]+: error: .*process.name' "$work/err"
run "$mews" --catalog "$catalog" --store "$store" explain docker-socket-mount nonsense
expect "explain without an event is wrong use" [ "$status" -eq 2 ]
run "$mews" --catalog "$catalog" --store "$store" explain docker-socket-mount '[]'
expect "an event without a facet is wrong input" [ "$status" -eq 2 ]

run "$mews" --catalog "$catalog" --store "$store" generate falco
expect "generate without -o is wrong use" [ "$status" -eq 2 ]
run "$mews" --catalog "$catalog" --store "$store" generate snort -o "$work/packs"
expect "an unknown target is wrong use" [ "$status" -eq 2 ]
expect "…and leaves nothing behind" [ ! -e "$work/packs" ]
run "$mews" --catalog "$catalog" --store "$store" generate all --org build-farm -o "$work/packs"
expect "generate all" [ "$status" -eq 0 ]
expect "…tells of exceptions that no rule can say" grep -Eq '^auditd +build-farm .* 0/0/8 ' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" generate all --org build-farm -o "$work/again"
expect "the same input gives the same bytes" diff -r "$work/packs" "$work/again"
run "$mews" --catalog "$catalog" --store "$store" generate falco sigma --org web-shop -o "$work/one" --format json
expect "generate --format json" jq -e 'map(.organization) == ["web-shop", "web-shop"]' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" generate all falco --org web-shop --org plain --org web-shop -o "$work/one" -f json
expect "each target and organization once, plain beside others" \
	jq -e 'map(select(.target == "falco").organization) == ["plain", "web-shop"]' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" generate falco -o ''
expect "an empty output folder is not the root of the disk" [ "$status" -eq 2 ]

# The program's own view of a log: replay, its alerts with their places, and explain at such a place.
log=$work/socket.jsonl
printf '%s\n' '{"event":{"category":"process","action":"exec"},"process":{"name":"docker","args":["docker","run","-v","/run/docker.sock:/s","alpine"]}}' \
	'{"event":{"category":"process","action":"exec"},"process":{"name":"docker","args":["docker","ps"]}}' >"$log"
run "$mews" --catalog "$catalog" --store "$store" replay -d ecs --org web-shop --org build-farm --org web-shop --alerts "$log"
expect "replay with an organization named twice" [ "$status" -eq 0 ]
expect "of an unlabelled log only what alerts is a row" grep -qE '^[0-9]+ more without alerts or expectations' "$work/out"
expect "--alerts tells the place" grep -q 'docker-socket-mount: unknown for web-shop, build-farm, at' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" list runs -f json
expect "a run says how it was called" jq -e '.[-1].arguments | startswith("--dialect ecs --org web-shop ") and endswith("socket.jsonl")' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" explain docker-socket-mount -d ecs "$log:1"
expect "…that explain takes" grep -q '^docker-socket-mount matches this event$' "$work/out"
(cd "$work" && run "$mews" --catalog "$catalog" --store "$store" replay -d falco socket.jsonl)
expect "events without meaning are told" grep -q 'to 2 of its 2 events the dialect gives no meaning' "$work/out"
run "$mews" --catalog "$catalog" --store "$store" replay --html "$work/r.html" -d ecs "$log"
expect "the report's path is told" grep -q "^HTML report: $work/r.html\$" "$work/err"
run bash -c '"$@" 2>&1 | tail -n 1' - "$mews" --catalog "$catalog" --store "$store" replay --html "$work/r.html" -d ecs "$log"
expect "…as the last word" grep -q '^HTML report: ' "$work/out"
(cd "$work" && run "$mews" --catalog "$catalog" --store "$store" replay && exit "$status")
expect "replay where no corpus is, is wrong input" [ $? -eq 2 ]

mkdir "$work/project"
cp -r "$catalog" "$work/project/rules"
printf 'catalog: rules\nstore: here.db\norganizations: [web-shop]\n' >"$work/project/mews.yaml"
(cd "$work/project" && run "$mews" list && exit "$status")
expect "a project file is found" [ -f "$work/project/here.db" ]
printf 'catalogue: rules\n' >"$work/project/mews.yaml"
run "$mews" --project "$work/project/mews.yaml" list
expect "an unknown key in it is wrong input" [ "$status" -eq 2 ]
expect "…with file, line and column" grep -q 'mews.yaml:1:1: error: ' "$work/err"

run "$mews" --catalog "$catalog" --store "$store" list --coverage --surface hots
expect "a surface that there is not is wrong use" [ "$status" -eq 2 ]
expect "…which says what there is, and the nearest" grep -q -- '--surface takes host, .* or secrets, not "hots"; did you mean "host"' "$work/err"

"$mews" --catalog "$catalog" --store "$store" list fields >/dev/full 2>"$work/err"
expect "a full disk is no success" [ $? -eq 2 ]
"$mews" --catalog "$catalog" --store "$store" list fields >&- 2>"$work/err"
expect "a closed standard output is no success" [ $? -eq 2 ]
finish
