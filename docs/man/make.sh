#!/bin/sh
# Writes the man pages mews.1, mews-VERB.1, mews-KIND.5 (of files) and mews.yaml.5, from the tables of the verbs and of the
# loaders. Usage: docs/man/make.sh PROGRAM FOLDER
set -eu
program=$1 folder=$2
mkdir -p "$folder"
names() { # of the line up to the cursor
	"$program" completion --words -- "$@" | sed 1d | cut -f 1
}
"$program" help --as man >"$folder/mews.1"
names help '' | while read -r verb; do
	"$program" help --as man "$verb" >"$folder/mews-$verb.1"
done
names schema '' | while read -r kind; do
	"$program" help --as man --file "$kind" >"$folder/mews-$kind.5"
done
printf '.so man5/mews-project.5\n' >"$folder/mews.yaml.5"
