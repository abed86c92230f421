#!/usr/bin/env bash
# Packs in the real Falco, where a developer has one: FALCO names the program, FALCO_CONTAINER the container plugin's
# library (libcontainer.so). Every pack of the shipped catalog and of the golden one must load, and the public rules beside it.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh

if [ -z "${FALCO-}" ] || [ -z "${FALCO_CONTAINER-}" ]; then
	skip "no real Falco: FALCO and FALCO_CONTAINER name neither a program nor its container plugin"
	finish
fi

cat >"$work/falco.yaml" <<END
engine: {kind: nodriver}
load_plugins: [container]
plugins: [{name: container, library_path: $FALCO_CONTAINER, init_config: ""}]
stdout_output: {enabled: true}
rules_files: []
END

loads() { # file…
	local file options=()
	for file in "$@"; do
		options+=(-V "$file")
	done
	run "$FALCO" -c "$work/falco.yaml" "${options[@]}"
	[ "$status" -eq 0 ] && ! grep -q 'LOAD_ERR' "$work/out" "$work/err"
}

run "$MEWS" --store "$work/mews.db" generate falco -o "$work/packs"
expect "packs of the shipped catalog are written" [ "$status" -eq 0 ]
for pack in "$work"/packs/falco/*/mews_rules.yaml tests/golden/generator/packs/falco/*/mews_rules.yaml; do
	expect "loads: $pack" loads "$pack"
done

printf -- '- rule: broken\n  desc: no such field\n  condition: evt.type = open and no.such.field = 1\n  output: x\n  priority: NOTICE\n' \
	>"$work/broken.yaml"
broken() { ! loads "$work/broken.yaml"; }
expect "a rule that is no good is refused (so that loading says something)" broken

if [ -d ../shared/rules/falco ]; then
	run "$MEWS" --store "$work/taken.db" import falco ../shared/rules/falco -o "$work/taken"
	run "$MEWS" --catalog "$work/taken" --store "$work/taken.db" generate falco -o "$work/again"
	expect "rules that were taken in, written again, load" loads "$work/again/falco/plain/mews_rules.yaml"
else
	skip "../shared/rules/falco is not there: public rules written again"
fi
finish
