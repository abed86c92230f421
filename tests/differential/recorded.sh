#!/usr/bin/env bash
# The engine beside the plain evaluator on every recorded event (tests/differential/recorded.c): corpus/ and, where they are
# there, third-party recordings; by the shipped catalog and by public rules.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
program=${BUILD:-build}/tests/differential/recorded

paths=(corpus)
part_of_corpus "$work/part" 60000 "*"
others=${MEWS_CORPORA:-../shared/corpora}
if [ -d "$others" ]; then
	paths+=("$others")
else
	skip "third-party recordings ($others)"
fi

compare() { # catalog name path…
	run "$program" "$1" "${@:3}"
	grep -v "passed" "$work/out"
	expect "$2: the engine says what the plain evaluator says of every event" test "$status" -eq 0
}

taken() { # format path…
	if [ ! -d "$2" ]; then
		skip "public $1 rules (${2%/*})"
		return
	fi
	run "$MEWS" --store "$work/taken.db" import "$1" "${@:2}" -o "$work/$1"
	compare "$work/$1" "$1 rules" "$work/part" "${paths[@]:1}"
}

compare rulesets "the shipped catalog" "${paths[@]}"
taken sigma ../shared/rules/sigma-linux ../shared/rules/sigma-kubernetes
taken falco ../shared/rules/falco
finish
