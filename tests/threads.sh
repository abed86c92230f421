#!/usr/bin/env bash
# What runs in threads, watched by ThreadSanitizer: a build of its own, of the suites that have threads (Makefile,
# TSAN_SUITES). A race is a failure, whatever the results.
set -u
cd "$(dirname "$0")/.." || exit 2
build=${BUILD:-build} clang=${CLANG:-clang}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}

read -r -a compiler <<<"$clang"
command -v "${compiler[0]}" >/dev/null || skip "ThreadSanitizer: there is no $clang"
echo 'int main(void) { return 0; }' >"$work/a.c"
if ! "${compiler[@]}" -fsanitize=thread -o "$work/a" "$work/a.c" 2>/dev/null || ! "$work/a" 2>/dev/null; then
	skip "ThreadSanitizer: $clang makes no program here that runs with it"
fi
make -s "$build/tsan/unit" BUILD="$build" CLANG="$clang" || { echo "0 passed, 1 failed, 0 skipped"; exit 1; }
TSAN_OPTIONS="halt_on_error=1 exitcode=66" "$build/tsan/unit" >"$work/out" 2>&1
status=$?
cat "$work/out"
if [ $status -eq 66 ]; then
	echo "a data race"
	echo "0 passed, 1 failed, 0 skipped"
fi
exit $status
