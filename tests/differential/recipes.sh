#!/usr/bin/env bash
# Recorded events as recipes (replay/readers/recipes.h) make them, against meaning.c: the corpora of other projects, where they
# are, and events that are made here and now.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

others=${MEWS_CORPORA:-../shared/corpora}

same() { # name format dialect file…
	local name=$1
	shift
	run "$BUILD/tests/differential/recipes" "$@"
	expect "$name are the same both ways" test "$status" -eq 0
	echo "$name: events, facets, differences: $(cat "$work/out")"
}

folder() { # corpus dialect
	local files
	mapfile -t files < <(find "$others/$1" -name '*.json' 2>/dev/null | sort)
	if [ ${#files[@]} -eq 0 ]; then
		skip "recorded events ($others/$1)"
	else
		same "$1" json "$2" "${files[@]}"
	fi
}

"$BUILD/tests/bench/reading" make ecs "$work/ecs.json" 1
"$BUILD/tests/bench/reading" make csv "$work/rows.csv" 1
same "made process events" json ecs "$work/ecs.json"
same "made rows" csv ecs "$work/rows.csv"
folder tetragon-book tetragon
folder kubernetes-audit-falco kubernetes-audit
folder docker-inspect-docker-java docker-inspect
finish
