#!/usr/bin/env bash
# What is wrong is said once, with its place, and changes nothing. Runs the program with sanitizers.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS_ASAN")
catalog=$(realpath rulesets)
store=$work/mews.db
fault() { # file under the catalog, sed script: one fault in a copy
	sed -i "$2" "$work/bad/$1"
}

"$mews" --catalog "$catalog" --store "$store" load >/dev/null
dump() { sqlite3 "$store" .dump; }
if ! command -v sqlite3 >/dev/null; then
	skip "sqlite3 is missing: that a bad catalog leaves the store unchanged"
fi
dump >"$work/before" 2>/dev/null

cp -r "$catalog" "$work/bad"
cd "$work/bad" || exit 2
fault detections/docker-socket-mount.yaml 's/^severity: high/severity: grave/'
fault detections/privileged-container.yaml 's/container.security_context.privileged == true$/container.security_context.priviledged == true/'
fault detections/core-pattern-written.yaml 's/^techniques: .*/techniques: [T16x]/'
fault detections/host-root-mount.yaml 's/^title: .*/titel: Host Root/'
fault detections/sensitive-mount-ro.yaml 's/^id: .*/id: not-a-uuid/'
fault detections/socket-parent-mount.yaml 's/file where event.action == "mount"/file where event.action == "mounted"/'
fault detections/engine-socket-connected.yaml 's/destination.address in engine_sockets/destination.address in engine_socket/'
fault detections/host-namespaces-shared.yaml 's/expect: no-match/expect: perhaps/'
fault organizations/web-shop.yaml 's/owner: operations/owner:/'
printf 'name: [unclosed\n' >organizations/broken.yaml
cd - >/dev/null || exit 2
run "$mews" --catalog "$work/bad" --store "$store" load
expect "ten faults are wrong input" [ "$status" -eq 2 ]
for file in detections/docker-socket-mount detections/privileged-container detections/core-pattern-written \
	detections/host-root-mount detections/sensitive-mount-ro detections/socket-parent-mount \
	detections/engine-socket-connected detections/host-namespaces-shared organizations/web-shop organizations/broken; do
	expect "the fault in $file has its place" grep -Eq "$file.yaml:[0-9]+:[0-9]+: error: " "$work/err"
done
expect "the misspelt field gets a hint" grep -q 'container.security_context.privileged' "$work/err"
expect "a caret shows the column" grep -Eq '^[[:space:]]*\^' "$work/err"
expect "it says that nothing was stored" grep -q 'nothing was stored' "$work/err"
if command -v sqlite3 >/dev/null; then
	dump >"$work/after"
	expect "the store is as it was" cmp "$work/before" "$work/after"
fi
run "$mews" --catalog "$work/bad" --store "$store" generate all -o "$work/packs"
expect "a bad catalog writes no pack" [ "$status" -eq 2 ] && expect "…not a file" [ ! -e "$work/packs" ]

run "$mews" --catalog "$catalog" --store /proc/none/mews.db load
expect "a store that cannot be made is wrong input" [ "$status" -eq 2 ]
head -c 20000 /dev/urandom >"$work/noise.db"
run "$mews" --catalog "$catalog" --store "$work/noise.db" load
expect "a store that is no database is wrong input" [ "$status" -eq 2 ]
expect "…and named" grep -q 'noise.db' "$work/err"

replay() { run "$mews" --catalog "$catalog" --store "$store" replay --no-store "$@"; }
replay "$work/missing.log"
expect "a missing file is status 2" [ "$status" -eq 2 ]
expect "…and named" grep -q 'missing.log' "$work/err"
: >"$work/empty.log"
replay -r auditd -f json "$work/empty.log"
expect "an empty log is read" [ "$status" -eq 0 ]
expect "…with counts" jq -e '.datasets[0].lines == 0 and .datasets[0].events == 0' "$work/out"
head -c 300000 /dev/urandom >"$work/binary.log"
replay -r auditd -f json "$work/binary.log"
expect "a binary file is over the share of rejects" [ "$status" -eq 2 ]
expect "…and counted" jq -e '.datasets[0] | .rejected > 0 and .lines == .events + .continued + .blank + .rejected' "$work/out"
replay -r auditd "$work/binary.log"
expect "…and told in the table too" grep -qi 'rejected' "$work/out"

log=$(find corpus -name '*.log.zst' | sort | head -n 1)
if [ -n "$log" ] && command -v zstd >/dev/null; then
	zstd -qdc "$log" >"$work/whole.log"
	head -c $(($(stat -c %s "$work/whole.log") - 40)) "$work/whole.log" >"$work/cut.log"
	replay -r auditd -f json "$work/cut.log"
	expect "a log cut in mid-line is accounted for" jq -e '.datasets[0] | .lines == .events + .continued + .blank + .rejected' "$work/out"
	head -c 2000 "$log" >"$work/cut.log.zst"
	replay -r auditd -f json "$work/cut.log.zst"
	expect "a truncated archive is status 2" [ "$status" -eq 2 ]
	expect "…and says so" grep -q 'cut.log.zst' "$work/err"
else
	skip "no recorded log in corpus/, or no zstd"
fi
printf '{"event.category": "process"\n[1,2\n\n{"event":{"category":"process","action":"exec"},"process":{"name":"x"}}\n' >"$work/bad.json"
replay -r json -d ecs -f json "$work/bad.json"
expect "bad JSON lines are rejected one by one" jq -e '.datasets[0] | .rejected + .blank == 3 and .events == 1' "$work/out"
mkdir -p "$work/half/falco/plain/fidelity.json.new"
run "$mews" --catalog "$catalog" --store "$store" generate falco --org plain -o "$work/half"
expect "a pack that cannot be written is status 2" [ "$status" -eq 2 ]
expect "…and leaves no file behind" [ -z "$(find "$work/half" -type f)" ]

mkfifo "$work/stream"
printf 'nothing that is known\n' >"$work/stream" &
replay "$work/stream"
expect "a stream that nothing reads is wrong input" [ "$status" -eq 2 ]
expect "…and says what to do" grep -q -- '--reader' "$work/err"
printf 'type=EOE msg=audit(1.000:1):\n' >"$work/a.log"
replay -d falco "$work/a.log"
expect "an audit log has its own dialect" [ "$status" -eq 2 ]
finish
