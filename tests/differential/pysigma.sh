#!/bin/sh
# Every document of the Sigma packs meets real pySigma (a venv under build/pysigma): parsed, held against the
# specification's JSON schemas, `sigma check --fail-on-error --fail-on-issues` with all validators of pySigma and
# SigmaHQ, converted by three backends, and the filters' effect looked at in what comes out.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
mews=$(readlink -f "${MEWS:-$root/build/mews}")
venv=${PYSIGMA:-$root/build/pysigma}
skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}
if ! "$venv/bin/python" -c 'import sigma.cli.main, sigma.validators.sigmahq, sigma.backends.sqlite, sigma.backends.elasticsearch, sigma.backends.splunk, jsonschema' 2>/dev/null; then
	"$root/tests/pysigma" "$venv" >/dev/null 2>&1 || skip "pySigma could not be installed"
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" # away from the project file of this repository
"$mews" --catalog "$root/rulesets" --store "$work/mews.db" generate sigma -o "$work/packs" >/dev/null
"$mews" --catalog "$root/rulesets" --store "$work/mews.db" generate sigma --exact-case -o "$work/exact" >/dev/null
# Texts that need quotes, every modifier, filters and correlations, from the golden catalogs.
"$mews" --catalog "$root/tests/golden/generator/catalog" --store "$work/golden.db" generate sigma -o "$work/golden" >/dev/null
"$root/tests/golden/sigma/make.sh" "$work/catalog"
"$mews" --catalog "$work/catalog" --store "$work/sigma.db" generate sigma -o "$work/traps" >/dev/null
schemas=${REFERENCE:-$root/../shared/reference}/sigma
[ -d "$schemas" ] || schemas=-
status=0
"$venv/bin/python" "$here/sigma_answers.py" "$work/traps/sigma/plain" "$work/traps/sigma/acme" >"$work/answers" || status=1
cat "$work/answers"
"$venv/bin/python" "$here/sigma_documents.py" "$schemas" "$work"/packs/sigma/* "$work"/exact/sigma/* "$work"/golden/sigma/* "$work"/traps/sigma/* >"$work/documents" || status=1
cat "$work/documents"
# Both counts in one closing line.
cat "$work/answers" "$work/documents" | awk '/^[0-9]+ passed, [0-9]+ failed/ { p += $1; f += $3; s += $5 }
	END { printf "%d passed, %d failed, %d skipped\n", p, f, s }'
exit $status
