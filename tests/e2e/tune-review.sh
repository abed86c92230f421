#!/usr/bin/env bash
# mews tune --review: the shipped exceptions are in order; exceptions that are not are found, at their line, with what to do.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
MEWS=$(realpath "$MEWS")
corpus=$(realpath corpus)
small=$(realpath docs/examples/small-corpus.sh)
command -v jq >/dev/null || { skip "jq"; finish; }

project=$work/project
file=$project/rulesets/organizations/build-farm.yaml
mkdir "$project"
cp -R rulesets "$project/rulesets"
rm -rf "$project/rulesets/packs"
printf 'catalog: rulesets\ncorpus: %s\nstore: mews.db\n' "$corpus" >"$project/mews.yaml"
review() { # arguments: in the project
	(cd "$project" && run "$MEWS" tune --review "$@"; echo "$status" >"$work/status")
	status=$(cat "$work/status")
}
line_of() { # name
	grep -n "name: $1\$" "$file" | cut -d: -f1
}
said() { # kind name: a finding with its place
	grep -q "^rulesets/organizations/build-farm.yaml:$(line_of "$2"): $1: $2\$" "$work/out"
}

# --- as it is shipped, over all that is shipped: once for everybody ---
organizations=$(basename -s .yaml -a "$project"/rulesets/organizations/*.yaml)
review --as-of 2026-12-01
expect "the shipped exceptions are in order" test "$status" -eq 0
for organization in $organizations; do
	expect "which is said of $organization" grep -Eq "^Review of $organization: [0-9]+ exceptions?, nothing to mend\.\$" "$work/out"
done

# --- what ends: with the exceptions that a small corpus has a use for ---
sed -i '/name: artefacts-are-images/,$d' "$file"
exceptions=$(grep -c '^  - name:' "$file")
"$small" "$corpus" "$project/corpus"
printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\n' >"$project/mews.yaml"
review --org build-farm --as-of 2026-12-01
expect "they are in order here, too" grep -q "^Review of build-farm: $exceptions exceptions, nothing to mend\.\$" "$work/out"
review --org build-farm --as-of 2027-03-15
expect "what ends within a month is a finding" test "$status" -eq 1
expect "with the day, and what comes back" grep -Eq 'ends on 2027-03-31, in 16 days; then [0-9]+ false positives of these datasets come back' "$work/out"
review --org build-farm --as-of 2027-03-15 --soon 10
expect "within ten days it is none" test "$status" -eq 0
review --org build-farm --as-of 2027-04-01
expect "what has ended is a finding" grep -q ': expired: jobs-use-the-client$' "$work/out"

# --- what is wrong ---
cat >>"$file" <<'YAML'
  - name: jobs-again
    detections: [engine-socket-unexpected-client]
    condition: process.name == "docker" and in_container and destination.address == "/run/docker.sock" and process.executable like "/*"
    reason: the same once more, and narrower
    owner: platform
  - name: nobody-there
    detections: [docker-socket-mount]
    condition: container.image.name == "never/seen" and container.mounts == "/never:/seen:rw"
    reason: of a time before this corpus
    owner: platform
  - name: no-such-field
    detections: [engine-socket-connected]
    condition: orchestrator.namespace == "ci"
    reason: audit records of a host know no namespaces of Kubernetes
    owner: platform
  - name: all-of-the-attack
    detections: [privileged-container, docker-socket-mount]
    condition: user.id != "1501"
    reason: everybody else may do all
    owner: platform
YAML
review --org build-farm --as-of 2026-12-01
cp "$work/out" "$work/found"
expect "findings are exit status 1" test "$status" -eq 1
expect "an attack that is hidden comes first" test "$(grep -nE '^[^ ]+: [a-z-]+: ' "$work/out" | head -n 1 | grep -c ': hides-attack: all-of-the-attack$')" -eq 1
expect "at its line" said hides-attack all-of-the-attack
expect "with the episode and the event" grep -Eq 'is expected in episode [a-z-]+ of attacks-[a-z-]+ and does not alert, first excepted at .*:[0-9]+' "$work/out"
expect "what another one says already" said shadowed jobs-again
expect "what removes nothing" said unused nobody-there
expect "what these events cannot answer" said unreachable no-such-field
expect "with the field" grep -q 'do not carry what it asks for (orchestrator.namespace)' "$work/out"
expect "each with what to do" test "$(grep -c '^  → ' "$work/out")" -eq "$(grep -cE '^rulesets/[^ ]+: [a-z-]+: ' "$work/out")"
expect "counted in the first line" grep -q "^Review of build-farm: $((exceptions + 4)) exceptions, " "$work/out"
review --org build-farm --as-of 2026-12-01 --format json
expect "JSON has the same findings" test "$(jq '.findings | length' "$work/out")" -eq "$(grep -c '^  → ' "$work/found")"
expect "and the counts" jq -e --argjson all $((exceptions + 4)) '.exceptions | length == $all and all(.[]; .matches >= .answerable and has("removed") and has("only"))' "$work/out"
expect "with the line of each" jq -e --argjson line "$(line_of jobs-again)" 'any(.findings[]; .exception == "jobs-again" and .line == $line)' "$work/out"

# --- beside the proposals ---
(cd "$project" && run "$MEWS" tune --org build-farm --use develop --as-of 2026-12-01)
expect "tune shows the review, too" grep -q ': hides-attack: all-of-the-attack$' "$work/out"

review --as-of 2026-12-01
expect "without a name all are reviewed" test "$(grep -c '^Review of ' "$work/out")" -eq "$(wc -w <<<"$organizations")"
expect "and one finding is enough" test "$status" -eq 1
review --as-of 2026-12-01 --format json
expect "as a list" test "$(jq -r 'map(.organization) | join("\n")' "$work/out")" = "$organizations"

# --- wrong use ---
review --org build-farm --soon never
expect "days are a number" test "$status" -eq 2
expect "which is said" grep -q -- '--soon is a number of days, not "never"' "$work/err"
finish
