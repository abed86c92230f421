#!/usr/bin/env bash
# Alerts that nobody judged are listed, and what somebody decides is stored beside the data and holds in every replay.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
catalog=$(realpath rulesets)
store=$work/mews.db
m() { run "$mews" --catalog "$catalog" --store "$store" "$@"; }
exec_of() { # line's user and options: a docker command as ECS JSON
	printf '{"@timestamp":"2026-01-01T0%s:00:00Z","event.category":"process","event.action":"exec","event.outcome":"success","host.name":"h","user.name":"%s","process.name":"docker","process.args":["docker","run","%s","alpine"]}\n' "$@"
}
log=$work/app.json labels=$work/app.json.labels.yaml
{
	exec_of 1 ci --privileged
	exec_of 1 ci --privileged
	exec_of 2 build --rm
	exec_of 3 build --privileged
} >"$log"

m label "$log"
expect "alerts on unlabelled events are listed" [ "$status" -eq 0 ]
expect "…in groups" grep -q '^3 events in 2 groups to judge' "$work/out"
expect "…each with id, time, detection and place" grep -Eq '^[0-9a-f]{12}  2026-01-01T01:00:00Z  .*privileged-container.*app.json:1  and 1 more' "$work/out"
expect "…and the fields by which it matched" grep -q 'container.security_context.privileged=true' "$work/out"
m label -f json "$log"
cp "$work/out" "$work/list.json"
first=$(jq -r '.[0].id' "$work/list.json") second=$(jq -r '.[0].group[1]' "$work/list.json") third=$(jq -r '.[1].id' "$work/list.json")
expect "the list as JSON" jq -e 'length == 2 and (.[0].group | length == 2) and .[1].line == 4' "$work/list.json"
m replay --no-store --alerts "$log"
expect "replay names the ids" grep -q "id $first" "$work/out"
m replay --no-store "$log"
expect "…and shows what waits without being asked" grep -q "^  $first 2026-01-01T01:00:00Z privileged-container at" "$work/out"
m replay --no-store --html "$work/report.html" "$log"
expect "…in HTML, too" grep -q "$third" "$work/report.html"

m label "$first" "$log" --as benign --by soc --why 'a build, as "agreed": yes'
expect "a decision is stored" [ "$status" -eq 0 ]
expect "…beside the data" grep -q "^    why: 'a build, as \"agreed\": yes'\$" "$labels"
expect "…and said" grep -Eq "^$first  benign  .*app.json:1  new in " "$work/out"
expect "the data is as it was" [ "$(wc -l <"$log")" -eq 4 ]
m replay --no-store -f json --alerts "$log"
expect "the decision holds in a replay" jq -e '[.alerts[]] | any(.[]; .line == 1 and .label == "benign" and .outcome == "fp")' "$work/out"
expect "…for that event alone" jq -e '[.alerts[] | select(.line == 2) | .label] | unique == ["unknown"]' "$work/out"
m label "$log"
expect "what is judged waits no more" grep -q '^2 events in 2 groups' "$work/out"

# Comments and order stay; the same decision again changes nothing; another one replaces it.
sed -i 's/^decisions:/decisions: # ours/; s/^    line: 1$/    # seen in the build log\n    line: 1/' "$labels"
printf '# the end\n' >>"$labels"
cp "$labels" "$work/labels.before"
m label "$first" "$log" --as benign --by soc --why 'a build, as "agreed": yes'
expect "the same decision changes nothing" cmp "$labels" "$work/labels.before"
expect "…and that is said" grep -q '^Nothing changed' "$work/out"
m label "$log:4" "$log" --as malicious --by triage --why 'incident 42'
expect "an event is named by its place, too" grep -q "^$third  malicious" "$work/out"
m label "$first" "$log" --as risky --by triage --why 'no ticket' --group
expect "a changed decision says what it was" grep -q "^$first  risky (was benign)" "$work/out"
m label "$second" "$log" --as risky --by triage --why 'no ticket'
expect "comments stay" [ "$(grep -c '# ours\|# seen in the build log\|# the end\|# Decisions' "$labels")" -eq 4 ]
expect "every event has one decision" [ "$(grep -c '^  - id:' "$labels")" -eq 3 ]
m replay --no-store -f json --alerts "$log"
expect "a malicious event alerts rightly with the detections it was judged with" jq -e '[.alerts[] | select(.line == 4) | .outcome] | unique == ["tp"]' "$work/out"
m label "$log"
expect "nothing waits" grep -q '^No alert waits' "$work/out"

# Asking: a wrong letter is asked again, an empty reason too; capitals are for the group; the end of the answers is the end.
cp "$log" "$work/asked.json"
printf 'x\nB\n\nwe know it\ns\n' | "$mews" --catalog "$catalog" --store "$store" label -i --by desk "$work/asked.json" >"$work/out" 2>"$work/err"
expect "asking stores what is answered" [ "$(grep -c '^    label: benign' "$work/asked.json.labels.yaml")" -eq 2 ]
expect "…with the reason" grep -q '^    why: we know it$' "$work/asked.json.labels.yaml"
expect "…and whose answer it is" grep -q '^    by: desk$' "$work/asked.json.labels.yaml"
printf 'desk\nm\n' | "$mews" --catalog "$catalog" --store "$store" label -i "$work/asked.json" >"$work/out" 2>"$work/err"
expect "an answer without a reason is none" sh -c "[ $? -eq 0 ] && ! grep -q malicious '$work/asked.json.labels.yaml'"
m label -i --as benign "$log"
expect "asking and saying at once is wrong use" [ "$status" -eq 2 ]

# A file that grows keeps its ids; one that changed loses them, aloud.
exec_of 4 deploy --privileged >>"$log"
m label -f json "$log"
expect "a file that has grown has one more to judge" jq -e 'length == 1 and .[0].line == 5' "$work/out"
m replay --no-store "$log"
expect "…and no decision is gone" sh -c "! grep -q 'is gone' '$work/err'"
cp "$log" "$work/copy.json" && cp "$labels" "$work/copy.json.labels.yaml"
m replay --no-store "$work/copy.json"
expect "data and labels may be renamed together" sh -c "! grep -q 'is gone' '$work/err'"
m replay --no-store "$work"/copy.json*
expect "a label file that a glob names is no data" grep -q '^skipped .*labels.yaml: it describes data' "$work/err"
sed -i '1d' "$log"
m replay --no-store "$log"
expect "a decision whose event is gone is reported at its place" grep -Eq 'app.json.labels.yaml:[0-9]+:[0-9]+: warning: the event [0-9a-f]{12} is gone: something else stands in line' "$work/err"

# What is wrong is refused, and changes nothing.
cp "$labels" "$work/labels.before"
refused() { # name, message, arguments…
	local name=$1 message=$2
	shift 2
	m label "$@"
	expect "$name is refused" [ "$status" -eq 2 ]
	expect "…and said" grep -q -- "$message" "$work/err"
	expect "…and nothing is written" cmp "$labels" "$work/labels.before"
}
refused "an id that nothing has" 'is of an event "000000000000"' 000000000000 "$log" --as benign --by a --why b
refused "one unknown id among known ones" 'is of an event "000000000000"' "$log:3" 000000000000 --as benign --by a --why b
refused "a decision without a reason" '(--why)' "$log:3" --as benign --by a
refused "a decision of nobody" '(--by)' "$log:3" --as benign --why a
refused "another label" 'takes malicious, risky or benign' "$log:3" --as good --by a --why b
refused "a reason without a label" 'go with --as' "$log" --why b
refused "an id without a label" 'say what the event is' "$log:3"
refused "standard input" 'no alert of' 000000000000 - --reader json --dialect ecs --as benign --by a --why b
for fault in 's/^    by: .*/    by: ""/' 's/^    label: .*/    label: good/' 's/- id: .*/- id: "xyz"/' 's/^    line: .*/    line: 0/' 's/^    why:/    wy:/'; do
	sed "$fault" "$work/labels.before" >"$labels"
	m replay --no-store "$log"
	expect "a label file with $fault is wrong input, with its place" sh -c "[ $status -eq 2 ] && grep -Eq 'labels.yaml:[0-9]+:[0-9]+: error' '$work/err'"
done

# A plain file's label file may label stretches of it.
cat >"$labels" <<'END'
default: benign
episodes:
  - name: the attack
    lines: [3, 3]
    label: malicious
    expects: [privileged-container]
END
m replay --no-store -f json --alerts "$log"
expect "stretches of a plain file" jq -e '([.alerts[] | select(.line == 3) | .outcome] | unique == ["tp"]) and ([.alerts[] | select(.line == 1) | .outcome] | unique == ["fp"])' "$work/out"

# A dataset has one label file, which names the files below it.
mkdir "$work/set"
mv "$log" "$work/set/a.json"
cp "$work/set/a.json" "$work/set/b.json"
printf 'name: s\nformat: json\ndialect: ecs\nfiles: ["*.json"]\norigin: this test\nlicense: CC0-1.0\ndefault: unknown\n' >"$work/set/corpus.yaml"
m label -f json "$work/set"
expect "files of one content have ids of their own" jq -e '[.[].group[]] | length == 6 and (unique | length == 6)' "$work/out"
m label "$work/set/b.json:1" --as benign --by soc --why 'a test'
run "$MEWS" fmt --check "$work/set/labels.yaml"
expect "the label file is formatted" [ "$status" -eq 0 ]
expect "a file of a dataset is labelled there" grep -q '^    file: b.json$' "$work/set/labels.yaml"
m replay --no-store -f json --alerts "$work/set"
expect "…and that event alone" jq -e '[.alerts[] | select(.label == "benign") | "\(.file):\(.line)"] | unique | length == 1 and (.[0] | endswith("b.json:1"))' "$work/out"
printf 'default: benign\n' >>"$work/set/labels.yaml"
m replay --no-store "$work/set"
expect "a dataset's default stands in its corpus.yaml" [ "$status" -eq 2 ]
finish
