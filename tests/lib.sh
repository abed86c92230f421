# lib: what the test scripts share. Source it from the repository's root after `set -u`.
#
#   expect "name" CONDITION…     runs the command; passes where it succeeds
#   skip "what was missing"      counts and says a skipped test
#   finish                       prints `N passed, N failed, N skipped` and ends the script
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

finish() {
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
	exit
}
