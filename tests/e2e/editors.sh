#!/usr/bin/env bash
# Completion, hover text and diagnostics of a real editor backend: npm's yaml-language-server, which VS Code, Neovim and others
# run, with the schemas of `mews schema`.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
modules=${BUILD:-build}/yaml-language-server
server=$modules/node_modules/yaml-language-server/bin/yaml-language-server
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	skip "node and npm are not installed: no editor backend was asked"
	finish
fi
if [ ! -e "$server" ]; then
	npm install --silent --no-audit --no-fund --prefix "$modules" yaml-language-server@1.18.0 >/dev/null 2>&1
fi
if [ ! -e "$server" ]; then
	skip "yaml-language-server could not be installed: no editor backend was asked"
	finish
fi
run "$MEWS" schema -o "$work/schemas"
expect "schemas are written" [ "$status" -eq 0 ]
expect "what goes into the editor's settings is printed" \
	jq -e '."yaml.schemas" | to_entries | map(select(.key | endswith("/detection.json"))) | .[0].value == ["rulesets/detections/*.yaml"]' "$work/out"
mkdir "$work/root"
timeout 100 node tests/e2e/editors.js "$server" "$work/schemas" "$work/root" >"$work/out" 2>"$work/err"
line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/out")
expect "the editor's backend answers" [ -n "$line" ]
grep -A1 '^FAILED' "$work/out"
read -r good _ bad _ <<<"${line:-0 passed, 1 failed}"
passed=$((passed + good)) failed=$((failed + bad))
finish
