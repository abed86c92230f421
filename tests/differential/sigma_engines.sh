#!/usr/bin/env bash
# What mews reads in Sigma rules and says of events, beside other engines: pySigma's trees and its SQLite backend,
# Zircolite and rsigma, on events that are made from the rules.
#
#   SIGMA_RULES     folders of rules (default: ../shared/rules/sigma-*)
#   SIGMA_EVENTS    how many events (default: 4000; 100000 is the whole comparison)
#   RSIGMA          the program rsigma; RSIGMA_INSTALL=1 builds it with cargo into $XDG_CACHE_HOME
#   ZIRCOLITE       an interpreter and zircolite.py: "VENV/bin/python FOLDER/zircolite.py"
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
helper=${BUILD:-build}/tests/differential/sigma_rules
venv=${PYSIGMA:-${BUILD:-build}/pysigma}
if [ -n "${SIGMA_RULES:-}" ]; then
	read -r -a folders <<<"$SIGMA_RULES"
else
	folders=()
	for folder in ../shared/rules/sigma-linux ../shared/rules/sigma-kubernetes; do
		[ ! -d "$folder" ] || folders+=("$folder")
	done
fi
if [ ${#folders[@]} -eq 0 ]; then
	skip "no Sigma rules are there: SIGMA_RULES names folders"
	finish
fi
if ! "$venv/bin/python" -c 'import sigma.backends.sqlite' 2>/dev/null; then
	tests/pysigma "$venv" >/dev/null 2>&1
fi
if ! "$venv/bin/python" -c 'import sigma.backends.sqlite' 2>/dev/null; then
	skip "pySigma and its SQLite backend could not be installed"
	finish
fi

# A build takes a quarter of an hour, so only who asks for it gets it.
RSIGMA=${RSIGMA:-${XDG_CACHE_HOME:-$HOME/.cache}/mews/rsigma/bin/rsigma}
if [ ! -x "$RSIGMA" ] && [ -n "${RSIGMA_INSTALL:-}" ]; then
	timeout 3600 cargo install rsigma --locked --version 0.23.0 --root "${RSIGMA%/bin/rsigma}" >/dev/null 2>&1
fi
export RSIGMA

# Each script's own count, added to this one's.
add_counts() { # file
	local numbers
	read -r -a numbers < <(grep -E '^[0-9]+ passed, [0-9]+ failed' "$1" | tail -n 1 | tr -dc '0-9 ')
	if [ "${#numbers[@]}" -lt 2 ]; then
		failed=$((failed + 1))
		cat "$1"
		return
	fi
	passed=$((passed + numbers[0])) failed=$((failed + numbers[1])) skipped=$((skipped + ${numbers[2]:-0}))
	grep -vE '^[0-9]+ passed, [0-9]+ failed' "$1"
}

"$venv/bin/python" tests/differential/sigma_trees.py "$helper" "${folders[@]}" >"$work/trees" 2>&1
add_counts "$work/trees"
"$venv/bin/python" tests/differential/sigma_engines.py "$helper" "${SIGMA_EVENTS:-4000}" "$work" "${folders[@]}" >"$work/engines" 2>&1
add_counts "$work/engines"
finish
