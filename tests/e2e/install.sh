#!/usr/bin/env bash
# `make install` into a folder of its own: the program, its catalog, man pages that man and mandoc find nothing wrong with,
# completions where the shells look.
set -u
. tests/lib.sh
export MAKEFLAGS=
run make -s install CC="${CC:-gcc}" BUILD="${BUILD:-build}" PREFIX=/usr DESTDIR="$work/root"
expect "make install" [ "$status" -eq 0 ]
usr=$work/root/usr
for file in bin/mews share/mews/rulesets/fields.yaml share/man/man1/mews.1 share/man/man5/mews-detection.5 share/man/man5/mews.yaml.5 share/bash-completion/completions/mews \
	share/zsh/site-functions/_mews share/fish/vendor_completions.d/mews.fish; do
	expect "$file" [ -s "$usr/$file" ]
done
mews=$usr/bin/mews
(cd "$work" && run "$mews" check && exit "$status")
expect "the installed program finds its catalog" [ $? -eq 0 ]

verbs=$("$mews" completion --words -- help '' | sed 1d | cut -f 1)
for verb in $verbs; do
	page=$usr/share/man/man1/mews-$verb.1
	expect "$verb has a page" [ -s "$page" ]
	for section in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' FILES EXAMPLES 'SEE ALSO'; do
		expect "mews-$verb.1 has $section" grep -qx "\.SH $section" "$page"
	done
	run "$mews" help "$verb"
	while read -r option; do
		expect "mews-$verb.1 has $option" grep -qF -- "${option//-/\\-}" "$page"
	done < <(grep -oE '^  (-.,|   ) --[a-z-]+' "$work/out" | grep -oE -- '--[a-z-]+')
done
if command -v mandoc >/dev/null; then
	# NAME is one line however long it is: whatis reads it.
	run mandoc -T lint -W style "$usr"/share/man/man1/*.1 "$usr"/share/man/man5/mews-*.5
	expect "mandoc finds nothing" [ "$(grep -cv ':3:.*STYLE: input text line longer than 80 bytes' "$work/out")" -eq 0 ]
else
	skip "mandoc is missing"
fi
if command -v man >/dev/null; then
	for page in "$usr"/share/man/man1/*.1 "$usr"/share/man/man5/mews-*.5; do
		MANWIDTH=80 run man --warnings -l "$page"
		expect "man reads ${page##*/}" [ "$status" -eq 0 ]
		expect "…without a warning" [ ! -s "$work/err" ]
	done
	MANPATH=$usr/share/man run man mews.yaml
	expect "man mews.yaml" grep -q 'gates.lost_episodes' "$work/out"
	MANPATH=$usr/share/man run man mews-replay
	expect "man mews-replay" grep -q 'mews-explain(1)' "$work/out"
else
	skip "man is missing"
fi
finish
