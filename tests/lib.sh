# lib: what the test scripts share. Source it from the repository's root after `set -u`.
#
#   expect "name" CONDITION…     runs the command; passes where it succeeds
#   skip "what was missing"      counts and says a skipped test
#   finish                       prints `N passed, N failed, N skipped` and ends the script
#   part_of_corpus F LINES GLOB [SHORT]  the corpus' datasets that fit the glob as a folder F, long logs cut after so many lines
# A failed expectation prints the newest command's output, kept in $work/out and $work/err by `run`.
# shellcheck shell=bash
MEWS=${MEWS:-build/mews}
MEWS_ASAN=${MEWS_ASAN:-$MEWS}
work=$(mktemp -d)
passed=0 failed=0 skipped=0 status=0
lib_cleanup() { rm -rf "$work"; }
trap lib_cleanup EXIT

run() { # command…: its output in $work/out, $work/err, its status in $status
	"$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
}

expect() { # name command…
	local name=$1
	shift
	if "$@" >/dev/null 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name (last status $status): $*"
		[ ! -f "$work/out" ] || sed 's/^/    out: /' "$work/out" | head -n 12
		[ ! -f "$work/err" ] || sed 's/^/    err: /' "$work/err" | head -n 12
	fi
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: $*"
}

# What is cut is said; FULL=1 links every dataset as it is. A log is long from a megabyte (packed) on.
part_of_corpus() { # folder lines glob [lines of short logs; all of them]
	local folder=$1 lines=$2 glob=$3 short=${4:-} dataset log most cut=0
	mkdir -p "$folder"
	[ "${FULL:-}" != 1 ] || glob="*"
	for dataset in corpus/$glob; do
		[ -f "$dataset/corpus.yaml" ] || continue
		if [ "${FULL:-}" = 1 ] || { [ -z "$short" ] && [ -z "$(find "$dataset" -name '*.zst' -size +1M)" ]; }; then
			ln -s "$PWD/$dataset" "$folder/"
			continue
		fi
		cp -r "$dataset" "$folder/"
		for log in "$dataset"/events/*.zst; do
			[ -f "$log" ] || continue
			most=$short
			[ -z "$(find "$log" -size +1M)" ] || most=$lines
			if [ -n "$most" ] && [ "$(zstdcat "$log" | head -n $((most + 1)) | wc -l)" -gt "$most" ]; then
				zstdcat "$log" 2>"$work/zstd" | head -n "$most" | zstd -q -1 -f -o "$folder/${dataset##*/}/events/${log##*/}"
				cut=$((cut + 1))
			fi
		done
	done
	echo "of the corpus: $(find "$folder" -mindepth 1 -maxdepth 1 | wc -l) datasets that fit $glob, $cut logs cut after $lines${short:+ or $short} lines (FULL=1 takes all)"
}

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}
