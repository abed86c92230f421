#!/usr/bin/env bash
# `mews watch` over the shipped corpus: saves as editors make them, what they changed, broken files, and its end.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
project=$work/project
mkdir "$project"
cp -r rulesets "$project/"
rm -rf "$project/rulesets/packs"
cp -r corpus/container-attacks-holdout "$work/corpus-holdout"
mkdir "$project/corpus"
mv "$work/corpus-holdout" "$project/corpus/container-attacks-holdout"
printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\norganizations: [web-shop, build-farm]\n' >"$project/mews.yaml"
cd "$project" || exit 2
detection=rulesets/detections/privileged-container.yaml
out=$work/lines watcher=0 seen=0

begin() { # OPTION…
	: >"$out"
	seen=0
	# A job in the background of a script ignores SIGINT; an interactive shell's does not.
	(trap - INT; exec "$mews" watch "$@" >"$out" 2>"$work/err") </dev/null &
	watcher=$!
	status=0
	await '^watching '
}
await() { # pattern: a line that comes within a minute, after those that were seen
	local i
	for ((i = 0; i < 1200; i++)); do
		if tail -n "+$((seen + 1))" "$out" | grep -Eq -- "$1"; then
			return 0
		fi
		sleep 0.05
	done
	return 1
}
next() { # the lines so far are seen; wait until the round of the next save has ended
	await '^(replayed|error)' || return 1
	tail -n "+$((seen + 1))" "$out" >"$work/out"
	seen=$(wc -l <"$out")
}
end() { # signal
	kill -s "$1" "$watcher"
	wait "$watcher"
	status=$?
}
says() { grep -Eq -- "$1" "$work/out"; }

# as vim does it: the old file becomes a backup, a new one is written; as others do it: a file beside it takes the name
save_by_backup() { mv "$1" "$1~" && cat >"$1" && rm "$1~"; }
save_by_rename() { cat >"$1.new" && mv "$1.new" "$1"; }

begin
expect "it says what it watches" grep -q '^watching  rulesets, corpus, mews.yaml (Ctrl-C ends): [0-9]* detections' "$out"
seen=$(wc -l <"$out")
cp "$detection" "$work/kept"

sed 's/^title:.*/title: Another title/' "$work/kept" | save_by_backup "$detection"
expect "a save by way of a backup is seen" next
expect "…named" says "^saved     ..:..:.. $detection\$"
expect "…a title is a change of words alone" says '^detection privileged-container: '
expect "…and nothing else" says '^replayed  .*: no alert and no episode differs'
took=$(sed -n 's/^replayed .* in \([0-9.]*\) s.*/\1/p' "$work/out" | tail -n 1)
echo "a round took $took s"
expect "…within a second, or twenty where the machine is busy" awk -v took="$took" 'BEGIN { exit !(took > 0 && took < 20) }'

rm "$detection"
expect "a detection that is gone is seen" next
expect "…with episodes that are lost" says '^episode   lost container-attacks-holdout/.*: privileged-container for '
expect "…and alerts, with their places" says '^lost      TP privileged-container \[all\] corpus/container-attacks-holdout/events/.*:[0-9]+'
expect "…as a sum" says '^replayed  .*: 0 alerts gained, [1-9][0-9]* lost; episodes lost: [1-9]'
save_by_rename "$detection" <"$work/kept"
expect "a new file is seen" next
expect "…its episodes are won" says '^episode   won container-attacks-holdout/.*: privileged-container for '
expect "…its alerts gained" says '^gained    TP privileged-container '

echo 'conditions: [' >>"$detection"
expect "a broken file is seen" next
expect "…with its place" says "^error     $detection:[0-9]+:[0-9]+: "
expect "…and nothing was replayed" [ "$(grep -c '^replayed' "$work/out")" -eq 0 ]
cp "$work/kept" "$detection"
expect "it recovers" next
expect "…compared with the last good state" says '^replayed  .*: no alert and no episode differs'

sed '0,/expect: no-match/s//expect: match/' "$work/kept" >"$detection"
expect "tests that fail are told" next
expect "…with their places" says "^test      $detection:[0-9]+:[0-9]+: privileged-container: .* expects match, and it does not match"
cp "$work/kept" "$detection"
expect "tests that pass again, too" next
expect "…by their names" says '^test      privileged-container: .* does not fail any more'

printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\norganizations: [web-shp]\n' >mews.yaml
expect "mews.yaml is watched" next
expect "…and its faults told" says '^error     .*web-shp.*web-shop'
printf 'catalog: rulesets\ncorpus: corpus\nstore: mews.db\norganizations: [web-shop, build-farm]\n' >mews.yaml
expect "…it recovers" next

sed -i 's/disable: \[\]/disable: [privileged-container]/' rulesets/organizations/web-shop.yaml
expect "a baseline is watched" next
expect "…and what it hides told, for that organization" says '^lost      TP privileged-container \[web-shop\] '

sed -i '0,/label: malicious/s//label: benign/' corpus/container-attacks-holdout/corpus.yaml
expect "the corpus's labels are watched" next
expect "…which one changed is told" says '^corpus    dataset container-attacks-holdout: .*malicious.*benign'
expect "…and what rates became" says '^rate      .* for build-farm: .*→'

touch rulesets/detections/.privileged-container.yaml.swp rulesets/detections/notes.txt
mkdir -p corpus/new/deeper
sleep 0.3
sed 's/^title:.*/title: Yet another title/' "$work/kept" >"$detection"
expect "swap files and notes are none" next
expect "…of the files saved" says "^saved     ..:..:.. $detection\$"

mv rulesets rulesets.away
expect "a catalog that is gone is told" next
mv rulesets.away rulesets
expect "…and waited for" await '^replayed'
end INT
expect "Ctrl-C ends it well" [ "$status" -eq 0 ]
expect "nothing is said but lines" [ ! -s "$work/err" ]
expect "nothing is stored" [ ! -e mews.db ]
expect "no escape sequence without a terminal" [ "$(grep -c $'\033' "$out")" -eq 0 ]

# A save during a replay: the one under way ends, and one round answers both.
for i in 1 2 3 4 5 6; do
	cp -r corpus/container-attacks-holdout "corpus/copy-$i"
	sed -i "s/^name:.*/name: copy-$i/" "corpus/copy-$i/corpus.yaml"
done
begin
seen=$(wc -l <"$out")
sed 's/^title:.*/title: One/' "$work/kept" >"$detection"
await '^saved '
sleep 0.1
sed 's/^title:.*/title: Two/' "$work/kept" >"$detection"
expect "two saves are answered" next
expect "…by one round, with the newest state" says '^ *\+ title: Two'
expect "…not with one that was old already" [ "$(grep -c '+ title: One' "$out")" -eq 0 ]
end INT
rm -r corpus/copy-*

begin --format json
end TERM
expect "SIGTERM ends it well" [ "$status" -eq 0 ]
expect "--format json is an object on each line" jq -es 'map(.event) == ["replayed", "watching"]' "$out"

run timeout 20 "$mews" watch --org web-shp
expect "what is asked for and is not there ends it" [ "$status" -eq 2 ]
run "$mews" watch --once
expect "--once without a reference is fine" [ "$status" -eq 0 ]
expect "…and says so" says '^reference none is set'
run "$mews" watch --once --format json
expect "--once as JSON" jq -es 'map(.event) == ["reference", "replayed"]' "$work/out"
echo 'conditions: [' >>"$detection"
run "$mews" watch --once
expect "--once with a broken catalog is wrong input" [ "$status" -eq 2 ]
run "$mews" watch --against yesterday
expect "--against takes what it says" [ "$status" -eq 2 ]
finish
