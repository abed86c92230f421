#!/usr/bin/env bash
# Intervals, exact tests and the bootstrap against real SciPy (a venv under build/venv), on thousands of cases: 0/n, n/n, n = 0,
# n up to a million; 1e-9 on probabilities, and 1e-8 of the value for small ones. The bootstrap by hours is written a second
# time there, from its description, and gives the same digits.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
venv=${SCIPY:-$BUILD/venv/scipy}

skip() {
	echo "skipped: $1"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
}
if ! "$venv/bin/python" -c 'import scipy.stats' 2>/dev/null; then
	command -v python3 >/dev/null || skip "python3 is not there"
	tests/venv "$venv" 'scipy==1.14.1' 'numpy==2.1.3' >/dev/null 2>&1 || skip "SciPy could not be installed"
fi
"$venv/bin/python" tests/differential/scipy_check.py "$BUILD/tests/differential/interval"
