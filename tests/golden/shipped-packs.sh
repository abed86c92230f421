#!/usr/bin/env bash
# rulesets/packs is what the generator makes of the shipped catalog: a change of a detection shows in the
# diff of every rule that it changes. The plain packs stand there, without an organization's baseline: each further
# organization would repeat some 15 MB of rules, and is one command away. UPDATE=1 writes the packs anew.
set -u
. tests/lib.sh
day=2026-11-23 # exceptions expire; the packs are those of this day
packs=rulesets/packs
run "$MEWS" --catalog rulesets --store "$work/mews.db" generate all --as-of "$day" -o "$work/packs"
expect "the packs are written" [ "$status" -eq 0 ]

# Whatever a rule does not say exactly it gives the reason for, in every target and for every organization.
without_reason() { # fidelity.json…
	jq -r '.target as $target
		| (.detections[] | .detection as $detection | .rows[]
			| select(.fidelity != "exact" and ([.reasons[] | select(test("\\S"))] | length) == 0)
			| "\($target): \($detection), \(.condition), \(.action): \(.fidelity)"),
		  (.exceptions[] | select(.fidelity != "exact" and ((.reason // "") | test("\\S") | not))
			| "\($target): exception \(.exception): \(.fidelity)")' "$@"
}
without_reason "$work"/packs/*/*/fidelity.json >"$work/without"
expect "no condition or exception is less than exact without its reason" [ ! -s "$work/without" ]
head -n 20 "$work/without"
for word in approximate wider unsupported collects; do
	jq --arg word "$word" '(first(.detections[].rows[] | select(.fidelity == $word)) | .reasons) = [" "]' \
		"$work/packs/auditd/plain/fidelity.json" >"$work/emptied.json"
	expect "a reason that is taken from one that is $word is missed" \
		[ "$(without_reason "$work/emptied.json" | grep -c ": $word\$")" -eq 1 ]
done
run grep -h '^- macro: mews_' "$work/packs/falco/plain/mews_rules.yaml"
cp "$work/out" "$work/macros"
expect "a macro of lists.yaml keeps its name in Falco's rules" grep -qx -- '- macro: mews_by_runtime_init' "$work/macros"
expect "none is named by a field and a number alone" bash -c "! grep -q 'mews_same' '$work/macros'"

find "$work/packs" -mindepth 2 -maxdepth 2 -type d ! -name plain -exec rm -rf {} +
if [ "${UPDATE:-}" = 1 ]; then
	rm -rf "$packs"
	cp -r "$work/packs" "$packs"
fi
run diff -r "$packs" "$work/packs"
expect "rulesets/packs is up to date (else: UPDATE=1 $0)" [ "$status" -eq 0 ]
finish
