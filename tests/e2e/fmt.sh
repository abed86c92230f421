#!/usr/bin/env bash
# `mews fmt` as a user meets it: which files are ours, --check and --diff, what is left alone, modes and links; the shipped files
# are formatted; and random changes to them (fmt_properties.py; FMT_SEED and FMT_ROUNDS choose them).
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
. tests/python.sh
root=$PWD
mews=$(realpath "$MEWS")
fmt() { run "$mews" fmt "$@"; }

# --- the shipped files
fmt --check rulesets corpus mews.yaml
expect "the shipped files are formatted" [ "$status" -eq 0 ]
expect "it says how many" grep -qE '^0 of [0-9]+ files not formatted$' "$work/err"

# --- a project of its own
project=$work/project
mkdir -p "$project/rulesets/detections" "$project/rulesets/organizations" "$project/k8s"
cp rulesets/fields.yaml rulesets/lists.yaml rulesets/clients.yaml "$project/rulesets/"
cp rulesets/detections/privileged-container.yaml "$project/rulesets/detections/"
printf 'catalog:   rulesets\n' >"$project/mews.yaml"
printf 'apiVersion: v1\nkind:   Pod\n' >"$project/k8s/pod.yaml"
printf 'services:\n    web: {image:   x}\n' >"$project/k8s/compose.yaml"
cd "$project" || exit 2
detection=rulesets/detections/privileged-container.yaml
cp "$detection" "$work/tidy.yaml"
sed -i 's/^severity: .*/severity:    "high"/; s/^techniques: /techniques:   /' "$detection"
cp "$detection" "$work/untidy.yaml"
chmod 640 "$detection"

fmt --check
expect "--check finds two files, with status 1" [ "$status" -eq 1 ]
expect "and names them" test "$(sort "$work/out" | tr '\n' ' ')" = "mews.yaml $detection "
expect "and writes nothing" cmp -s "$detection" "$work/untidy.yaml"
fmt --diff "$detection"
expect "--diff has status 1" [ "$status" -eq 1 ]
expect "and shows the lines" grep -qx -- '-severity:    "high"' "$work/out"
cp "$work/out" "$work/patch"
expect "what it shows is a patch" patch -s -p1 -o "$work/patched" "$detection" "$work/patch"
expect "that gives the formatted file" cmp "$work/patched" "$work/tidy.yaml"
fmt --check --format json
expect "as JSON: two of five would change" jq -e '.files == 5 and .failed == 0 and (.changed | length) == 2' "$work/out"
fmt
expect "fmt formats" [ "$status" -eq 0 ]
expect "the file is as it was before" cmp "$detection" "$work/tidy.yaml"
expect "its mode is kept" [ "$(stat -c %a "$detection")" = 640 ]
expect "nothing is left beside it" [ "$(ls rulesets/detections)" = privileged-container.yaml ]
fmt --check
expect "then all is formatted" [ "$status" -eq 0 ]
ln -s "$detection" link.yaml
cp "$work/untidy.yaml" "$detection"
fmt link.yaml
expect "a link stays one" [ -L link.yaml ]
expect "and what it leads to is formatted" cmp "$detection" "$work/tidy.yaml"
rm link.yaml

# --- standard input
run sh -c "'$mews' fmt - <'$work/untidy.yaml'"
expect "- writes standard output" cmp "$work/out" "$work/tidy.yaml"
run sh -c "'$mews' fmt --check - <'$work/untidy.yaml'"
expect "--check - has status 1, and says nothing" [ "$status" -eq 1 ] 
expect "nothing goes to standard output" [ ! -s "$work/out" ]
run sh -c "printf 'a: 1\n' | '$mews' fmt -"
expect "what is none of our files is refused" [ "$status" -eq 2 ]
expect "with what to do" grep -q -- "--kind says what it is" "$work/err"
run sh -c "printf 'name:   a\n' | '$mews' fmt --kind organization -"
expect "unless its kind is said" [ "$(cat "$work/out")" = "name: a" ]

# --- what is not ours, or wrong
fmt k8s/pod.yaml
expect "a manifest that is named is refused" [ "$status" -eq 2 ]
expect "by name" grep -q "this is a Kubernetes object" "$work/err"
fmt k8s
expect "in a folder it is passed over" [ "$status" -eq 0 ]
expect "and stays" grep -qx 'kind:   Pod' k8s/pod.yaml
printf 'name: [\n' >rulesets/detections/broken.yaml
cp "$work/untidy.yaml" "$detection"
fmt
expect "a file that is no YAML is an error" [ "$status" -eq 2 ]
expect "at its place" grep -qE '^rulesets/detections/broken.yaml:[0-9]+:[0-9]+: error: ' "$work/err"
expect "and is left as it is" [ "$(cat rulesets/detections/broken.yaml)" = "name: [" ]
expect "the others are formatted" cmp "$detection" "$work/tidy.yaml"
rm rulesets/detections/broken.yaml
printf 'name: a\nname: b\n' >rulesets/organizations/a.yaml
fmt rulesets/organizations/a.yaml
expect "a key that stands twice is an error" [ "$status" -eq 2 ]
printf '%%YAML 1.1\n---\nname: a\n' >rulesets/organizations/a.yaml
fmt rulesets/organizations/a.yaml
expect "directives are an error, with a reason" grep -q "directives" "$work/err"
rm rulesets/organizations/a.yaml
fmt missing.yaml
expect "a missing file is an error" [ "$status" -eq 2 ]
fmt --kind detektion x.yaml
expect "a misspelt kind gets a hint" grep -q 'did you mean "detection"' "$work/err"
fmt - a.yaml
expect "- stands alone" [ "$status" -eq 2 ]
fmt --format xml
expect "there is no other format" [ "$status" -eq 2 ]
if [ "$(id -u)" -ne 0 ]; then
	cp "$work/untidy.yaml" "$detection"
	chmod 500 rulesets/detections
	fmt
	expect "a folder that cannot be written to is an error" [ "$status" -eq 2 ]
	chmod 700 rulesets/detections
	expect "and the file stays" cmp "$detection" "$work/untidy.yaml"
fi

# --- random changes
cd "$root" || exit 2
if python_with jsonschema==4.26.0 PyYAML==6.0.2; then
	seed=${FMT_SEED:-7}
	mapfile -t some < <(printf '%s\n' rulesets/detections/*.yaml | shuf -n 8 --random-source=<(yes "$seed"))
	"$python" tests/e2e/fmt_properties.py "$mews" "$seed" "${FMT_ROUNDS:-1}" rulesets/{lists,fields,clients}.yaml mews.yaml \
		rulesets/organizations/*.yaml rulesets/dialects/*.yaml corpus/*/corpus.yaml "${some[@]}" >"$work/out" 2>"$work/err"
	line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$work/out")
	expect "random changes are tried" [ -n "$line" ]
	grep -A12 '^FAILED' "$work/out" | head -n 60
	read -r good _ bad _ <<<"${line:-0 passed, 1 failed}"
	passed=$((passed + good)) failed=$((failed + bad))
fi
finish
