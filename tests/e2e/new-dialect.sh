#!/usr/bin/env bash
# docs/new-dialect.md does what it says: two formats that nobody has seen are read by a YAML file each. Its `sh` blocks run
# in one shell, in order, and every line of its `text` blocks is among what they printed.
set -u
. tests/lib.sh
page=docs/new-dialect.md
blocks() { # language
	awk -v fence="\`\`\`$1" '$0 == fence { inside = 1; next } /^```/ { inside = 0 } inside' "$page"
}

if ! command -v jq >/dev/null; then
	skip "jq is missing: the page was not followed"
	finish
fi
mkdir -p "$work/tree/build"
cp "$MEWS" "$work/tree/build/mews"
cp -r rulesets "$work/tree/"
blocks sh >"$work/commands"
expect "the page has commands" [ "$(wc -l <"$work/commands")" -gt 20 ]
(cd "$work/tree" && run bash -e "$work/commands" && exit "$status")
expect "every command of the page works" [ $? -eq 0 ]
while IFS= read -r line; do
	expect "it prints: $line" grep -Fxq -- "$line" "$work/out"
done < <(blocks text | grep .)
expect "nothing is an error" [ "$(grep -c 'error' "$work/err")" -eq 0 ]

# Bad input: one sentence at its place, exit status 2; nothing understood: 1.
place=$work/tree/build/dialect
in_place() { # status word… : the command's status and its words
	expected=$1
	shift
	(cd "$place" && run "$work/tree/build/mews" "$@" && exit "$status")
	expect "mews $*: exit status $expected" [ $? -eq "$expected" ]
}
printf 'name: x\nreads: json\ngroups: [{name: g, events: [{event: process.cook}]}]\n' >"$place/bad.yaml"
in_place 2 dialect check bad.yaml warden.json
expect "it names the place" grep -q 'bad.yaml:3:.*no action .cook.' "$work/err"
in_place 2 dialect check absent.yaml warden.json
in_place 2 dialect check warden.yaml absent.json
in_place 2 dialect check warden.yaml
in_place 2 dialect paint warden.yaml
in_place 2 dialect new absent.json
in_place 0 dialect new door.csv
expect "columns are raw names" grep -q '  *process.pid: pid' "$work/out"
(cd "$place" && "$work/tree/build/mews" dialect new - <warden.json >"$work/out" 2>"$work/err")
expect "a sample comes through a pipe" grep -q 'name: when, shape: date' "$work/out"
(cd "$place" && "$work/tree/build/mews" dialect check warden - <warden.json >"$work/out" 2>"$work/err")
expect "and is checked" grep -q '^Dialect warden: 3 of 4' "$work/out"
printf '{"other": 1}\n' >"$place/other.json"
in_place 1 dialect check warden.yaml other.json
printf 'no json\n' >"$place/none.json"
in_place 1 dialect check warden.yaml none.json
expect "rejected lines are named" grep -q 'none.json:1: ' "$work/out"
printf '1764111601;web-1;start;71\n' >"$place/bare.csv"
in_place 0 dialect check door bare.csv --columns at,machine,what,pid --separator ';'
expect "columns and separators are told" grep -q 'process.pid' "$work/out"
finish
