#!/usr/bin/env bash
# mews import auditd: each line is taken, noted or refused; the detections are those of tests/golden/auditd (UPDATE=1 writes
# them anew), pass their tests, and find what the rules' own events are; and what is written as audit rules exactly
# comes back as the same conditions.
set -u
. tests/lib.sh
golden=tests/golden/auditd
rules=tests/cases/auditd/import.template
cp "$rules" "$work/import.rules"

import() { run "$MEWS" --catalog rulesets import auditd "$@"; }

import "$work/import.rules" -o "$work/made" --format json
expect "a rule file is taken in, with findings" test "$status" -eq 1
cp "$work/out" "$work/account.json"
lines=$(grep -cvE '^(#|$)' "$rules")
expect "each line is one item" jq -e --argjson lines "$lines" '(.items | length) == $lines and .taken + .noted + .refused == $lines' "$work/account.json"
expect "what auditctl refuses is refused, and nothing else" jq -e '[.items[] | select(.taken == "refused") | .name] == ["-a always,exit -S open -F arch=b64 -k late", "-w \"/etc/quoted\" -p wa", "-a always,exit -F arch=b64 -S nosuchcall -k x"]' "$work/account.json"
expect "what is not taken exactly says why" jq -e '[.items[] | select(.taken != "exactly" and (.notes | length) == 0)] == []' "$work/account.json"
run "$MEWS" --catalog "$work/made" check
expect "the detections load and pass the tests that were made of them" test "$status" -eq 0

mkdir -p "$work/now"
cp "$work"/made/detections/*.yaml "$work/now/"
[ ! -d "$work/made/organizations" ] || cp "$work"/made/organizations/*.yaml "$work/now/"
jq -r '.items[] | "\(.taken): \(.name)", (.notes[] | "    \(.)")' "$work/account.json" >"$work/now/account.txt"
if [ "${UPDATE:-}" = 1 ]; then
	rm -rf "$golden"
	cp -r "$work/now" "$golden"
fi
run diff -r "$golden" "$work/now"
expect "detections, exceptions and account are the expected ones (else: UPDATE=1 $0)" test "$status" -eq 0

# Rules → conditions → rules → conditions, for those that audit can say exactly.
cat >"$work/exact.rules" <<'W'
-a always,exit -F arch=b64 -S execve,execveat -F euid=0 -F auid>=1000 -F auid!=unset -F success=1 -k one
-a always,exit -F arch=b32 -S execve,execveat -F euid=0 -F auid>=1000 -F auid!=unset -F success=1 -k one
-a always,exit -F arch=b64 -S unlink,unlinkat,rmdir -F auid=0 -F success=1 -k two
-a always,exit -F arch=b32 -S unlink,unlinkat,rmdir -F auid=0 -F success=1 -k two
-a always,exit -F arch=b64 -S capset -F uid!=0 -F gid<100 -F success=0 -k three
-a always,exit -F arch=b32 -S capset -F uid!=0 -F gid<100 -F success=0 -k three
-a always,exit -F arch=b64 -S init_module,finit_module,delete_module -k four
-a always,exit -F arch=b32 -S init_module,finit_module,delete_module -k four
-a always,exit -F arch=b64 -S mount,move_mount -F success=1 -F auid!=unset -F exit!=5 -k five
-a always,exit -F arch=b64 -S ptrace -F sessionid!=unset -F suid>5 -F ppid!=1 -k six
-a always,exit -F arch=b32 -S ptrace -F sessionid!=unset -F suid>5 -F ppid!=1 -k six
W
conditions() { # catalog: the expressions, one a line
	cat "$1"/detections/*.yaml | awk '/^conditions:/ { on = 1; next } /^[a-z]/ { on = 0 }
		on && /^  [a-z0-9-]+:/ { if (text != "") print text; text = ""; sub(/^  [a-z0-9-]+: *(\|-)?/, "") }
		on { gsub(/^ +| +$/, ""); text = text == "" ? $0 : text " " $0 }
		END { print text }' | sort
}
import "$work/exact.rules" -o "$work/first"
expect "exact rules are taken in" test "$status" -eq 0
run "$MEWS" --catalog "$work/first" --store "$work/first.db" generate auditd --org plain -o "$work/packs"
expect "and written again" test "$status" -eq 0
expect "exactly" jq -e '[.detections[].rows[].fidelity] | unique == ["exact"]' "$work/packs/auditd/plain/fidelity.json"
import "$work/packs/auditd/plain" -o "$work/second"
expect "and taken in again" test "$status" -eq 0
conditions "$work/first" >"$work/first.txt"
conditions "$work/second" >"$work/second.txt"
run diff "$work/first.txt" "$work/second.txt"
expect "the conditions are the same ($(wc -l <"$work/first.txt") of them)" test "$status" -eq 0 -a "$(wc -l <"$work/first.txt")" -eq 6

# --- what was taken in and written again is judged like any pack: watches, calls of one architecture ---

cat >"$work/watched.rules" <<'W'
-w /etc/passwd -p wa -k identity
-w /etc/ssh/ -p rwxa -k ssh
-a always,exit -F arch=b64 -S mount -F auid>=1000 -F auid!=unset -k mount
-a always,exit -F arch=b64 -S open -k opens
W
import "$work/watched.rules" -o "$work/watched"
expect "watches are taken in" test "$status" -eq 0
run "$MEWS" --catalog "$work/watched" --store "$work/watched.db" check
expect "with tests that hold" test "$status" -eq 0
run "$MEWS" --catalog "$work/watched" --store "$work/watched.db" verify all --org plain --made-only
expect "and no claim is wrong" test "$status" -eq 0
finish
