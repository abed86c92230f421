#!/usr/bin/env bash
# Files that grow: alerts as they come, rotation, truncation, silence, several files at once, pipes, and a clean end.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
catalog=$(realpath rulesets)
if ! command -v zstd >/dev/null; then
	skip "zstd is missing: the recordings that grow"
	finish
fi
zstd -dcq corpus/container-attacks-develop/events/*.log.zst | head -n 6000 >"$work/all.log"
log=$work/grow.log
pid=
lib_cleanup() {
	[ -z "$pid" ] || kill -KILL "$pid" 2>/dev/null
	rm -rf "$work"
}

begin() { # arguments…: mews replay --follow in the background
	: >"$work/out"
	"$mews" --catalog "$catalog" --store "$work/mews.db" replay --follow "$@" >"$work/out" 2>"$work/err" </dev/null &
	pid=$!
}
end() { # signal
	kill "-$1" "$pid"
	wait "$pid"
	status=$?
	pid=
}
alerts() { grep -c '^20.* \[' "$work/out"; }
within() { # seconds condition…
	local left=$(($1 * 10))
	shift
	until "$@"; do
		[ $((left -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}
has_alerts() { [ "$(alerts)" -ge "$1" ]; }
lines_read() { jq -s '.[-1].datasets[0].lines' "$work/out"; }

"$mews" --catalog "$catalog" --store "$work/mews.db" replay --no-store --alerts -f json "$work/all.log" >"$work/whole.json" 2>"$work/err"
expected=$(jq '[.alerts[] | [.time, .line, .detection]] | unique | length' "$work/whole.json")
expect "the recording has alerts to wait for" [ "$expected" -gt 5 ]

# Grows, is rotated in the middle of a line's event, and ends.
head -n 2000 "$work/all.log" >"$log"
begin "$log"
expect "what stands there already is replayed" within 15 has_alerts 1
sed -n '2001,4000p' "$work/all.log" >>"$log"
sleep 0.5
mv "$log" "$log.1"
sed -n '4001,$p' "$work/all.log" >"$log"
expect "every alert comes, over a rotation" within 15 has_alerts "$expected"
end INT
expect "Ctrl-C ends it well" [ "$status" -eq 0 ]
expect "…with the table" grep -q '^Datasets' "$work/out"
expect "…in which every line is accounted for" grep -Eq ' none +6,000 ' "$work/out"
expect "the same alerts as of the whole file" [ "$(alerts)" -eq "$expected" ]
expect "lines count anew in the new file" awk '/^20.* \[/ { split($0, a, "grow.log:"); split(a[2], b, " "); if (b[1] + 0 > 4000) bad = 1 } END { exit bad }' "$work/out"

# JSON: an alert a line, then the report.
head -n 3000 "$work/all.log" >"$log"
begin -f json "$log"
within 15 grep -q '"detection"' "$work/out"
sleep 3 # all of it is read by then
: >"$log"
sleep 1
sed -n '3001,$p' "$work/all.log" >"$log"
sleep 3.5
end TERM
expect "SIGTERM ends it well, too" [ "$status" -eq 0 ]
expect "each alert is a JSON object on its line" jq -e -s 'map(select(.detection)) | length > 0 and all(.[]; .file and .line and .fields != null)' "$work/out"
expect "a truncated file is read anew" [ "$(lines_read)" = 6000 ]

# An event whose end nobody writes is handed on after a silence; syslog too.
head -n 1 "$work/all.log" >"$log"
call='arch=c000003e syscall=165 success=yes exit=0 a0=1 a1=2 a2=3 a3=0 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=1 comm="runc:[2:INIT]" exe="/usr/bin/runc" key=(null)'
printf 'type=SYSCALL msg=audit(1795469541.542:77): %s\n' "$call" >>"$log"
begin -f json "$log"
sleep 3.5
end INT
expect "an unfinished audit event is one event" jq -e -s '.[-1].datasets[0].events >= 1 and .[-1].datasets[0].rejected == 0' "$work/out"

# Two files, and a pipe that ends.
head -n 3000 "$work/all.log" >"$work/one.log"
sed -n '3001,$p' "$work/all.log" >"$work/two.log"
begin -f json "$work/one.log" "$work/two.log"
sleep 3
end INT
expect "two files are followed at once" jq -e -s '.[-1].datasets | length == 1 and .[0].files[0].lines == 3000 and .[0].files[1].lines == 3000' "$work/out"
head -n 3000 "$work/all.log" | "$mews" --catalog "$catalog" --store "$work/mews.db" replay --follow - >"$work/out" 2>"$work/err"
expect "a pipe is followed to its end" [ $? -eq 0 ]
expect "…and loses nothing" grep -Eq ' none +3,000 ' "$work/out"

# A file that is empty yet: nothing tells what will come.
: >"$work/new.log"
run "$mews" --catalog "$catalog" --store "$work/mews.db" replay --follow "$work/new.log"
expect "an empty file asks for its reader" grep -q 'it is empty: say with --reader what will come' "$work/err"
begin --reader auditd "$work/new.log"
sleep 1
head -n 3000 "$work/all.log" >>"$work/new.log"
expect "…and is followed with it" within 15 has_alerts 1
end INT
expect "…to a good end" [ "$status" -eq 0 ]

run "$mews" --catalog "$catalog" --store "$work/mews.db" replay --follow
expect "nothing to follow is wrong use" [ "$status" -eq 2 ]
run "$mews" --catalog "$catalog" --store "$work/mews.db" replay --follow corpus/everyday-develop
expect "a dataset does not grow" [ "$status" -eq 2 ]
zstd -q "$work/one.log" -o "$work/one.log.zst"
run "$mews" --catalog "$catalog" --store "$work/mews.db" replay --follow "$work/one.log.zst"
expect "a packed file does not grow" grep -q 'a packed file does not grow' "$work/err"
finish
