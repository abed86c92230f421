#!/usr/bin/env bash
# Completion in the shells themselves: bash through its own variables, zsh at a pseudo terminal, fish by `complete -C`.
set -u
. tests/lib.sh
mews=$(realpath "$MEWS")
mkdir -p "$work/bin" "$work/project"
ln -s "$mews" "$work/bin/mews"
PATH=$work/bin:$PATH
cp -r rulesets "$work/project/"
ln -s "$(realpath corpus)" "$work/project/corpus"
mkdir "$work/project/my rules"
touch "$work/project/audit log.txt"
cd "$work/project" || exit 2

words() { # the words of a command line, the last one in hand: what mews offers, without explanations
	mews completion --words -- "$@" 2>"$work/err" | cut -f 1 >"$work/out"
	status=${PIPESTATUS[0]}
}
offers() { grep -Fxq -- "$1" "$work/out"; }
offers_not() { ! grep -Fxq -- "$1" "$work/out"; }

run mews completion --unknown
expect "of every argument in the verbs' tables it is known what it may be" [ "$status" -eq 0 ]
words ''
expect "verbs" offers replay
words re
expect "…that begin so" offers replay
expect "…and no others" offers_not check
words replay --o
expect "options" offers --org
words replay --org ''
expect "organizations" offers web-shop
expect "…not plain, where there is no such thing" offers_not plain
words generate falco --org ''
expect "plain, where there is" offers plain
words generate ''
expect "targets" offers falco
expect "…and all" offers all
words generate falco ''
expect "further targets" offers sigma
words replay ''
expect "datasets" offers everyday-holdout
expect "…and files" offers files
words replay --format=j
expect "values that stand at their option" offers --format=json
words explain --episode container-attacks-holdout/core
expect "episodes" offers container-attacks-holdout/core-pattern-written
words explain docker-socket-mount test:podman
expect "a detection's tests" offers "test:podman's own socket"
words list ru
expect "kinds" offers runs
words show web
expect "show takes organizations" offers web-shop
words label x --as ''
expect "labels" offers risky
words --catalog ''
expect "options before the verb have values, too" offers folders
words --catalog rulesets show docker-socket-m
expect "…and the verb comes after them" offers docker-socket-mount
words -C nothing-there show ''
expect "no catalog is no names" [ "$(cat "$work/out")" = words ]
words frobnicate ''
expect "an unknown verb has none" [ "$(cat "$work/out")" = words ]
words replay -- --o
expect "after -- there are no options" offers_not --org
expect "nothing is said" [ ! -s "$work/err" ]
expect "…and no store is made" [ ! -e mews.db ]
run mews completion tcsh
expect "another shell is wrong use" [ "$status" -eq 2 ]

# --- bash: COMP_WORDS as bash itself would cut the line
cat >"$work/in-bash" <<'END'
source <(mews completion bash)
line=$1
COMP_LINE=$line COMP_POINT=${#line}
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
compopt() { :; } # only while bash itself completes
_mews mews
[ ${#COMPREPLY[@]} -eq 0 ] || printf '%s\n' "${COMPREPLY[@]}"
END
in_bash() { # LINE WORD…
	run bash --norc "$work/in-bash" "$@"
}
in_bash 'mews rep' mews rep
expect "bash: a verb" offers replay
in_bash 'mews replay --org we' mews replay --org we
expect "bash: an organization" [ "$(cat "$work/out")" = web-shop ]
in_bash 'mews replay --format=j' mews replay --format = j
expect "bash: a value behind =, of which bash replaces only the value" [ "$(head -n 1 "$work/out")" = json ]
in_bash 'mews replay --format=' mews replay --format =
expect "bash: an empty value behind =" offers json
in_bash 'mews explain docker-socket-mount test:podm' mews explain docker-socket-mount test : podm
expect "bash: a name behind :, with blanks in it" offers "podman\\'s\\ own\\ socket"
in_bash "mews explain docker-socket-mount 'test:podm" mews explain docker-socket-mount "'test:podm"
expect "bash: a name in quotes" offers "test:podman's own socket"
in_bash 'mews check my' mews check my
expect "bash: folders" offers 'my rules'
in_bash 'mews replay aud' mews replay aud
expect "bash: files" offers 'audit log.txt'
in_bash 'mews  generate   falco --org  pl' mews generate falco --org pl
expect "bash: blanks between words do not count" [ "$(cat "$work/out")" = plain ]
expect "bash: the script is one" bash -n <(mews completion bash)
if command -v shellcheck >/dev/null; then
	run shellcheck -s bash -S warning <(mews completion bash)
	expect "bash: shellcheck finds nothing" [ "$status" -eq 0 ]
else
	skip "shellcheck is missing"
fi

# --- zsh: a terminal, keys and all
if command -v zsh >/dev/null; then
	mkdir "$work/zfunc"
	mews completion zsh >"$work/zfunc/_mews"
	cat >"$work/in-zsh" <<'END'
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PS1=; PROMPT=; fpath=($1 \$fpath); autoload -Uz compinit; compinit -u -d $1/dump; setopt no_beep; zstyle ':completion:*' list-prompt ''"
zpty -w shell "print-buffer() { print -r -- \"BUFFER=[\$BUFFER]\" >>$1/buffer; zle kill-buffer }; zle -N print-buffer; bindkey '^X' print-buffer; print ready >$1/ready"
for i in {1..100}; do [[ ! -e $1/ready ]] || break; sleep 0.05; done
zpty -n -w shell "$2"$'\t'
sleep 0.7
zpty -n -w shell $'\x18'
for i in {1..60}; do [[ ! -e $1/buffer ]] || break; sleep 0.05; done
cat $1/buffer
zpty -d shell
END
	in_zsh() {
		rm -f "$work/zfunc/buffer" "$work/zfunc/ready"
		run timeout 20 zsh -f "$work/in-zsh" "$work/zfunc" "$1"
	}
	in_zsh 'mews repla'
	expect "zsh: a verb" offers 'BUFFER=[mews replay ]'
	in_zsh 'mews replay --org we'
	expect "zsh: an organization" offers 'BUFFER=[mews replay --org web-shop ]'
	in_zsh 'mews replay --format=js'
	expect "zsh: a value behind =" offers 'BUFFER=[mews replay --format=json ]'
	in_zsh 'mews explain docker-socket-mount test:podm'
	expect "zsh: a name with blanks" offers "BUFFER=[mews explain docker-socket-mount test:podman\\'s\\ own\\ socket ]"
	in_zsh 'mews replay aud'
	expect "zsh: files" offers 'BUFFER=[mews replay audit\ log.txt ]'
else
	skip "zsh is missing"
fi

if command -v fish >/dev/null; then
	mews completion fish >"$work/mews.fish"
	in_fish() {
		HOME=$work run fish --no-config -c "source $work/mews.fish; complete -C \"\$argv[1]\"" "$1"
		cut -f 1 "$work/out" >"$work/cut"
		mv "$work/cut" "$work/out"
	}
	in_fish 'mews repla'
	expect "fish: a verb" offers replay
	in_fish 'mews replay --org we'
	expect "fish: an organization" offers web-shop
	in_fish 'mews replay --format=js'
	expect "fish: a value behind =" offers --format=json
	in_fish 'mews explain docker-socket-mount test:podm'
	expect "fish: a name with blanks" offers "test:podman's own socket"
	in_fish 'mews replay aud'
	expect "fish: files" grep -q '^audit' "$work/out"
	in_fish 'mews check my'
	expect "fish: folders" grep -q '^my' "$work/out"
else
	skip "fish is missing"
fi
finish
