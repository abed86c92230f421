#!/usr/bin/env bash
# mews reference, compare and list runs as a user has them: a small project with a reference run, changed in one way after the
# other: a new name, another order, a lost episode, noise, exceptions, detections that come and go, other data, other labels.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
root=$PWD
program=$(readlink -f "$MEWS")
small=$root/tests/golden/report

fresh() { # a project as it was when the reference was set, in $work/p
	rm -rf "$work/p"
	cp -r "$work/first" "$work/p"
	cd "$work/p" || exit 2
}
mews() {
	run "$program" "$@"
}
now() { # arguments…: this catalog against the reference, as JSON in $work/out
	mews compare --now --no-store --as-of 2026-06-01 --format json "$@"
}
is() { # jq-expression: true of the newest output
	jq -e "$1" "$work/out"
}
says() { # text: in the newest output
	grep -qF -- "$1" "$work/out"
}

mkdir -p "$work/first/rulesets"
cp -r rulesets/fields.yaml rulesets/dialects "$small/catalog/." "$work/first/rulesets/"
cp -r "$small/corpus" "$work/first/corpus"
printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\norganizations: [shop, farm]\n' >"$work/first/mews.yaml"
cd "$work/first" || exit 2

# Before there is anything.
mews compare
expect "no store: exit status 2" test "$status" -eq 2
expect "no store: what makes one" grep -q 'mews replay' "$work/err"
expect "no store: none is made" test ! -e mews.db
mews replay --as-of 2026-06-01
mews compare
expect "no reference: exit status 2" test "$status" -eq 2
expect "no reference: how one is set" grep -q 'mews reference set' "$work/err"
mews reference show
expect "no reference to show: exit status 2" test "$status" -eq 2
mews reference set
expect "the latest run is the reference" says 'run 1 is the reference now'
mews compare
expect "a run with itself: exit status 2" test "$status" -eq 2
expect "a run with itself: what to do" grep -q 'mews compare --now' "$work/err"
mews reference show
expect "the reference is shown" says 'run 1 of '
mews list runs --format json
expect "list runs marks it" is '.[0].reference == "reference"'
mews reference set --name latest
expect "a reference is not called latest" test "$status" -eq 2
mews reference moved
expect "no such action: exit status 2" test "$status" -eq 2
mews compare --format pdf
expect "no such format: exit status 2" test "$status" -eq 2

# Nothing changed.
fresh
now
expect "unchanged: exit status 0" test "$status" -eq 0
expect "unchanged: the same" is '.comparison.same and .lost == 0 and .after.run == null and .before.run == 1'
now --exit-code
expect "unchanged: --exit-code is 0" test "$status" -eq 0
mews list runs --format json
expect "--no-store keeps nothing" is 'length == 1'

# Other order, other comments: no change.
fresh
python3 - <<'PY' 2>/dev/null || skip "python3 is not there: no reordered YAML"
import re
path = "rulesets/detections/socket-handed.yaml"
lines = open(path).read()
lines = lines.replace('event.action == "exec" and process.name == "docker"', 'process.name == "docker" and event.action == "exec"')
head, tail = lines.split("conditions:", 1)
keys = head.strip().split("\n")
open(path, "w").write("# reordered\n" + "\n".join(reversed(keys)) + "\nconditions:" + tail)
PY
now
expect "reordered: the catalog is another one" is '.before.revision != .after.revision'
expect "reordered: no change" is '.comparison.same'

# A new name only: the corpus says it, too.
fresh
mv rulesets/detections/socket-handed.yaml rulesets/detections/socket-given.yaml
sed -i 's/socket-handed/socket-given/' rulesets/detections/*.yaml rulesets/organizations/*.yaml corpus/*/corpus.yaml
now
expect "renamed: exit status 0" test "$status" -eq 0
expect "renamed: one change" is '[.comparison.detections[].change] == ["renamed"]'
expect "renamed: from, to" is '.comparison.detections[0] | .before == "socket-handed" and .after == "socket-given"'
expect "renamed: all alerts pair" is '.comparison | (.alerts | length) + (.episodes | length) + (.baselines | length) == 0'
now --exit-code
expect "renamed: --exit-code is 1" test "$status" -eq 1

# A lost episode.
fresh
sed -i 's/process.name == "docker" and/process.name == "docker" and user.name == "ci" and/' rulesets/detections/socket-handed.yaml
now
expect "lost: exit status 0 all the same" test "$status" -eq 0
expect "lost: the episode, in both organizations" is '[.comparison.episodes[] | select(.change == "lost" and .label == "malicious" and .dataset == "held")] | length == 2'
expect "lost: the cause" is 'all(.comparison.episodes[]; .cause == "unmatched")'
expect "lost: the alert's cause" is 'all(.comparison.alerts[]; .cause == "its conditions changed")'
expect "lost: the difference" is '[.comparison.detections[0].lines[] | select(startswith("+"))] | any(contains("user.name == \"ci\""))'
expect "lost: paired episodes" is '.comparison.results[] | select(.organization == "shop" and .detection == "socket-handed") | .episodes | .before_only == 1 and .after_only == 0 and .p == 1'
mews compare --now --no-store --as-of 2026-06-01
expect "lost: the table says it first" test "$(sed -n '2,4p' "$work/out" | grep -c 'Lost: expected alerts')" -eq 1
expect "lost: no line is wider than 80" test "$(wc -L <"$work/out")" -le 80
mews compare --now --no-store --as-of 2026-06-01 --format markdown
expect "lost: markdown" says '**lost**'

# Noise: every docker command.
fresh
sed -i 's/ and process.args like "\*docker.sock\*"//' rulesets/detections/socket-handed.yaml
now
expect "noise: gained on benign events" is '[.comparison.alerts[] | select(.change == "gained" and .label == "benign")] | length > 0'
expect "noise: nothing is lost" is '.lost == 0 and ([.comparison.alerts[] | select(.change == "lost")] | length) == 0'
expect "noise: groups that were not there" is '[.comparison.results[] | .groups.after_only] | add > 0'

# An exception hides an attack.
fresh
cat >>rulesets/organizations/shop.yaml <<'YAML'
exceptions:
  - {name: all-of-docker, detections: [socket-handed], condition: 'process.name == "docker"', reason: noise, owner: me, expires: 2030-01-01}
YAML
now
expect "excepted: the cause names it" is 'all(.comparison.alerts[]; .cause == "excepted by all-of-docker")'
expect "excepted: the shop's file" is '.comparison.baselines | length == 1 and .[0].organization == "shop"'
expect "excepted: the episode" is '[.comparison.episodes[] | select(.change == "lost" and .cause == "excepted")] | length > 0'

# A detection more, a detection less.
fresh
sed -e 's/socket-handed/docker-run/; s/8f0f-4f5b-9c39-2f1c8a2d0001/8f0f-4f5b-9c39-2f1c8a2d0009/' rulesets/detections/socket-handed.yaml >rulesets/detections/docker-run.yaml
rm rulesets/detections/module-loaded.yaml
sed -i 's/\[socket-handed, module-loaded\]/[socket-handed]/' corpus/*/corpus.yaml
sed -i 's/^monitor:.*//' rulesets/organizations/farm.yaml
now
expect "added and removed" is '[.comparison.detections[] | .change] | sort == ["added", "removed"]'
expect "removed: its episode is lost" is '[.comparison.episodes[] | select(.detection == "module-loaded") | .cause] | length > 0 and all(. == "removed")'
expect "added: its alerts are gained" is '[.comparison.alerts[] | select(.detection == "docker-run")] | length > 0 and all(.cause == "the detection was added")'

# Other data, other labels: refused, with what differs.
fresh
tail -n 1 corpus/dev/events.jsonl >>corpus/dev/events.jsonl
now
expect "other files: exit status 2" test "$status" -eq 2
expect "other files: which dataset" grep -q 'dataset dev: its files are not those of the reference run' "$work/err"
expect "other files: nothing on standard output" test ! -s "$work/out"
fresh
sed -i 's/label: risky/label: benign/' corpus/held/corpus.yaml
now
expect "other labels: exit status 2" test "$status" -eq 2
expect "other labels: which" grep -q 'dataset held: .*was "episode shortcut: label: risky", is "episode shortcut: label: benign"' "$work/err"
fresh
sed -i '1i # a comment' corpus/held/corpus.yaml
sed -i 's/^origin:.*/origin: told otherwise/' corpus/held/corpus.yaml
now
expect "another comment is the same data" test "$status" -eq 0
fresh
mews replay --as-of 2026-06-01 corpus/held
mews compare
expect "a dataset less: exit status 2" test "$status" -eq 2
expect "a dataset less: which" grep -q 'dataset dev: the reference run has it' "$work/err"
mews replay --as-of 2026-06-01 --org shop
mews compare
expect "an organization less: the common one is compared" test "$status" -eq 0
expect "an organization less: it is said" grep -q 'farm was replayed in the reference run alone' "$work/err"

# Stored runs by name, and a catalog that has changed since.
mews replay --as-of 2026-06-01
mews reference set latest --name release
mews replay --as-of 2026-06-01
mews compare latest release --format json
expect "by a reference's name" is '.comparison.same and .before.about != .after.about'
sed -i 's/severity: high/severity: low/' rulesets/detections/socket-handed.yaml
mews compare latest release
expect "the catalog has changed since" grep -q 'the catalog has changed since run' "$work/err"
mews compare --now release
expect "now: kept as a run" says 'kept as run '
mews reference clear
mews compare
expect "cleared: exit status 2" test "$status" -eq 2

# Standard input is gone.
fresh
"$program" replay - <corpus/dev/events.jsonl >/dev/null 2>&1
mews reference set
mews compare --now
expect "standard input: exit status 2" test "$status" -eq 2
expect "standard input: it is said" grep -q 'read standard input, which cannot be read again' "$work/err"

# Bisect: a rename, a comment, and in one file what loses an episode; two changes that only do it together.
fresh
mews bisect
expect "bisect, nothing changed: exit status 2" test "$status" -eq 2
mv rulesets/detections/module-loaded.yaml rulesets/detections/driver-loaded.yaml
sed -i 's/module-loaded/driver-loaded/' rulesets/detections/*.yaml rulesets/organizations/*.yaml corpus/*/corpus.yaml
echo '# touched' >>rulesets/organizations/farm.yaml
mews bisect --as-of 2026-06-01
expect "bisect, a rename only: exit status 2" test "$status" -eq 2
expect "bisect, a rename only: no alert differs" grep -q 'no alert differs' "$work/err"
sed -i 's/process.name == "docker" and/process.name == "docker" and user.name == "ci" and/' rulesets/detections/socket-handed.yaml
mews bisect --as-of 2026-06-01 --format json
expect "bisect: the culprit" is '[.documents[].path] == ["detections/socket-handed.yaml"] and .change == "lost" and .candidates == 3'
mews bisect --as-of 2026-06-01 --org farm held/socket-and-module socket-handed
expect "bisect: an episode by name" says '+  command: process where event.action == "exec" and process.name == "docker" and user.name == "ci"'
mews bisect held/nothing socket-handed
expect "bisect: no such episode" test "$status" -eq 2
mews bisect held/socket-and-module nothing
expect "bisect: no such detection" test "$status" -eq 2
fresh
printf 'lists:\n  builders: [root, mallory, ci]\n' >rulesets/lists.yaml
cat >>rulesets/organizations/shop.yaml <<'YAML'
exceptions:
  - {name: listed, detections: [socket-handed], condition: 'user.name in builders', reason: noise, owner: me, expires: 2030-01-01}
YAML
mews bisect --as-of 2026-06-01 --format json
expect "bisect: the exception, with the list that it needs" is '[.documents[].path] == ["organizations/shop.yaml"] and .taken_along == ["lists.yaml"]'
fresh
sed -i 's/^severity: high/severity: medium/' rulesets/detections/socket-handed.yaml
echo 'monitor: {minimum_severity: high}' >>rulesets/organizations/shop.yaml
echo '# touched' >>rulesets/detections/module-loaded.yaml
mews bisect --as-of 2026-06-01 --format json
expect "bisect: what does it only together" is '[.documents[].path] | sort == ["detections/socket-handed.yaml", "organizations/shop.yaml"]'
mews bisect --as-of 2026-06-01
expect "bisect: both are shown" says 'Only these changes together'

# Run from elsewhere, the files have other paths and are the same.
fresh
cd "$work" || exit 2
mews --project p/mews.yaml compare --now --no-store --as-of 2026-06-01 --exit-code
expect "from another folder: the same data" test "$status" -eq 0
finish
