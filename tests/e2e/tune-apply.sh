#!/usr/bin/env bash
# mews tune --apply: the shipped catalog with an organization that has lost its exceptions, on what the shipped corpus has for
# it. What is written is what the dry run showed, nothing else changes, the catalog stays right, and a second run proposes nothing
# more.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
MEWS=$(realpath "$MEWS")
for tool in jq patch; do
	command -v "$tool" >/dev/null || { skip "$tool"; finish; }
done
# What this organization is tuned by: other organizations' hosts have no say, of its own the first lines bring the same proposal.
corpus=$work/corpus
part_of_corpus "$corpus" 15000 "*-develop"
[ -n "${FULL:-}" ] || for hosts in "$corpus"/hosts-*; do
	[[ $hosts == *-build-farm-* ]] || rm -r "$hosts"
done

project=$work/project
file=$project/rulesets/organizations/build-farm.yaml
fresh() { # a project whose build-farm has no exceptions
	rm -rf "$project"
	mkdir "$project"
	cp -R rulesets "$project/rulesets"
	rm -rf "$project/rulesets/packs"
	printf 'catalog: rulesets\ncorpus: %s\nstore: mews.db\n' "$corpus" >"$project/mews.yaml"
	sed -i '/^exceptions:/,$d' "$file"
}
tune() { # arguments: in the project
	(cd "$project" && run "$MEWS" tune --org build-farm --detection docker-socket-mount --use develop --as-of 2026-12-01 "$@"; echo "$status" >"$work/status")
	status=$(cat "$work/status")
}
# Of the table's line of figures: false positives before and after.
figures() {
	awk '/^false positives / { print $3, $4 }' "$work/out"
}
only_added() { # old new: no line is gone or changed
	! diff "$1" "$2" | grep -q '^<'
}

# --- the dry run ---
fresh
cp "$file" "$work/before.yaml"
tune --dry-run
cp "$work/out" "$work/dry"
expect "a dry run is fine" test "$status" -eq 0
expect "it writes nothing" cmp -s "$file" "$work/before.yaml"
sed -n '/^--- /,$p' "$work/dry" >"$work/dry.diff"
expect "it shows a diff of the file" grep -qx -- '--- rulesets/organizations/build-farm.yaml' "$work/dry.diff"
cp "$work/before.yaml" "$work/patched.yaml"
expect "that patch applies" patch --silent "$work/patched.yaml" "$work/dry.diff"
expect "the table names stability, blind spot and targets" grep -Eq 'stability unknown: .* needed' "$work/dry"
expect "and how far an attacker has to go" grep -q 'blind spot: an attacker has to imitate' "$work/dry"
expect "and what each target can say" grep -q 'auditd (these rules collect' "$work/dry"

# --- for programs ---
tune --dry-run --format json
cp "$work/out" "$work/json"
expect "JSON is JSON, whatever is shown beside it" jq -e . "$work/json"
expect "with every part of the proof" jq -e '.proposals | length > 0 and all(.[];
	has("stability") and has("stability_note") and has("imitation_distance") and .mutants >= .mutants_hidden and
	.removed.tp == 0 and (.said | length) == 5)' "$work/json"
expect "and the review" jq -e '.review.exceptions | type == "array"' "$work/json"

# --- some of them ---
fresh
tune --quick --dry-run --take no-such-one
expect "a name that no proposal has is refused" test "$status" -eq 2
expect "which is said" grep -q 'no proposal is called "no-such-one"' "$work/err"
name=$(jq -r '.proposals[0].name' "$work/json")
tune --quick --dry-run --take "$name"
expect "one can be taken" test "$(grep -c '^+  - name: ' "$work/out")" -eq 1
expect "by its name" grep -q "^+  - name: $name\$" "$work/out"
tune --quick --dry-run --stable
expect "none of these was proved stable" grep -q 'Nothing to write' "$work/out"
tune --take "$name"
expect "what is taken must be written" test "$status" -eq 2

# --- the real thing ---
chmod 640 "$file"
tune --apply
expect "applying is fine" test "$status" -eq 0
expect "the file is what the dry run showed" cmp -s "$file" "$work/patched.yaml"
expect "nothing that stood there is gone" only_added "$work/before.yaml" "$file"
expect "its mode stays" test "$(stat -c %a "$file")" = 640
expect "no temporary is left" test "$(find "$project/rulesets" -name '*.yaml.*' | wc -l)" -eq 0
read -r before after <<<"$(figures)"
expect "there were false positives" test "${before:-0}" -gt 0
expect "fewer are left" test "${after:-9999}" -lt "${before:-0}"
expect "recall is as it was" grep -Eq '^recall of attacks .* 100.0% +100.0%$' "$work/out"
(cd "$project" && run "$MEWS" fmt --check rulesets/organizations/build-farm.yaml; echo "$status" >"$work/status")
expect "it is written as mews fmt would" test "$(cat "$work/status")" -eq 0
(cd "$project" && run "$MEWS" check; cp "$work/out" "$work/checked"; echo "$status" >"$work/status")
expect "the catalog is right" test "$(cat "$work/status")" -eq 0
(cd "$project" && "$MEWS" replay --org build-farm --use develop --as-of 2026-12-01 --no-store --format json 2>/dev/null) >"$work/replay.json"
expect "replay counts what was promised" test "$(jq '[.results[].fp] | add' "$work/replay.json")" = "$after"

# --- targets: what was said before is what the packs say now ---
(cd "$project" && "$MEWS" generate all --org build-farm --as-of 2026-12-01 -o packs >/dev/null 2>&1)
for target in falco sigma elastic rsyslog auditd; do
	jq -S '[.exceptions[] | {(.exception): .fidelity}] | add' "$project/packs/$target/build-farm/fidelity.json" >"$work/is"
	jq -S --arg target "$target" '[.proposals[] | {(.name): (.said[] | select(.target == $target).fidelity)}] | add' "$work/json" >"$work/was"
	expect "$target says what was promised" cmp -s "$work/is" "$work/was"
done

# --- again ---
cp "$file" "$work/once.yaml"
tune --apply
expect "a second run is fine" test "$status" -eq 0
expect "it has nothing to propose" grep -q 'Nothing to write: no exception is proposed' "$work/out"
expect "and writes nothing" cmp -s "$file" "$work/once.yaml"

# --- files of all kinds ---
fresh
printf '# the last words\n' >>"$file"
sed -i 's/$/\r/' "$file"
cp "$file" "$work/before.yaml"
mv "$file" "$project/real.yaml"
ln -s ../../real.yaml "$file"
tune --quick --apply
expect "a file of CRLF behind a link is fine" test "$status" -eq 0
expect "the link stays one" test -L "$file"
expect "all lines end in CRLF" test "$(grep -c $'\r$' "$project/real.yaml")" -eq "$(wc -l <"$project/real.yaml")"
expect "comments stay" grep -q '# the last words' "$project/real.yaml"
expect "nothing that stood there is gone, either" only_added "$work/before.yaml" "$project/real.yaml"

# --- refused ---
fresh
cat >>"$file" <<'YAML'
<<: &more
  exceptions:
    - {name: merged, detections: [docker-socket-mount], condition: user.name == "nobody", reason: r, owner: o}
YAML
cp "$file" "$work/before.yaml"
tune --quick --apply
expect "a list that a merge brings is refused" test "$status" -eq 2
expect "with its place" grep -Eq 'build-farm.yaml:[0-9]+:[0-9]+: error: `exceptions` is brought here by an alias or `<<`' "$work/err"
expect "and the file is as it was" cmp -s "$file" "$work/before.yaml"
fresh
cp "$file" "$work/before.yaml"
tune --quick --apply >/dev/null
mv "$project/rulesets" "$project/elsewhere"
tune --quick --apply --detection engine-socket-connected
expect "a catalog that came from the store alone is refused" test "$status" -eq 2
expect "with the reason" grep -q 'came from the store alone' "$work/err"
mv "$project/elsewhere" "$project/rulesets"
run "$MEWS" tune --org build-farm --review --apply
expect "--review proposes nothing to apply" test "$status" -eq 2
if [ "$(id -u)" -eq 0 ]; then
	skip "root may write every file: a read-only one"
else
	fresh
	chmod 444 "$file"
	tune --quick --apply
	expect "a read-only file is refused" test "$status" -eq 2
fi
finish
