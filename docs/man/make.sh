#!/bin/sh
# Writes the man pages mews.1 and mews-VERB.1 from what `mews --help` and `mews VERB --help` say, so that
# there is one text of each. Usage: docs/man/make.sh PROGRAM FOLDER
set -eu
program=$1 folder=$2
mkdir -p "$folder"
version=$("$program" --version)

# Help text → roff: a line that ends in a colon and begins in the first column is a heading.
page() { # name, section line, help text on standard input
	awk -v name="$1" -v version="$version" '
	function quoted(line) { gsub(/\\/, "\\e", line); gsub(/-/, "\\-", line); sub(/^[.\x27]/, "\\\\\\&&", line); return line }
	NR == 1 { whole = name == "mews"
		about = whole ? "detections as rule packs, and measured over recorded events" : quoted($0)
		printf ".TH %s 1 \"\" \"%s\"\n.SH NAME\n%s \\- %s\n", toupper(name), version, name, about
		if (whole) { print ".SH DESCRIPTION\n.nf"; open = 1; print quoted($0) }
		next }
	/^[A-Z][A-Za-z ]*:$/ { heading = $0; sub(/:$/, "", heading); if (heading == "Usage") heading = "SYNOPSIS"
		if (open) print ".fi"; printf ".SH %s\n.nf\n", toupper(heading); open = 1
		synopsis = heading == "SYNOPSIS"; next }
	synopsis && /^$/ { ended = 1; next }
	synopsis && ended { print ".fi\n.SH DESCRIPTION\n.nf"; synopsis = ended = 0 }
	{ print quoted($0) }
	END { if (open) print ".fi"; print ".SH EXIT STATUS\n0 fine, 1 findings, 2 wrong use or wrong input."
		print ".SH SEE ALSO"; print (name == "mews" ? "mews\\-check(1), mews\\-load(1), mews\\-generate(1), mews\\-replay(1), mews\\-explain(1), mews\\-list(1), mews\\-show(1)" : "mews(1)") }'
}

"$program" --help | page mews >"$folder/mews.1"
"$program" --help | sed -n '/^Verbs:$/,/^$/s/^  \([a-z][a-z]*\) .*/\1/p' | while read -r verb; do
	"$program" "$verb" --help | page "mews-$verb" >"$folder/mews-$verb.1"
done
