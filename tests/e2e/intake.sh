#!/usr/bin/env bash
# Recordings as they come: what a file is taken for, files and folders and globs and pipes, and that every line is
# accounted for, file by file. The environment variable CORPORA names a folder with others' data (default ../shared/corpora).
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
catalog=$(realpath rulesets)
corpora=${CORPORA:-../shared/corpora}
m() { run timeout 120 "$mews" --catalog "$catalog" --store "$work/mews.db" "$@"; }
r() { m replay --no-store "$@"; }
balanced='all(.datasets[], .datasets[].files[]; .lines == .event_lines + .continued + .blank + .rejected)'
sums='all(.datasets[]; . as $d | all("lines", "events", "continued", "blank", "rejected", "unmapped", "unfilled"; . as $k | $d[$k] == ([$d.files[][$k]] | add)))'

mkdir -p "$work/logs/deep/er" "$work/logs/.git"
cd "$work/logs" || exit 2
printf 'type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=59 success=yes exit=0 pid=2 comm="ls" exe="/bin/ls"\ntype=EOE msg=audit(1.000:1):\n' >audit.log
printf '{"output_fields":{"evt.type":"execve","proc.name":"ls","proc.cmdline":"ls -l"},"priority":"Notice","rule":"r","time":"2026-01-01T00:00:00Z"}\n' >falco.json
printf '{"event.category":"process","event.action":"exec","process.name":"ls"}\nodd\n' >deep/ecs.json
printf '{"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"name": "c", "image": "nginx"}]}}\n' >deep/er/pod.json
printf '{"name": "p", "services": {"web": {"image": "nginx"}}}\n' >deep/er/compose.json
printf 'services:\n  web:\n    image: nginx\n' >deep/er/compose.yaml
printf 'apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n    - name: c\n      image: nginx\n' >deep/er/pod.yaml
printf 'Jan  1 00:00:01 host sshd[7]: Accepted publickey for deploy from 192.0.2.1 port 22 ssh2\n' >messages
gzip -k audit.log
: >empty.log
head -c 3000 /dev/zero >zeroes.bin
printf '\211PNG\r\n\032\n' >picture
printf 'Dear reader,\nthis is a letter.\n' >letter.txt
printf '{"colour":"red"}\n{"colour":"blue"}\n' >colours.json
printf 'x\n' >.git/config
ln -s audit.log link.log
mkfifo pipe
cd - >/dev/null || exit 2

# Each file is told on its own.
told() { # file, what
	r "$work/logs/$1"
	expect "$1 is $2" grep -q "$1: $2" "$work/err"
	expect "…and that is enough to read it" [ "$status" -eq 0 ]
}
told audit.log auditd
told audit.log.gz auditd
told falco.json 'json, dialect falco (of its beginning 1 of 1 events understood)'
told deep/er/compose.yaml compose
told deep/er/pod.yaml kubernetes
told deep/er/pod.json kubernetes
told deep/er/compose.json compose
told messages syslog
printf 'timestamp;processId;userId;processName;eventName;argsNum;returnValue\n1.5;7;0;ls;execve;0;0\n' >"$work/rows.csv"
for separator in ';' ',' '|' '\t'; do
	sed "s/;/$separator/g" "$work/rows.csv" >"$work/logs/deep/rows.csv"
	told deep/rows.csv 'csv, dialect [a-z]* (of its beginning 1 of 1 events understood)'
done
rm "$work/logs/deep/rows.csv"
r --max-rejected 50% "$work/logs/deep/ecs.json"
expect "deep/ecs.json is json, dialect ecs" grep -q 'ecs.json: json, dialect ecs' "$work/err"
for format in '' .gz; do
	expect "standard input is told, too ($format)" sh -c "'$mews' --catalog '$catalog' --store '$work/mews.db' replay --no-store -f json - <'$work/logs/audit.log$format' 2>'$work/err' | jq -e '.datasets[0].lines == 2 and .datasets[0].events == 1'"
done
expect "…and said" grep -q '^standard input: auditd' "$work/err"
cat "$work/logs/audit.log" >"$work/logs/pipe" &
r -f json "$work/logs/pipe"
expect "a FIFO is told without losing a byte" jq -e '.datasets[0].lines == 2 and .datasets[0].events == 1' "$work/out"

for sample in tests/torture/samples/*.*; do # named after the readers that their samples are for
	name=${sample##*/}
	r --max-rejected 1 "$sample"
	taken=$(sed -n 's/^[^:]*: \([a-z-]*\).*/\1/p' "$work/err" | head -n 1)
	expect "$name is taken for ${name%%.*} ($taken)" [ "$taken" = "${name%%.*}" ]
done

# What is nothing that can be read is one diagnostic that says what to do.
wrong() { # name, file, message
	r "$work/logs/$2"
	expect "$1 is wrong input" [ "$status" -eq 2 ]
	expect "…in one line" [ "$(grep -c 'error:' "$work/err")" -eq 1 ]
	expect "…that says what to do" grep -q "$3" "$work/err"
}
wrong "a letter" letter.txt 'name one with --reader'
wrong "JSON that no dialect knows" colours.json 'no dialect that reads json understands any of 2 records: name a dialect with --dialect .*docs/dialects.md'
wrong "an empty file" empty.log 'it is empty'
wrong "zeroes" zeroes.bin 'no text, and no binary format'
wrong "a picture" picture 'it is a picture'
wrong "a file that is not there" nothing.log 'no such file, folder or dataset'
r "$work/logs/*.nothing"
expect "a glob that names nothing is wrong input" grep -q 'nothing is called so' "$work/err"
r --reader jsn "$work/logs/audit.log"
expect "an unknown reader is named" grep -q 'there is no reader "jsn"; did you mean "json"? (mews list formats)' "$work/err"
r --dialect flaco "$work/logs/falco.json"
expect "an unknown dialect is named" grep -q 'no dialect "flaco"; did you mean "falco"? (mews list dialects)' "$work/err"
r --reader json --dialect falco "$work/logs/colours.json"
expect "a wrong guess of the user's is seen: no event is understood" grep -q '0 of 2 events were understood: read as json, dialect falco' "$work/err"
expect "…and fails" [ "$status" -eq 2 ]
if [ "$(id -u)" -ne 0 ]; then
	chmod 000 "$work/logs/letter.txt"
	wrong "a file without permission" letter.txt 'Permission denied'
else
	skip "running as root: a file without permission"
fi

# A folder: every file on its own, what is none is listed.
r -f json --max-rejected 1 "$work/logs"
cp "$work/out" "$work/folder.json"
expect "a folder of mixed things replays" [ "$status" -eq 0 ]
expect "…a dataset for each format" jq -e '[.datasets[].files[].reader] | unique == ["auditd", "compose", "json", "kubernetes", "syslog"]' "$work/folder.json"
expect "…two dialects of JSON apart" jq -e '[.datasets[] | select(.files[0].reader == "json").files[0].dialect] | sort == ["ecs", "falco"]' "$work/folder.json"
expect "…plain files are of no use" jq -e 'all(.datasets[]; .use == "none")' "$work/folder.json"
expect "…nothing is skipped in silence" jq -e '[.skipped[].file | sub(".*/logs/"; "")] | sort == [".git", "colours.json", "empty.log", "letter.txt", "link.log", "picture", "pipe", "zeroes.bin"]' "$work/folder.json"
expect "…each with its reason" jq -e 'all(.skipped[]; .reason | length > 5)' "$work/folder.json"
expect "…and said" grep -q '^skipped .*/picture: it is a picture' "$work/err"
expect "every line is accounted for, in every file" jq -e "$balanced and $sums" "$work/folder.json"
r -f json "$work/logs/*.log" "$work/logs/deep/er"
expect "globs and folders together" jq -e '[.datasets[].files[].file] | length == 3' "$work/out"
r -f json "$work/logs/audit.log" "$work/logs/link.log" "$work/logs/audit.log"
expect "a file by two names is read once" jq -e '[.datasets[].files[]] | length == 1' "$work/out"
r -w "$work/logs/audit.log"
expect "--wide shows each file's account" grep -Eq 'audit.log +auditd +auditd +2 +1 +1 +0 +0 +0 +0' "$work/out"

# Rejected lines: always printed, and more than a share of them fails.
r "$work/logs/deep/ecs.json"
expect "half of the lines rejected is too many" [ "$status" -eq 2 ]
expect "…and said" grep -q '1 of 2 lines of .* were rejected, more than the share of 0.01 that is allowed (--max-rejected)' "$work/err"
expect "…with file, place and reason in the report" grep -q 'line 2: ' "$work/out"
r --max-rejected 0.5 "$work/logs/deep/ecs.json"
expect "unless that is allowed" [ "$status" -eq 0 ]
expect "…and printed all the same" grep -q 'ecs.json: 1 of 2 lines$\|1 of 2 lines rejected' "$work/out"
for share in 2 -1 x 1x ''; do
	r --max-rejected "$share" "$work/logs/audit.log"
	expect "--max-rejected $share is wrong use" [ "$status" -eq 2 ]
done
r --html "$work/report.html" --max-rejected 1 "$work/logs"
expect "the HTML report has each file" grep -q 'deep/er/compose.yaml' "$work/report.html"
expect "…and what was skipped" grep -q 'picture: it is a picture' "$work/report.html"

# A file that breaks off does not hide what was read of it, nor the others.
mkdir "$work/broken"
if command -v zstd >/dev/null; then
	zstd -dcq corpus/everyday-develop/events/backup.log.zst | gzip | head -c 20000 >"$work/broken/a.log.gz"
	cp "$work/logs/audit.log" "$work/broken/b.log"
	r -f json "$work/broken"
	expect "a packed file that is cut fails the run" [ "$status" -eq 2 ]
	expect "…is named" grep -q 'a.log.gz: error: the gzip data ends too early' "$work/err"
	expect "…and what was read is shown" jq -e "$balanced and (.datasets[0].files[0].lines > 100) and .datasets[0].files[1].lines == 2" "$work/out"
else
	skip "zstd is missing: a packed file that is cut"
fi

# Several sources of one recording are one dataset.
mkdir "$work/both"
cp "$work/logs/falco.json" "$work/logs/audit.log" "$work/both"
printf 'time,user,verdict\n2026-01-01T00:00:00Z,deploy,benign\n' >"$work/both/rows.csv"
cat >"$work/both/corpus.yaml" <<'END'
name: both
origin: this test
license: CC0-1.0
default: unknown
sources:
  - {format: auditd, files: [audit.log]}
  - {format: json, dialect: falco, files: [falco.json]}
END
r -f json "$work/both"
expect "sources of several formats are one dataset" jq -e '.datasets | length == 1 and (.[0].files | map(.reader)) == ["auditd", "json"]' "$work/out"
expect "…and its account adds up" jq -e "$balanced and $sums" "$work/out"

# Another catalog: what labels name and it has not is one line a dataset.
mkdir "$work/other"
cp -r "$catalog"/fields* "$catalog/dialects" "$work/other/"
run timeout 120 "$mews" --catalog "$work/other" --store "$work/other.db" replay --no-store corpus/container-attacks-develop
expect "labels written for another catalog are one warning" [ "$(grep -c 'warning: the catalog has none of' "$work/err")" -eq 1 ]
expect "a catalog without clients says that nothing is derived" grep -q 'the catalog has no clients.yaml: no container request is derived' "$work/err"

# Our own recordings and others'.
r -f json
expect "our corpus: every line of every file is accounted for" jq -e "$balanced and $sums and ([.datasets[].files[]] | length > 50)" "$work/out"
if [ -d "$corpora" ]; then
	r -f json --max-rejected 1 "$corpora"
	expect "others' data: every line of every file is accounted for" jq -e "$balanced and $sums and ([.datasets[].files[]] | length > 700)" "$work/out"
	jq -r '.datasets[] | "\(.files | length) files as \(.name): \(.lines) lines, \(.events) events, \(.rejected) rejected, \(.unmapped) unmapped"' "$work/out"
else
	skip "others' data ($corpora is not there)"
fi
finish
