#!/usr/bin/env bash
# Events of captures as mews reads them, and as sysdig does: every field that both have (scap.py lists what differs and
# why), of a part of the corpus (FULL=1 for all). SCAP_CAPTURES names a folder of .scap files; one that is written here is always compared.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
helper=${BUILD:-build}/tests/differential/scap

if ! command -v sysdig >/dev/null 2>&1; then
	skip "sysdig is not installed"
	finish
fi
compare() { # name file…
	local name=$1
	shift
	run python3 tests/differential/scap.py "$helper" sysdig "$@"
	tail -n 1 "$work/out"
	expect "$name says the same to mews and to sysdig" [ "$status" -eq 0 ]
}

part_of_corpus "$work/part" 5000 "*-develop"
run "$MEWS" --store "$work/mews.db" export --as scap -o "$work/corpus.scap" "$work/part"
expect "the corpus is written as a capture" [ "$status" -eq 0 ]
compare "the corpus" "$work/corpus.scap"
gzip -k "$work/corpus.scap"
run "${BUILD:-build}/tests/differential/scap" "$work/corpus.scap"
cp "$work/out" "$work/plain"
run "${BUILD:-build}/tests/differential/scap" "$work/corpus.scap.gz"
expect "packed, it is the same to mews" cmp "$work/plain" "$work/out"
if [ -z "${SCAP_CAPTURES-}" ]; then
	skip "SCAP_CAPTURES names no folder of public captures"
else
	compare "each of SCAP_CAPTURES" "$SCAP_CAPTURES"/*.scap
fi
finish
