#!/usr/bin/env bash
# `mews replay` gives the same bytes whatever the number of threads and wherever batches end: every report, the stored rows and
# what is said of damaged lines; over all formats, packed or not, with detections that are sequences over shuffled events.
#
# The page has a table of what all targets can say, which takes longer than the events of a small dataset: it is compared where
# all formats and all detections meet, in the corpus and the third-party files. FULL=1 compares it everywhere.
#
# MEWS_TEST_BATCH is the size of batches in bytes: with tiny ones every event stands at a border. JOBS_ALL=1 tries every size with
# every number of threads.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh

# A catalog with sequences beside the shipped detections.
catalog=$work/catalog
mkdir -p "$catalog"
cp -R rulesets/*.yaml rulesets/detections rulesets/dialects rulesets/organizations "$catalog"
sequence() { # name id condition
	cat >"$catalog/detections/$1.yaml" <<-END
		id: $2
		name: $1
		title: A sequence over whatever is there
		description: Several events of one session in a row, or of one parent.
		status: test
		severity: high
		techniques: [T1059]
		surface: host
		author: mews project
		date: 2026-11-26
		conditions:
		  chain: |
		    $3
		tests:
		  - name: once
		    event: {event.category: process, event.action: exec, process.name: none}
		    expect: match
		  - name: never
		    event: {event.category: process, event.action: exit}
		    expect: no-match
	END
}
sequence five-in-a-row 2b0e0f3c-58a1-4d3e-9a55-0d5b8a5e1c21 \
	'sequence with maxspan=10s [process where event.action == "exec"] with runs=5'
sequence shell-and-child 2b0e0f3c-58a1-4d3e-9a55-0d5b8a5e1c22 \
	'sequence by process.parent.pid with maxspan=1m [process where process.name like "*sh"] [process where not process.name like "*sh"]'
sequence no-child 2b0e0f3c-58a1-4d3e-9a55-0d5b8a5e1c23 \
	'sequence with maxspan=2s [process where event.action == "exec"] by process.pid ![process where event.action == "exec"] by process.parent.pid'

# What depends on the moment or on how it was called stands in two tables; a third remembers hashes of old files.
rows() { # store
	if command -v sqlite3 >/dev/null; then
		sqlite3 "$1" .dump | grep -Ev '^INSERT INTO "?(run|revision|dataset_hash)"? VALUES'
	else
		echo "no sqlite3"
	fi
}

replay() { # folder jobs batch operand…
	local folder=$1 jobs=$2 batch=$3
	shift 3
	local also=(--also csv="$folder/csv" --also sarif="$folder/sarif")
	[ -z "$page" ] || also+=(--also html="$folder/html")
	mkdir -p "$folder"
	MEWS_TEST_BATCH=$batch "$program" --catalog "$catalog" --store "$folder/store" replay --jobs "$jobs" --format json --alerts --as-of 2026-11-26 \
		--max-rejected 50% "${also[@]}" "$@" \
		>"$folder/json" 2>"$folder/err" </dev/null
	echo "$?" >"$folder/status"
	sed -E -i "s#$folder#FOLDER#g" "$folder/err"
	rows "$folder/store" >"$folder/rows"
	rm -f "$folder"/store*
}

same() { # folder folder
	local file
	for file in status json csv ${page:+html} sarif err rows; do
		cmp "$1/$file" "$2/$file" || return 1
	done
}

program=$MEWS
page=yes
number=0
compare() { # name "THREADS:BATCH…" operand…
	local name=$1 ways=$2 way jobs batch
	shift 2
	number=$((number + 1))
	replay "$work/$number" 1 0 "$@"
	cp "$work/$number/err" "$work/err"
	expect "$name: something was replayed" test "$(cat "$work/$number/status")" -le 1 -a -s "$work/$number/json"
	expect "$name: something alerts" grep -q '"condition"' "$work/$number/json"
	[ -z "${JOBS_ALL:-}" ] || ways=$(printf '%s ' {1,2,3,5}:{0,1,100,777,3000,20000,200000})
	for way in $ways; do
		jobs=${way%:*} batch=${way#*:}
		rm -rf "$work/other"
		replay "$work/other" "$jobs" "$batch" "$@"
		run same "$work/$number" "$work/other"
		expect "$name: $jobs threads and batches of $batch bytes give the same" test "$status" -eq 0
	done
}

part_of_corpus "$work/corpus" 20000 "*"
compare "the corpus" "2:0 3:5000" "$work/corpus"
[ "$(command -v sqlite3)" ] || skip "sqlite3: stored rows were not compared"

page=${FULL:-}

# The same events as JSON lines and CSV of their fields; in another order, keys in another order, some of them damaged.
small=(corpus/container-attacks-holdout/events/*)
run "$MEWS" --store "$work/export.db" export --as ecs -o "$work/plain.jsonl" "${small[@]}"
expect "events are exported" test -s "$work/plain.jsonl"
if command -v python3 >/dev/null; then
	python3 - "$work" <<'P'
# Made at test time: recorded events, shuffled, by a seed.
import csv, json, random, sys
work, chance = sys.argv[1], random.Random(6)
lines = [line for line in open(work + "/plain.jsonl")]
for at in range(0, len(lines), 20):
    part = lines[at:at + 20]
    chance.shuffle(part)
    lines[at:at + 20] = part
open(work + "/shuffled.jsonl", "w").writelines(lines)
def keys(value):
    if not isinstance(value, dict):
        return value
    names = list(value)
    chance.shuffle(names)
    return {name: keys(value[name]) for name in names}
with open(work + "/keys.jsonl", "w") as out:
    for line in lines:
        out.write(json.dumps(keys(json.loads(line)), ensure_ascii=chance.random() < .5) + chance.choice(["\n", "\n", "\r\n", "\n\n"]))
with open(work + "/damaged.jsonl", "w") as out:
    for line in lines:
        out.write(line if chance.random() < .9 else chance.choice([line[:len(line) // 2] + "\n", "[1, 2]\n", "\"\n", line.rstrip("\n") + "}\n", "{\"a\":\n1}\n"]))
def flat(value, name=""):
    if isinstance(value, dict):
        for key in value:
            yield from flat(value[key], name + "." + key if name else key)
    else:
        yield name, value[0] if isinstance(value, list) and value else value
events = [dict(flat(json.loads(line))) for line in lines]
names = sorted({name for event in events for name in event})
with open(work + "/events.csv", "w", newline="") as out:
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(events)
P
	compare "shuffled JSON" "1:700 2:1 3:20000" --reader json --dialect ecs "$work/shuffled.jsonl"
	compare "JSON with keys in any order" "2:5000" --reader json --dialect ecs "$work/keys.jsonl"
	compare "JSON with damaged lines" "1:1 3:700" --reader json --dialect ecs "$work/damaged.jsonl"
	compare "CSV" "1:777 2:1" --reader csv --dialect ecs "$work/events.csv"
	if command -v zstd >/dev/null && command -v gzip >/dev/null; then
		zstd -q -k "$work/shuffled.jsonl" && gzip -k "$work/keys.jsonl"
		compare "packed JSON" "2:2000" --reader json --dialect ecs "$work/shuffled.jsonl.zst" "$work/keys.jsonl.gz"
	else
		skip "zstd and gzip: packed files"
	fi
else
	skip "python3: shuffled JSON, damaged JSON, CSV"
fi

page=yes

# All formats at once, files that cannot be cut among them.
others=${MEWS_CORPORA:-../shared/corpora}
if [ -d "$others" ]; then
	compare "third-party files of every format" "2:700 3:20000" "$others"
else
	skip "third-party files ($others)"
fi

# With sanitizers: each log's first lines, since such a program is a dozen times slower; its page is the unit tests'.
page=${FULL:-}
if [ -x "$MEWS_ASAN" ] && [ "$MEWS_ASAN" != "$MEWS" ]; then
	part_of_corpus "$work/part" 300 "*" 300
	replay "$work/plain" 1 0 "$work/part"
	expect "of the part, too, something alerts" grep -q '"condition"' "$work/plain/json"
	program=$MEWS_ASAN
	replay "$work/sanitized" 3 5000 "$work/part"
	run same "$work/plain" "$work/sanitized"
	expect "with sanitizers, three threads: the same" test "$status" -eq 0
else
	skip "the program with sanitizers"
fi
finish
