#!/usr/bin/env bash
# What explain says of an episode is what replay counted: over the shipped corpus, for every episode and organization,
# an alert here is an alert there, and a miss has the same cause. One organization looks at little, so that there are misses.
# Of the hold-out datasets but the hosts' hours, some episodes for each dataset and answer; FULL=1 for every one of all.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
if ! command -v jq >/dev/null; then
	skip "jq is not there"
	finish
fi
mkdir "$work/catalog"
cp -r rulesets/*.yaml rulesets/detections rulesets/dialects rulesets/organizations "$work/catalog/"
[ ! -d rulesets/fields ] || cp -r rulesets/fields "$work/catalog/"
cat >"$work/catalog/organizations/little.yaml" <<'END'
name: little
title: Looks at little
monitor: {minimum_severity: critical, disable: [core-pattern-written, cgroup-release-agent-written, docker-socket-mount],
  severity: {host-namespace-entered: critical, sensitive-mount-rw: low, core-pattern-written: critical, docker-socket-mount: critical}}
exceptions:
  - name: everything-of-root
    detections: [host-namespace-entered, T1610]
    condition: user.id == "0"
    reason: to see an exception take alerts away
    owner: tests
END
with=(--catalog "$work/catalog" --store "$work/mews.db")
orgs=(--org web-shop --org build-farm --org observability --org little --as-of 2026-11-25)

datasets=()
if [ "${FULL:-}" != 1 ]; then
	for dataset in corpus/*-holdout; do
		[[ $dataset == */hosts-* ]] || datasets+=("$dataset")
	done
fi
run "$MEWS" "${with[@]}" replay --no-store --format json "${orgs[@]}" "${datasets[@]}"
expect "replay" test "$status" -eq 0
# organization dataset episode detection answer
jq -r '.episodes[] | . as $e | (.expects[] | . as $d | [$e.organization, $e.dataset, $e.name, $d,
	(if $e.alerted | index($d) then "alert" else ([$e.missed[] | select(.detection == $d) | .cause] | first // "not expected") end)]) | @tsv' \
	"$work/out" | sort >"$work/replay"
expect "misses of several causes are among them" test "$(cut -f 5 "$work/replay" | sort -u | wc -l)" -ge 4

# For each dataset, organization and answer the first two episodes in an order of their own.
if [ "${FULL:-}" = 1 ]; then
	cut -f 2,3 "$work/replay" | sort -u >"$work/episodes"
else
	shuf --random-source=<(yes) "$work/replay" | awk -F '\t' '{ key = $2 FS $1 FS $5 } seen[key]++ < 2' | cut -f 2,3 | sort -u >"$work/episodes"
	awk -F '\t' 'NR == FNR { taken[$0]; next } ($2 FS $3) in taken' "$work/episodes" "$work/replay" >"$work/taken"
	expect "every answer is among those of the episodes that are tried" diff <(cut -f 5 "$work/replay" | sort -u) <(cut -f 5 "$work/taken" | sort -u)
	mv "$work/taken" "$work/replay"
fi
while IFS=$'\t' read -r dataset episode; do
	run "$MEWS" "${with[@]}" explain --episode "$dataset/$episode" --format json "${orgs[@]}"
	cp "$work/out" "$work/one"
	jq -r '. as $e | .detections[] | .detection as $d | .organizations[] | [.organization, $e.dataset, $e.episode, $d,
		(if .alerts > 0 then "alert" elif .expects then .cause else "not expected" end)] | @tsv' "$work/one" >>"$work/explain"
	missed=$(jq '[.detections[].organizations[] | select(.expects and .alerts == 0)] | length > 0' "$work/one")
	[ "$missed" = true ] && wanted=1 || wanted=0
	[ "$status" -eq "$wanted" ] || echo "$dataset/$episode: status $status, not $wanted" >>"$work/wrong"
done <"$work/episodes"
sort -o "$work/explain" "$work/explain"
expect "every episode, detection and organization is answered as replay does" diff "$work/replay" "$work/explain"
diff "$work/replay" "$work/explain" | head -n 10
expect "the status is 1 where an alert did not come, else 0" test ! -s "$work/wrong"
echo "$(wc -l <"$work/episodes") episodes, $(wc -l <"$work/replay") answers: $(cut -f 5 "$work/replay" | sort | uniq -c | tr -s ' \n' ' ')"
finish
