#!/usr/bin/env bash
# One container, five tellers: what mews derives of a client's command line, what it reads in the body of the API call
# that the client made, what dockerd -D logs of that call, what `docker inspect` says of the container that came of it, and
# the compose file that asks for the same. The recorded ones always; with root and dockerd, a real engine again (corpus/record/engine.sh).
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
here=tests/engine

command -v python3 >/dev/null || {
	skip "container tellers: no python3"
	finish
}

export_of() { # reader dialect file out
	run "$MEWS" --store "$work/mews.db" export --as ecs --reader "$1" ${2:+--dialect "$2"} -o "$4" "$3"
	expect "$3 is exported" test "$status" -eq 0
}

python3 - "$here/cases.txt" >"$work/lines.jsonl" <<'P'
import json, shlex, sys
for line in open(sys.argv[1]):
    if line.strip() and not line.startswith("#"):
        name, words = line.rstrip("\n").split("\t")
        print(json.dumps({"event": {"category": "process", "action": "exec", "outcome": "success"},
            "process": {"args": ["docker", "create", "--name", name] + shlex.split(words), "working_directory": "/"}}))
P
cases=$(grep -vc '^#' "$here/cases.txt")
export_of json ecs "$work/lines.jsonl" "$work/line"
export_of compose "" "$here/compose.yaml" "$work/compose"

compare() { # what folder
	export_of json docker-api "$2/calls.jsonl" "$work/api"
	export_of json docker-inspect "$2/inspect.json" "$work/inspect"
	export_of syslog "" "$2/dockerd.log" "$work/log"
	run python3 "$here/compare.py" line="$work/line" api="$work/api" inspect="$work/inspect" log="$work/log" \
		compose="$work/compose"
	cat "$work/out"
	expect "$1: every teller says the same" test "$status" -eq 0
	expect "$1: every container was compared" grep -q "^$cases containers" "$work/out"
}

# Each event of the engine is understood as what it is.
events() { # what folder
	export_of json docker-events "$2/events.jsonl" "$work/events"
	jq -r '.event | "\(.category[0]).\(.action)"' "$work/events" | sort | uniq -c >"$work/told"
	jq -r 'def act: if .Type == "container" then
			({"create": "create", "start": "start", "die": "stop", "destroy": "delete"}[.Action] //
			 (if .Action | startswith("exec_start") then "exec" else "other" end)) | "container.\(.)"
		else ({"create": "create", "pull": "create", "import": "create", "destroy": "delete", "delete": "delete",
			"untag": "delete", "tag": "update"}[.Action] // "other") | "api.\(.)" end; act' "$2/events.jsonl" |
		sort | uniq -c >"$work/wanted"
	run diff "$work/wanted" "$work/told"
	expect "$1: every engine event is understood" test "$status" -eq 0
	expect "$1: none is lost" test "$(wc -l <"$2/events.jsonl")" -eq "$(wc -l <"$work/events")"
}

compare recorded "$here"
events recorded "$here"

run timeout 120 corpus/record/engine.sh "$here/cases.txt" "$work/live"
if [ "$status" -eq 77 ]; then
	skip "a real engine: $(sed -n 's/^skipped: //p' "$work/out")"
elif [ "$status" -ne 0 ]; then
	skip "a real engine: it does not run here ($(tail -n 1 "$work/err" | cut -c 1-200))"
else
	compare live "$work/live"
	events live "$work/live"
fi

finish
