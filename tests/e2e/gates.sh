#!/usr/bin/env bash
# Gates on the shipped recordings that are held out: what a change must not do, each change in a branch of a repository of its own.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
here=$(pwd)
repository=$work/rules
day=2026-11-26

git_() { git -C "$repository" -c user.name=mews -c user.email=mews@example.org -c commit.gpgsign=false -c core.autocrlf=false "$@"; }

# --- the repository: some of the shipped detections, and the held-out recordings of five kinds of everyday work and five attacks
# on them; a shop without exceptions, so that there is noise to compare with
dataset() { # name default from events…
	local folder=$repository/corpus/$1 default=$2 from=$3 event
	shift 3
	mkdir -p "$folder/events"
	for event; do cp "$from/events/$event.log.zst" "$folder/events"; done
	cat >"$folder/corpus.yaml" <<-END
		name: ${folder##*/}
		format: auditd
		files: [events/*.log.zst]
		use: hold-out
		origin: Of the shipped corpus.
		license: CC0-1.0
		observed: 25s
		default: $default
		episodes:
	END
	cat >>"$folder/corpus.yaml"
}
mkdir "$repository"
cp -r rulesets "$repository"
rm -r "$repository/rulesets/packs"
cp rulesets/organizations/build-farm.yaml "$work"
rm "$repository"/rulesets/organizations/* "$repository"/rulesets/detections/*
cp "$work/build-farm.yaml" "$repository/rulesets/organizations"
for detection in core-pattern-written engine-configuration-changed engine-socket-connected docker-socket-mount anonymous-api-request-allowed \
	privileged-container engine-api-exposed-on-tcp $(sed -n 's/^ *detections: \[\(.*\)\]$/\1/p' rulesets/organizations/build-farm.yaml | tr -d ,); do
	cp "rulesets/detections/$detection.yaml" "$repository/rulesets/detections"
done
dataset everyday-holdout benign corpus/everyday-holdout backup ci-runner compose-services developer-shell engine-housekeeping <<-'END'
	  - {name: ci-runner, files: [events/ci-runner.log.zst], label: {default: risky, build-farm: benign}, expects: [docker-socket-mount],
	     allows: [engine-socket-connected, engine-socket-unexpected-client]}
END
dataset container-attacks-holdout unknown corpus/container-attacks-holdout core-pattern-written docker-socket-mount \
	engine-socket-connected privileged-container engine-api-exposed-on-tcp <<-'END'
	  - name: core-pattern-written
	    files: [events/core-pattern-written.log.zst]
	    label: malicious
	    expects: [core-pattern-written]
	    allows: [privileged-container, engine-socket-connected]
	  - {name: docker-socket-mount, files: [events/docker-socket-mount.log.zst], label: malicious, expects: [docker-socket-mount],
	     allows: [engine-socket-unexpected-client, engine-socket-connected]}
	  - {name: engine-socket-connected, files: [events/engine-socket-connected.log.zst], label: malicious,
	     expects: [engine-socket-connected]}
	  - {name: privileged-container, files: [events/privileged-container.log.zst], label: malicious,
	     expects: [privileged-container], allows: [engine-socket-connected]}
	  - {name: engine-api-exposed-on-tcp, files: [events/engine-api-exposed-on-tcp.log.zst], label: malicious,
	     expects: [engine-api-exposed-on-tcp], allows: [engine-socket-connected]}
END
cat >"$repository/rulesets/organizations/web-shop.yaml" <<-'END'
	name: web-shop
	title: Web shop
	monitor: {minimum_severity: low}
	risky: alert
	budget: {alert_groups_per_day: 2}
END
cat >"$repository/mews.yaml" <<-'END'
	catalog: rulesets
	corpus: corpus
	store: mews.db
	organizations: [web-shop, build-farm]
	gates:
	  minimum_recall: {critical: 0.02, high: 0.05} # so few attacks support no more
	  lost_episodes: 0
	  new_false_positives: 2%
	  new_blind: 0
	  fidelity: not_worse
	  exceptions: {limit: not_expired, within: 30d}
	  maximum_cost_growth: 1.5x
END
printf 'mews.db*\n' >"$repository/.gitignore"
git init -q "$repository" 2>/dev/null
git_ add -A
git_ commit -qm "the rules"

mews_() { (cd "$repository" && "$mews" "$@"); }
gate() { run mews_ replay --gate --as-of "$day" --no-store "$@"; }
# What a change does is undone before the next.
undo() {
	git_ reset -q --hard
	git_ clean -qfd
}
# said GATE WORDS…: the gate fails, and one of its sentences holds these words, one after the other
said() {
	local gate=$1 words
	shift
	words=$(printf '%s' "$*" | sed 's/ /[[:space:]]+/g')
	awk -v gate="$gate" '
		/^(FAILED|UNDECIDED|passed) / { on = $1 == "FAILED" && $2 == gate; next }
		on { text = text " " $0 }
		END { print text }' "$work/out" | tr -s ' ' | grep -qE -- "$words"
}
only() { # the gates that fail are these
	[ "$(awk '/^FAILED / { print $2 }' "$work/out" | sort -u | tr '\n' ' ')" = "$* " ]
}
edit() { perl -0pi -e "$1" "$repository/rulesets/$2"; }

# --- without a reference run
gate
expect "without a reference run the gates fail" [ "$status" -eq 1 ]
expect "…since they are undecided, not passed" grep -qE '^UNDECIDED lost_episodes \(mews.yaml:7\),$' "$work/out"
expect "…and say how to get one" grep -q 'mews reference set' "$work/out"
expect "…what needs none is judged" grep -q '^passed minimum_recall: ' "$work/out"
sed -i 's/^gates:/&\n  undecided: pass/' "$repository/mews.yaml"
gate
expect "a project may let undecided gates pass" [ "$status" -eq 0 ]
expect "…which is said" grep -q 'UNDECIDED .*lost_episodes' "$work/out"
undo

run mews_ replay --as-of "$day"
expect "the reference is replayed" [ "$status" -eq 0 ]
run mews_ reference set
expect "…and set" [ "$status" -eq 0 ]

# --- nothing changes
gate
expect "no change passes" [ "$status" -eq 0 ]
expect "…every gate is judged" grep -q '^Gates: 0 failed, 0 undecided, 7 passed$' "$work/out"
gate -f json
expect "JSON lists the gates" jq -e '.gates.results | length == 7 and all(.outcome == "passed")' "$work/out"

# --- one episode is lost
sed -i '/^conditions:/,/^exceptions:/s/core_pattern/core_pattern_of_old/g' "$repository/rulesets/detections/core-pattern-written.yaml"
gate
expect "a change that loses an episode fails" [ "$status" -eq 1 ]
expect "…names detection, episode and cause" said lost_episodes \
	'core-pattern-written misses the attack container-attacks-holdout/core-pattern-written that it caught before \(unmatched, its conditions changed\)'
expect "…in which organizations" said lost_episodes 'in web-shop and build-farm; 1 lost, 0 allowed'
expect "…and the event that decides" grep -qE '^ +.*/core-pattern-written\.log\.zst:[0-9]+$' "$work/out"
expect "…and nothing else fails" only lost_episodes
gate -f json
expect "…JSON holds the same" jq -e '[.gates.results[] | select(.outcome == "failed")] | length == 1 and all(.gate == "lost_episodes" and
	.observed == 1 and .bound == 0 and .detection == "core-pattern-written" and (.event | test(":[0-9]+$")))' "$work/out"
expect "…and the verdict stands on standard error, too" grep -q '^FAILED lost_episodes' "$work/err"
# … which dropping the expectation does not excuse
sed -i '/expects: \[core-pattern-written\]/d' "$repository"/corpus/container-attacks-*/corpus.yaml
gate
expect "an expectation that goes in the same change does not excuse it" [ "$status" -eq 1 ]
expect "…and the cause says so" said lost_episodes '\(no longer expected, its conditions changed\)'
undo

# --- 5 % noise: four false positives more on top of some eighty
run mews_ replay --as-of "$day" --no-store -O web-shop -f json
base=$(jq '[.results[].fp] | add' "$work/out")
share=$(awk -v base="$base" 'BEGIN { share = sprintf("%.2f", 400 / base); sub(/\.?0+$/, "", share); print share }')
expect "(four are more than 2 % and less than 6 %)" awk "BEGIN { exit !($share > 2 && $share < 6) }"
edit 's/\nconditions:\n/\nconditions:\n  noise: process where event.action == "exec" and process.name in ("make", "collect2")\n/' \
	detections/engine-configuration-changed.yaml
gate
expect "a change that adds 5 % noise fails" [ "$status" -eq 1 ]
expect "…with the figures" said new_false_positives \
	"engine-configuration-changed gives web-shop 4 false positives more than before; 4 new in all on top of $base \\(\\+$share %\\), 2 % allowed"
expect "…and an event" grep -qE '^ +corpus/everyday-.*:[0-9]+$' "$work/out"
expect "…and no other gate" only new_false_positives
sed -i 's/new_false_positives: 2%/new_false_positives: {limit: 6%, organizations: {build-farm: 100}}/' "$repository/mews.yaml"
gate
expect "…within another tolerance it passes" [ "$status" -eq 0 ]
sed -i 's/limit: 6%,/limit: 0, except: engine-configuration-changed,/' "$repository/mews.yaml"
gate
expect "…and for an excepted detection" [ "$status" -eq 0 ]
undo

# --- the same noise, and an exception that hides it
hide() {
	cat >>"$repository/rulesets/organizations/web-shop.yaml" <<-END
		exceptions:
		  - name: $1
		    detections: [$2]
		    condition: $3
		    reason: it is noisy
		    owner: somebody
	END
}
edit 's/\nconditions:\n/\nconditions:\n  noise: process where event.action == "exec" and process.name in ("make", "collect2")\n/' \
	detections/engine-configuration-changed.yaml
edit 's/^exceptions:\n/exceptions:\n  - name: quiet\n    detections: [engine-configuration-changed]\n    condition: process.name in ("make", "collect2")\n    reason: it is noisy\n    owner: somebody\n/m' \
	organizations/build-farm.yaml
hide quiet engine-configuration-changed 'process.name in ("make", "collect2")'
gate
expect "an exception in the same change does not excuse the noise" [ "$status" -eq 1 ]
expect "…which is said" grep -q "^FAILED new_false_positives .*, under the reference run's baselines$" "$work/out"
expect "…and whose baseline hides it" said new_false_positives \
	'4 false positives more .* what this change does to the baseline of build-farm and web-shop hides it'
undo
edit 's/\nconditions:\n/\nconditions:\n  noise: process where event.action == "exec" and process.name in ("make", "collect2")\n/; s/^exceptions: \[\]/exceptions:\n  - name: quiet\n    condition: process.name in ("make", "collect2")\n    reason: noisy/m' \
	detections/engine-configuration-changed.yaml
gate
expect "…nor does one that is shipped with the detection" [ "$status" -eq 1 ]
expect "…which is named" said new_false_positives 'what this change does to the baseline of engine-configuration-changed hides it'
undo
sed -i 's/monitor: .*/monitor: {minimum_severity: low, disable: [engine-socket-connected]}/' "$repository/rulesets/organizations/web-shop.yaml"
gate
expect "disabling what catches an attack loses it" said lost_episodes \
	'engine-socket-connected misses the attack .* that it caught before \(disabled\), in web-shop'
undo
hide swallow docker-socket-mount 'not process.name == "nobody-at-all"'
gate
expect "an exception that hides an attack loses the episode" [ "$status" -eq 1 ]
expect "…and is named" said lost_episodes 'docker-socket-mount misses the attack .* \(excepted by swallow\)'
undo

cp "$repository/mews.yaml" "$work/old.yaml"
git_ rm -q rulesets/organizations/build-farm.yaml
sed -i 's/organizations: .*/organizations: [web-shop]/' "$repository/mews.yaml"
gate
expect "an organization that is gone is undecided" [ "$status" -eq 1 ]
expect "…and named" grep -q 'the reference run has build-farm, and the catalog has not' "$work/out"
undo
gate -O web-shop
expect "one that is not asked for is no matter" [ "$status" -eq 0 ]
sed -i 's/lost_episodes: 0/lost_episodes: 5/' "$repository/mews.yaml"
hide swallow docker-socket-mount 'not process.name == "nobody-at-all"'
gate
expect "a loosened gate passes" [ "$status" -eq 0 ]
gate --gates "$work/old.yaml"
expect "…and not with the gates that stood before" said lost_episodes 'docker-socket-mount misses the attack'
undo

# --- changes that change nothing
old=core-pattern-written new=kernel-core-pattern-written
git_ mv "rulesets/detections/$old.yaml" "rulesets/detections/$new.yaml"
sed -i "s/^name: $old\$/name: $new/" "$repository/rulesets/detections/$new.yaml"
sed -i "s/\[$old\]/[$new]/" "$repository"/corpus/container-attacks-*/corpus.yaml
gate
expect "a new name alone passes" [ "$status" -eq 0 ]
expect "…with every gate judged" grep -q '^Gates: 0 failed, 0 undecided, 7 passed$' "$work/out"
undo
# keys in another order, comments, folded texts, lists as sets
perl -0pi -e 's/^(name: [^\n]*\n)(title: [^\n]*\n)/# what it is called\n$2$1/m; s/"create", "modify"/"modify",   "create"/' \
	"$repository/rulesets/detections/core-pattern-written.yaml"
perl -0pi -e 's/^(risky: alert\n)(budget: [^\n]*\n)/$2$1/m; s/\[gitlab\/gitlab-runner, ([^\]]*)\]/[$1, gitlab\/gitlab-runner]/' \
	"$repository/rulesets/organizations/build-farm.yaml"
perl -0pi -e 's/^(format: [^\n]*\n)/# read as\n$1/m' "$repository/corpus/everyday-holdout/corpus.yaml"
expect "(the files differ)" [ "$(git_ status --porcelain | wc -l)" -eq 3 ]
gate
expect "YAML in another order and with comments passes" [ "$status" -eq 0 ]
expect "…with every gate judged" grep -q '^Gates: 0 failed, 0 undecided, 7 passed$' "$work/out"
undo

# --- exceptions that expire
gate --as-of 2027-04-01
expect "an expired exception fails" [ "$status" -eq 1 ]
expect "…with its name, owner and day" said exceptions 'runners-get-the-socket of build-farm expired on 2027-03-31 \(platform\)'
expect "…and its line" grep -q 'rulesets/organizations/build-farm.yaml:'"$(grep -n 'name: runners-get-the-socket' rulesets/organizations/build-farm.yaml | cut -d: -f1)\$" "$work/out"
gate --as-of 2027-03-20
expect "one that expires soon is told" grep -q 'runners-get-the-socket of build-farm expires in 11 days' "$work/out"
expect "…and passes" [ "$status" -eq 0 ]

# --- what targets can say, what it costs, what cannot be seen
edit 's/(file where event.action in \("create", "modify"\))/$1 and not user.effective.name == "nobody"/' detections/core-pattern-written.yaml
gate
expect "fidelity that gets worse fails" [ "$status" -eq 1 ]
expect "…and names target, condition and both claims" said fidelity \
	"falco says core-pattern-written's condition written only as (wider|approximate|unsupported), and said it as exact before"
undo
words=$(printf 'not process.name like "*dear-%s*" and ' 1 2 3 4 5 6 7 8)
edit "s/\nconditions:\n/\nconditions:\n  dear: process where ${words}not process.name like \"*\"\n/" detections/core-pattern-written.yaml
gate
expect "a detection that asks more fails" [ "$status" -eq 1 ]
expect "…with both figures" said maximum_cost_growth 'core-pattern-written asks [0-9.]+ predicates per event, after [0-9.]+: [0-9.]+ times as many, 1.5 allowed'
undo
sed 's/^id: .*/id: 3d8f0a55-5d0e-4a55-9a52-0c1d8f6f0e11/; s/^name: .*/name: another-anonymous-request/' "$repository/rulesets/detections/anonymous-api-request-allowed.yaml" \
	>"$repository/rulesets/detections/another-anonymous-request.yaml"
gate
expect "a new detection that is blind fails" [ "$status" -eq 1 ]
expect "…and is named" said new_blind 'another-anonymous-request is blind in web-shop and build-farm \(a new detection\)'
undo

# --- data that differs
mkdir "$repository/corpus/more"
printf '%s\n' 'name: more' 'format: auditd' 'files: [events/*.log]' 'default: unknown' 'origin: made by tests/e2e/gates.sh' 'license: CC0-1.0' \
	>"$repository/corpus/more/corpus.yaml"
mkdir "$repository/corpus/more/events"
printf 'type=EXECVE msg=audit(1767225600.001:1): argc=1 a0="ls"\n' >"$repository/corpus/more/events/a.log"
gate
expect "other data cannot be compared: undecided" [ "$status" -eq 1 ]
expect "…which dataset it is" grep -q 'more' "$work/out"
expect "…and is said in one line" grep -q '^mews: note: it cannot be compared with run' "$work/err"
# the base's catalog over today's data is a reference that fits
git_ worktree add -q "$work/base" HEAD
run mews_ --catalog "$work/base/rulesets" replay --as-of "$day" -O web-shop -O build-farm
expect "the base's rules are replayed over today's data" [ "$status" -eq 0 ]
run mews_ reference set latest
gate
expect "…and today's rules are compared with them" [ "$status" -eq 0 ]
git_ worktree remove --force "$work/base"
undo

# --- wrong use
sed -i 's/^  lost_episodes:/  lost_episode:/' "$repository/mews.yaml"
gate
expect "wrong gates are wrong input" [ "$status" -eq 2 ]
expect "…with the place and the nearest name" grep -Eq 'mews.yaml:7:3: error: unknown key `lost_episode` in gates; did you mean `lost_episodes`' "$work/err"
undo
gate --as falco
expect "--gate is for detections" [ "$status" -eq 2 ]
run mews_ replay --no-store --compare 4711
expect "a run that is not there is wrong use" [ "$status" -eq 2 ]
run mews_ replay --no-store --as-of "$day" --suggest -O web-shop -f json
expect "--suggest proposes exceptions beside the figures" jq -e '.proposals | length > 0 and all(.organization == "web-shop")' "$work/out"
run bash -c 'zstdcat "$2"/corpus/everyday-holdout/events/backup.log.zst | (cd "$2" && "$1" replay --no-store --gate -)' - "$mews" "$repository"
expect "a stream is no corpus that the reference saw" [ "$status" -eq 1 ]
cd "$here" || exit 2
finish
