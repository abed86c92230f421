#!/usr/bin/env bash
# Third-party compose files and Kubernetes manifests: every file is read or rejected with a reason, every
# line is accounted for, and the containers are those that an independent count finds.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
# shellcheck source=tests/lib.sh
. tests/lib.sh
others=${MEWS_CORPORA:-../shared/corpora}

# check FORMAT FOLDER: one test a file
check() {
	local file
	if [ ! -d "$others/$2" ]; then
		skip "$2 ($others)"
		return
	fi
	find "$others/$2" -type f \( -name '*.yaml' -o -name '*.yml' \) -print0 | sort -z | xargs -0 -r "$BUILD/tests/differential/manifests" "$1" >"$work/table" 2>"$work/err"
	status=$?
	expect "$2 can be read" test "$status" -eq 0
	while IFS=$'\t' read -r verdict file; do
		expect "$2: $file: $verdict" test "$verdict" = ok
	done <"$work/table"
	tail -n 1 "$work/err" | sed "s|^|$2: |"
}

check compose compose-awesome
check kubernetes manifests-badpods
check kubernetes manifests-checkov
check kubernetes manifests-kubernetes-examples
check kubernetes manifests-kubernetes-goat
finish
