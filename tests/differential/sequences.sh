#!/usr/bin/env bash
# Sequences over all recorded events of corpus/: the automata find what the oracle finds.
set -u
cd "$(dirname "$0")/../.." || exit 2
exec "${BUILD:-build}/tests/differential/sequences" rulesets corpus
