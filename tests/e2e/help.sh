#!/usr/bin/env bash
# Every verb as somebody meets it who does not know it: its help, wrong options, wrong names, nothing to work on, streams
# that are closed, terminals that are narrow.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
root=$PWD
if ! command -v jq >/dev/null; then
	skip "jq is missing: no verb's table was read"
	finish
fi
"$mews" help --as json >"$work/table.json"
mapfile -t verbs < <(jq -r '.verbs[].verb' "$work/table.json")
expect "there are verbs" [ ${#verbs[@]} -ge 14 ]
fits() { # file: no line has more than 80 columns
	[ "$(LC_ALL=C.UTF-8 wc -L <"$1")" -le "${2:-80}" ]
}
one_line() { [ "$(wc -l <"$work/err")" -eq 1 ]; }

# --- the texts
run "$mews" --help
expect "mews --help fits" fits "$work/out"
for verb in "${verbs[@]}"; do
	expect "mews --help has $verb" grep -q "^  $verb  " "$work/out"
done
expect "every verb has its place" [ "$(jq '[.verbs[] | select(.group == "Also") | .verb] - ["load", "completion", "help"] | length' "$work/table.json")" -eq 0 ]
for verb in "${verbs[@]}"; do
	run "$mews" "$verb" --help
	expect "$verb --help" [ "$status" -eq 0 ]
	expect "$verb --help fits" fits "$work/out"
	for head in Usage Options Examples; do
		expect "$verb --help has $head" grep -q "^$head:" "$work/out"
	done
	expect "$verb --help says what it does, without a dot" grep -Eq '^[A-Z].*[^.]$' <(head -n 1 "$work/out")
	cp "$work/out" "$work/help"
	run "$mews" help "$verb"
	expect "help $verb says the same" cmp "$work/out" "$work/help"
	run "$mews" "$verb" --no-such-option
	expect "$verb: an unknown option is status 2" [ "$status" -eq 2 ]
	expect "…and one line" one_line
	expect "…that says where to look" grep -q "mews $verb --help" "$work/err"
	expect "…and nothing else" [ ! -s "$work/out" ]
	run "$mews" "${verb:0:1}x${verb:1}" # a letter too many
	expect "$verb, misspelt" grep -q "did you mean \"$verb\"?" "$work/err"
done
while read -r verb option; do
	run "$mews" "$verb" "--${option:0:1}x${option:1}"
	expect "$verb --$option, misspelt" grep -Eq -- 'did you mean --' "$work/err"
done < <(jq -r '.verbs[] | .verb as $verb | .options[] | select(.name | length > 4) | "\($verb) \(.name)"' "$work/table.json")
run jq -r '([.verbs[].verb]) as $all | .verbs[] | .verb as $verb | (.see // "" | split(" ")[]) | select(. as $see | $all | index($see) | not) | "\($verb): \(.)"' \
	"$work/table.json"
expect "whatever is to be seen as well is there" [ ! -s "$work/out" ]
run jq -r '.verbs[] | .verb as $verb | (.options | group_by(.letter)[] | select(length > 1 and .[0].letter != "") | "\($verb) -\(.[0].letter)"),
	(.options[] | select(.about | test("^[a-z0-9]") | not) | "\($verb) --\(.name): \(.about)")' "$work/table.json"
grep -v ': \(YAML\|Sigma\|[A-Z][A-Z]*\b\)' "$work/out" >"$work/odd"
expect "no letter twice in a verb" [ "$(grep -c ' -.$' "$work/out")" -eq 0 ]

# --- examples: each is a command line that mews understands (nothing runs)
cat >"$work/examples" <<'END'
mews() { [ $# -gt 0 ] && ! "$MEWS_UNDER_TEST" help --check -- "$@" 2>>"$MEWS_WRONG" && echo "in: mews $*" >>"$MEWS_WRONG"; return 0; }
command_not_found_handle() { cat >/dev/null; return 0; }
for other in jq man ssh cat code git xdg-open; do eval "$other() { :; }"; done
source "$1"
END
mkdir "$work/sandbox"
for verb in "${verbs[@]}"; do
	jq -r --arg verb "$verb" '.verbs[] | select(.verb == $verb).examples[].command' "$work/table.json" >"$work/commands"
	expect "$verb has examples" [ -s "$work/commands" ]
	expect "…that begin with mews, or lead to it" [ "$(grep -vc '\bmews\b\|^    ' "$work/commands")" -eq 0 ]
	: >"$work/wrong"
	(cd "$work/sandbox" && HOME=$work/sandbox MEWS_UNDER_TEST=$mews MEWS_WRONG=$work/wrong PATH=/nowhere \
		run "$BASH" --norc "$work/examples" "$work/commands"
	exit "$status")
	cp "$work/wrong" "$work/out"
	expect "$verb: examples are understood" [ ! -s "$work/wrong" ]
	expect "$verb: examples name the verb" grep -qE "\bmews( -[-a-zA-Z]+ [^ ]+)* $verb\b" "$work/commands"
done

# --- nothing to work on
mkdir "$work/empty"
cd "$work/empty" || exit 2
export MEWS_NOTHING=
for verb in "${verbs[@]}"; do
	[ "$verb" != watch ] || continue # waits for a catalog
	run timeout 20 "$mews" --catalog nothing-here --store "$work/none.db" "$verb"
	expect "$verb, with nothing at all, ends by itself" [ "$status" -le 2 ]
	if [ "$verb" != help ] && [ "$verb" != schema ]; then
		expect "…as wrong use" [ "$status" -eq 2 ]
		expect "…with a sentence" grep -q 'error: ' "$work/err"
	fi
	expect "…and leaves nothing" [ "$(find . -type f | wc -l)" -eq 0 ]
	rm -f "$work/none.db"*
done

# --- names that are nearly right
cd "$work" || exit 2
mkdir project
cd project || exit 2
cp -r "$root/rulesets" .
mkdir corpus
cp -r "$root/corpus/container-attacks-holdout" corpus/
nearly() { # wanted word…: the message names what was meant
	local wanted=$1
	shift
	run "$mews" "$@"
	expect "mews $*: did you mean $wanted" grep -qF "did you mean \"$wanted\"?" "$work/err"
	expect "…is status 2" [ "$status" -eq 2 ]
}
nearly web-shop replay --org web-shp
nearly web-shop tune --org webshop
nearly json replay --format jsn
nearly falco generate flaco -o "$work/packs"
nearly falco verify falcon --made-only
nearly falco replay --as flaco
nearly ecs export --as esc
nearly container-attacks-holdout replay container-attack-holdout
nearly container-attacks-holdout explain --episode container-atacks-holdout/x
nearly docker-socket-mount explain docker-socket-mont 'test:x'
nearly docker-socket-mount show docker-socket
nearly organizations list organisations
nearly detection schema detektion
nearly tetragon dialect check tetragn /dev/null
nearly tetragon replay --dialect tetragn rulesets/fields.yaml
nearly auditd replay --reader audit rulesets/fields.yaml

# --- options of the program behind the verb
for option in --catalog=x --store -P --version; do
	run "$mews" replay $option x
	expect "$option behind the verb stands in the wrong place" grep -q 'stands before the verb, as in mews --' "$work/err"
	expect "…is status 2" [ "$status" -eq 2 ]
done

# --- streams
for words in 'help' 'check' 'list' 'show docker-socket-mount' 'replay' 'schema detection' 'completion bash'; do
	read -ra line <<<"$words"
	"$mews" "${line[@]}" >/dev/full 2>"$work/err"
	expect "$words to a full disk is no success" [ $? -eq 2 ]
	"$mews" "${line[@]}" >&- 2>"$work/err"
	expect "$words to a closed standard output is no success" [ $? -eq 2 ]
	"$mews" "${line[@]}" 2>&- >"$work/out"
	expect "$words with a closed standard error is fine" [ $? -eq 0 ]
	run "$mews" "${line[@]}"
	expect "$words without a terminal: no colour, no progress" [ "$(cat "$work/out" "$work/err" | grep -c $'[\033\r]')" -eq 0 ]
done

on_terminal() { # columns word…: at a terminal that wide; all that it shows in $work/out, with \r\n as \n
	local columns=$1
	shift
	printf 'stty cols %s rows 40; exec %q' "$columns" "$mews" >"$work/at-terminal"
	printf ' %q' "$@" >>"$work/at-terminal"
	timeout 60 script -qec "sh $work/at-terminal" /dev/null </dev/null >"$work/raw" 2>"$work/err"
	status=$?
	sed 's/\r*$//' "$work/raw" >"$work/out"
}
if command -v script >/dev/null; then
	on_terminal 100 replay
	expect "at a terminal there is progress" grep -q $'\r' "$work/out"
	sed 's/.*\r//' "$work/out" >"$work/shown"
	expect "…that is gone in the end" [ "$(grep -c 'events.*alerts $' "$work/shown")" -eq 0 ]
	export NO_COLOR=1
	on_terminal 100 replay
	expect "NO_COLOR is heard" [ "$(grep -c $'\033' "$work/out")" -eq 0 ]
	unset NO_COLOR
	on_terminal 80 replay
	sed 's/.*\r//;s/\x1b\[[0-9;]*m//g' "$work/out" | grep -v 'warning: ' >"$work/shown"
	expect "a terminal of 80 columns is wide enough" fits "$work/shown"
else
	skip "script is missing: nothing was tried at a terminal"
fi

# --- what may not be read
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	chmod 755 "$work"
	mkdir secret "$work/open"
	chmod 777 "$work/open"
	chmod 700 secret
	run setpriv --reuid=65534 --clear-groups "$mews" --store "$work/open/n.db" replay secret
	expect "a folder that may not be read is status 2" [ "$status" -eq 2 ]
	expect "…and named" grep -q 'secret.*error: ' "$work/err"
	chmod 000 rulesets/detections
	run setpriv --reuid=65534 --clear-groups "$mews" check
	expect "a catalog that may not be read is status 2" [ "$status" -eq 2 ]
	expect "…and named" grep -q 'rulesets.*error: ' "$work/err"
	chmod 755 rulesets/detections
else
	skip "not root, or setpriv is missing: folders that may not be read were not tried"
fi
finish
