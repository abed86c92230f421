#!/bin/sh
# Writes the man pages mews.1 and mews-VERB.1, from the verbs' own tables. Usage: docs/man/make.sh PROGRAM FOLDER
set -eu
program=$1 folder=$2
mkdir -p "$folder"
"$program" help --as man >"$folder/mews.1"
"$program" completion --words -- help '' | cut -f 1 | sed 1d | while read -r verb; do
	"$program" help --as man "$verb" >"$folder/mews-$verb.1"
done
