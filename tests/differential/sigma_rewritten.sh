#!/bin/sh
# Public Sigma rules are taken in and written again; pySigma's SQL of both must find the same events. The rules are those of a folder
# beside this repository (SIGMA_RULES=FOLDER…: others).
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
shared=${SHARED:-$root/../shared}
rules=${SIGMA_RULES:-$shared/rules/sigma-linux $shared/rules/sigma-kubernetes}
"$venv/bin/python" -c 'import sigma.backends.sqlite' 2>/dev/null || skip "pySigma is not here (pysigma.sh installs it)"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/rules"
for folder in $rules; do
	[ -d "$folder" ] || skip "the public rules are not here: $folder"
	cp -R "$folder" "$work/rules/"
done
cd "$work" # away from the project file of this repository
"$mews" --catalog "$root/rulesets" --store "$work/one.db" import sigma rules -o taken >/dev/null || [ $? = 1 ]
"$mews" --catalog taken --store "$work/two.db" generate sigma --exact-case -o packs >/dev/null 2>&1
"$venv/bin/python" "$here/sigma_rewritten.py" rules packs/sigma/plain/rules "${EVENTS:-40}"
