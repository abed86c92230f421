#!/usr/bin/env bash
# mews export --as auditd: what is written is read back with the same fields, by us and by libauparse; what audit cannot say
# is counted with its reason. Recorded logs of the corpus (long ones cut; FULL=1 for all), and events of other sources.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

mews() { # arguments…
	run "$MEWS" --store "$work/mews.db" "$@"
}

# Without what tells the place an event was read from. A login stands with the call that caused it: its program is lost.
events_of() { # file
	jq -cS 'select(.event.category != ["session"] or .event.action != "other") | del(.labels, .log, .mews, .event.id)' "$1"
}

there_and_back() { # name file reader [dialect]
	rm -rf "$work/there" "$work/there.log" "$work/one.jsonl" "$work/two.jsonl"
	local reader=(-r "$3" ${4:+-d "$4"}) there=$work/there.log back=(-r auditd)
	[ ! -d "$2" ] || reader=()
	if [ -d "$2" ] && [ "$(find "$2/" -name '*.log.zst' | wc -l)" -gt 1 ]; then # file by file: lineage ends with a file
		there=$work/there/ back=()
	fi
	mews export --as auditd --format json "${reader[@]}" -o "$there" "$2"
	expect "$1: written" test "$status" -eq 0
	jq -r '[.events, .written, .partly, .unsaid] | @tsv' "$work/out" >>"$work/sums"
	mews export --as ecs "${reader[@]}" -o "$work/one.jsonl" "$2"
	mews export --as ecs "${back[@]}" -o "$work/two.jsonl" "$there"
	expect "$1: read back" test "$status" -eq 0
	events_of "$work/one.jsonl" >"$work/one"
	events_of "$work/two.jsonl" >"$work/two"
}

part_of_corpus "$work/part" 10000 "*-develop" 1200
for log in "$work"/part/*; do
	grep -qx 'format: auditd' "$log/corpus.yaml" || continue
	name=${log##*/}
	there_and_back "$name" "$log" auditd
	# What cannot be said at all (records that are no call and no message) is missing from the second.
	jq -cS 'select(.event.category != ["log"])' "$work/one" >"$work/said"
	expect "$name: the same events with the same fields" cmp "$work/said" "$work/two"
	if [ -x "$BUILD/tests/differential/auparse" ]; then
		[ ! -d "$work/there" ] || find "$work/there" -name '*.log*' -exec cat {} + >"$work/there.log"
		run "$BUILD/tests/differential/auparse" "$work/there.log"
		[ "$status" -eq 77 ] || expect "$name: libauparse reads the same records" test "$status" -eq 0
	fi
done
awk '{ e += $1; w += $2; p += $3; u += $4 } END { printf "auditd: %d events, %d written, %d in part, %d not\n", e, w, p, u }' "$work/sums"

cat >"$work/ecs.jsonl" <<'END'
{"@timestamp":"2026-01-01T00:00:00.5Z","event":{"category":["process"],"action":"exec","outcome":"success"},"process":{"pid":7,"name":"docker","executable":"/usr/bin/docker","args":["docker","run","-v","/:/h o s t","é"],"command_line":"docker run -v /:/h o s t é"},"user":{"name":"ann"}}
{"@timestamp":"2026-01-01T00:00:01Z","event":{"category":["file"],"action":"modify"},"file":{"path":"/etc/cron.d/x"},"process":{"name":"sh","executable":"/bin/sh"}}
{"@timestamp":"2026-01-01T00:00:02Z","event":{"category":["network"],"action":"connect"},"destination":{"ip":"2001:db8::7","port":443,"address":"2001:db8::7"},"process":{"name":"curl","executable":"/bin/curl"}}
{"@timestamp":"2026-01-01T00:00:03Z","event":{"category":["file"],"action":"rename"},"file":{"path":"/tmp/a","target_path":"/tmp/b"}}
{"@timestamp":"2026-01-01T00:00:04Z","event":{"category":["process"],"action":"unshare"},"process":{"namespaces":{"flags":["mnt","pid"]}}}
{"@timestamp":"2026-01-01T00:00:05Z","event":{"category":["authentication"],"action":"login","outcome":"failure"},"user":{"name":"ann"},"source":{"ip":"10.0.0.9"}}
{"@timestamp":"2026-01-01T00:00:06Z","event":{"category":["process"],"action":"exec"},"process":{"name":"other","executable":"/bin/x","hash":{"sha256":"00"}}}
{"event":{"category":["process"],"action":"exec"},"process":{"name":"ls"}}
END
cat >>"$work/ecs.jsonl" <<'END'
{"@timestamp":"2026-01-01T00:00:07Z","event":{"category":["process"],"action":"kill"},"process":{"pid":70,"target":{"pid":9,"name":"a b"}}}
{"@timestamp":"2026-01-01T00:00:08Z","event":{"category":["file"],"action":"mknod","outcome":"success"},"file":{"path":"/tmp/disk","type":"block","mode":"0600","device":"259:300"}}
{"@timestamp":"2026-01-01T00:00:09Z","event":{"category":["process"],"action":"bpf"},"process":{"bpf":{"command":"BPF_PROG_LOAD"}}}
END
there_and_back "events of another source" "$work/ecs.jsonl" json ecs
# shellcheck disable=SC2317 # expect calls it
back() { # jq expression on all events that were read back
	jq -s -e "$1" "$work/two" >/dev/null
}
expect "an event without a time is not said" test "$(jq -s 'map(select(.container == null)) | length' "$work/two")" -eq 10
expect "arguments" back '.[] | select(.process.pid == 7) | .process.args == ["docker", "run", "-v", "/:/h o s t", "é"] and .user.name == "ann" and .event.outcome == "success"'
expect "a file" back '.[] | select(.file.path == "/etc/cron.d/x") | .event.action == "modify" and .process.executable == "/bin/sh"'
expect "a socket" back '.[] | select(.destination.ip == "2001:db8::7") | .destination.port == 443 and .event.action == "connect"'
expect "a rename" back '.[] | select(.file.path == "/tmp/a") | .file.target_path == "/tmp/b" and .event.action == "rename"'
expect "namespaces" back '.[] | select(.event.action == "unshare") | .process.namespaces.flags == ["mnt", "pid"]'
expect "whom a signal goes to" back '.[] | select(.event.action == "kill") | .process.target == {"pid": 9, "name": "a b"}'
expect "a device that is made" back '.[] | select(.event.action == "mknod") | .file.path == "/tmp/disk" and .file.type == "block" and .file.device == "259:300" and .file.mode == "0600"'
expect "what the kernel is asked to do with a program of its own" back '.[] | select(.event.action == "bpf") | .process.bpf.command == "BPF_PROG_LOAD"'
expect "a login" back '.[] | select(.event.action == "login") | .user.name == "ann" and .source.ip == "10.0.0.9" and .event.outcome == "failure"'
rm -f "$work/there.log"
mews export --as auditd --format json -r json -d ecs -o "$work/there.log" "$work/ecs.jsonl"
expect "what it cannot say has its reason" test "$(jq -r '[.reasons[].reason] | index("it has no time, and every record has one") != null' "$work/out")" = true
expect "what stands in no record has its reason" test "$(jq -r '.partly > 0' "$work/out")" = true
finish
