#!/usr/bin/env bash
# mews tune: planted noise is found and look-alike attacks stay visible; the shipped organizations without their exceptions;
# wrong use. Of the shipped recordings all but the hour-long logs of hosts are mined (FULL=1: these, too). TUNE_SEEDS="3 4 …"
# TUNE_CAUSES="1 5 15 40" tries others; each prints its figures.
set -u
cd "$(dirname "$0")/../.." || exit 2
# shellcheck source=tests/lib.sh
. tests/lib.sh
MEWS=$(realpath "$MEWS")

planted() { # seed causes
	run python3 tests/tune/plant.py --seed "$1" --causes "$2" --rulesets rulesets "$work/planted-$1-$2"
	expect "seed $1, $2 causes: planted" [ "$status" -eq 0 ]
	run python3 tests/tune/judge.py "$MEWS" "$work/planted-$1-$2"
	expect "seed $1, $2 causes: tuned, nothing lost, no look-alike hidden" [ "$status" -eq 0 ]
	[ -z "${TUNE_SEEDS:-}" ] || cat "$work/out"
	rm -rf "$work/planted-$1-$2"
}

if ! command -v python3 >/dev/null; then
	skip "planted noise: no python3"
elif [ -n "${TUNE_SEEDS:-}" ]; then
	for seed in $TUNE_SEEDS; do
		for causes in ${TUNE_CAUSES:-1 5 15 40}; do planted "$seed" "$causes"; done
	done
	finish
else
	planted 1 15
	planted 2 40
fi

# The shipped organizations, as if nobody had written an exception yet.
bare=$work/bare
mkdir -p "$bare"
cp -R rulesets "$bare/rulesets"
for file in "$bare"/rulesets/organizations/*.yaml; do
	sed -i '/^exceptions:/,$d' "$file"
	echo 'exceptions: []' >>"$file"
done
mkdir "$bare/corpus"
for dataset in corpus/*/; do
	[ -f "$dataset/corpus.yaml" ] || continue
	[[ $dataset != corpus/hosts-* || -n ${FULL:-} ]] || continue
	ln -s "$PWD/${dataset%/}" "$bare/corpus/"
done
[ -n "${FULL:-}" ] || echo "the logs corpus/hosts-* were left out (FULL=1 takes them)"
printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\n' >"$bare/mews.yaml"
# shellcheck disable=SC2317
inside() { (cd "$bare" && "$MEWS" "$@"); }
for organization in build-farm observability; do
	run inside tune --org "$organization" --format json --as-of 2026-11-26
	expect "$organization: tuned" [ "$status" -eq 0 ]
	expect "$organization: something is proposed" jq -e '.proposals | length > 0' "$work/out"
	expect "$organization: nothing is lost" jq -e 'all(.proposals[]; .removed.tp == 0 and .removed.btp == 0)' "$work/out"
	expect "$organization: no program or user alone" jq -e 'all(.proposals[]; .bare | not)' "$work/out"
	expect "$organization: nine of ten of what was mined are gone" jq -e \
		'[.detections[] | select(.noisy) | {all: (.fp - .held_out), left: (.fp_after - .held_out_after)}]
		 | (map(.left) | add) <= 0.1 * (map(.all) | add)' "$work/out"
	run inside tune --org "$organization" --quick --format yaml --as-of 2026-11-26
	sed -i '/^exceptions:/,$d' "$bare/rulesets/organizations/$organization.yaml"
	cat "$work/out" >>"$bare/rulesets/organizations/$organization.yaml"
done
run inside check
expect "what is proposed is a valid catalog" [ "$status" -eq 0 ]
run inside tune --org build-farm --as-of 2026-11-26
expect "nothing that was mined is left to be proposed" grep -q 'No exception is proposed\|nothing to tune' "$work/out"

# Wrong use.
for words in "--org nobody" "--org web-shop --budget less" "--org web-shop --most 0" "--org web-shop --format csv" \
	"--org web-shop --detection no-such-detection" "--org web-shop --use sometimes"; do
	# shellcheck disable=SC2086
	run inside tune $words
	expect "tune $words is wrong use" [ "$status" -eq 2 ]
	expect "tune $words: one sentence says so" grep -q error "$work/err"
done
finish
