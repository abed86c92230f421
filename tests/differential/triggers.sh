#!/usr/bin/env bash
# The index of triggers beside each trigger asked by itself (tests/differential/triggers.c). TRIGGER_PAIRS, TRIGGER_SEED: others.
set -u
cd "$(dirname "$0")/../.." || exit 2
exec "${BUILD:-build}/tests/differential/triggers" rulesets "${TRIGGER_PAIRS:-30000000}" "${TRIGGER_SEED:-1}"
