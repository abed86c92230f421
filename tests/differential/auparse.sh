#!/usr/bin/env bash
# Compares our audit records and fields with libauparse's on every committed audit log and, where they
# are there, on third-party logs. One test a log. AUDIT_LOGS=FOLDER adds all files below a folder (logs that may not be
# copied here); the sums of all logs are told at the end.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh

compare() { # log: unpacked
	run "$BUILD/tests/differential/auparse" "$1"
	expect "auparse $2" test "$status" -eq 0
	cat "$work/out" >>"$work/all"
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
if [ -n "${AUDIT_LOGS:-}" ]; then
	while read -r log; do compare "$log" "$log"; done < <(find "$AUDIT_LOGS" -type f -size +0 | sort)
else
	skip "AUDIT_LOGS: a folder with further audit logs"
fi
sed -n 's/.*: \([0-9]*\) equal, \([0-9]*\) explained, \([0-9]*\) different/\1 \2 \3/p' "$work/all" |
	awk '{ e += $1; x += $2; d += $3 } END { printf "auparse: %d events equal, %d sides of differences explained, %d not\n", e, x, d }'
finish
