#!/usr/bin/env bash
# Compares our audit records and fields with libauparse's on every committed audit log and, where they
# are there, on third-party logs. One test a log.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

compare() { # log: unpacked
	run "$BUILD/tests/differential/auparse" "$1"
	expect "auparse $2" test "$status" -eq 0
}

run "$BUILD/tests/differential/auparse"
if [ "$status" -eq 77 ]; then
	skip "libauparse-dev"
	finish
fi

for log in corpus/*/events/*.log corpus/*/events/*.log.zst corpus/*/events/*.log.gz; do
	[ -f "$log" ] || continue
	case $log in
	*.zst) zstd -q -d -c "$log" >"$work/log" ;;
	*.gz) gzip -d -c "$log" >"$work/log" ;;
	*) cp "$log" "$work/log" ;;
	esac
	grep -q -m1 'msg=audit(' "$work/log" || continue
	compare "$work/log" "$log"
done

others=${MEWS_CORPORA:-../shared/corpora}
if [ -d "$others/audit-go-libaudit" ]; then
	for log in "$others"/audit-go-libaudit/auparse/testdata/*.log "$others"/audit-go-libaudit/testdata/*.log "$others"/audit-otrf/*.log; do
		[ ! -f "$log" ] || compare "$log" "$log"
	done
else
	skip "third-party audit logs ($others)"
fi
finish
