#!/usr/bin/env bash
# Kubernetes manifests and audit events of others (../shared/corpora, or CORPORA) against the shipped catalog. Each set has a
# driver with the tables of what is expected and of every disagreement, with its reason; a row that is missing or left over
# fails. docs/third-party.md shows the same. Nothing of the data is part of the project.
set -u
. tests/lib.sh
corpora=${CORPORA:-../shared/corpora}
run python3 tests/e2e/kubernetes_manifests.py reasons docs/third-party.md
expect "docs/third-party.md has every reason of the tables" [ "$status" -eq 0 ]
if [ ! -d "$corpora" ]; then
	skip "third-party data: no folder $corpora"
	finish
fi

set_of() { # driver part folder
	if [ ! -d "$corpora/$3" ]; then
		skip "$3 is not there"
		return
	fi
	local line
	python3 "tests/e2e/$1.py" "$2" "$corpora" "$MEWS" rulesets >"$work/report" 2>&1 </dev/null
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/report" | tail -n 1)
	if [ -z "$line" ]; then
		failed=$((failed + 1))
		echo "FAILED: $3: the driver did not end"
		tail -n 12 "$work/report"
		return
	fi
	grep -vE '^[0-9]+ passed, [0-9]+ failed$' "$work/report"
	passed=$((passed + $(cut -d' ' -f1 <<<"$line")))
	failed=$((failed + $(cut -d' ' -f3 <<<"$line")))
}

set_of kubernetes_audit falco kubernetes-audit-falco
set_of kubernetes_audit panther kubernetes-audit-panther
set_of kubernetes_manifests badpods manifests-badpods
set_of kubernetes_manifests checkov manifests-checkov
set_of kubernetes_manifests goat manifests-kubernetes-goat
set_of kubernetes_manifests examples manifests-kubernetes-examples
finish
