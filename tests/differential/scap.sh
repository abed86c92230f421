#!/usr/bin/env bash
# Events of captures as mews reads them, and as sysdig does: every field that both have (scap.py lists what differs and
# why). SCAP_CAPTURES names a folder of .scap files; one that is written here is always compared.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
helper=${BUILD:-build}/tests/differential/scap

if ! command -v sysdig >/dev/null 2>&1; then
	skip "sysdig is not installed"
	finish
fi
if [ -z "${SCAP_CAPTURES-}" ]; then
	skip "SCAP_CAPTURES names no folder of captures"
else
	run python3 tests/differential/scap.py "$helper" sysdig "$SCAP_CAPTURES"/*.scap
	tail -n 1 "$work/out"
	expect "captures say the same to mews and to sysdig" [ "$status" -eq 0 ]
fi
finish
