#!/usr/bin/env bash
# Compares the option tables of rulesets/clients.yaml with the help of the clients that are installed:
# each option that a client lists must be in our table with the same arity (a value or none), and each
# command that it lists must be known. Closes with `N passed, N failed, N skipped`.
set -u
cd "$(dirname "$0")/../.." || exit 2
BUILD=${BUILD:-build}
passed=0 failed=0 skipped=0
table=$(mktemp) || exit 2
trap 'rm -f "$table"' EXIT
"$BUILD/tests/differential/clients" >"$table" || { echo "the tables cannot be read"; exit 1; }

# Help text → NAME ARITY lines. A value's name stands one blank (or =) behind the last name.
options_of() {
	awk 'match($0, /^ +-/) && RLENGTH <= 9 { # deeper lines go on with a description
		sub(/^ +/, "")
		count = 0
		while (match($0, /^--?[A-Za-z0-9][A-Za-z0-9-]*/)) {
			names[++count] = substr($0, 1, RLENGTH)
			$0 = substr($0, RLENGTH + 1)
			if ($0 !~ /^, -/) break
			sub(/^, /, "")
		}
		arity = $0 ~ /^(=| [^ ])/ ? "text" : "boolean"
		for (i = 1; i <= count; i++) print names[i], arity
	}'
}

# Help text → names of commands: the indented words below a heading that says so.
commands_of() {
	awk '/^[A-Za-z ]*(Commands|COMMANDS):/ { inside = 1; next }
		/^[^ ]/ { inside = 0 }
		inside && /^ +[a-z]/ {
			line = $0
			sub(/^ +/, "", line)
			if (!match(line, /^[a-z][a-z0-9-]*(, [a-z][a-z0-9-]*)*/)) next
			line = substr(line, 1, RLENGTH)
			count = split(line, names, /, /)
			for (i = 1; i <= count; i++) print names[i]
		}'
}

# Counts lines `ok …` and `missing WHAT`.
count() { # label
	local line
	while read -r line; do
		if [ "${line%% *}" = ok ]; then
			passed=$((passed + 1))
		else
			failed=$((failed + 1))
			echo "FAILED: $1: ${line#missing }"
		fi
	done
}

# compare LABEL CLIENT COMMAND HELP…: the options of one command
compare() {
	local label=$1 client=$2 command=$3
	shift 3
	count "$label" < <("$@" 2>/dev/null | options_of | awk -v client="$client" -v command="$command" -v table="$table" '
		BEGIN {
			FS = "\t"
			while ((getline <table) > 0)
				if ($1 == client && $2 == command) known[$3 " " $4] = 1
		}
		{
			print (($0 in known) ? "ok " : "missing "), client, command, $0
			seen = 1
		}
		END { print (seen ? "ok" : "missing any option in the help of " client " " command) }')
}

# compare_commands LABEL CLIENT HELP…: each command that it lists is known, alone or as the first word
compare_commands() {
	local label=$1 client=$2
	shift 2
	count "$label" < <("$@" 2>/dev/null | commands_of | awk -v client="$client" -v table="$table" '
		BEGIN {
			FS = "\t"
			while ((getline <table) > 0) {
				sub(/ .*/, "", $2)
				if ($1 == client) known[$2] = 1
			}
		}
		{
			print (($0 in known) ? "ok " : "missing "), client, "command", $0
			seen = 1
		}
		END { print (seen ? "ok" : "missing any command in the help of " client) }')
}

skip() {
	skipped=$((skipped + 1))
	echo "skipped: $1"
}

dockers=$(type -aP docker | xargs -r realpath | sort -u)
[ -n "$dockers" ] || skip "docker is not installed"
for docker in $dockers; do
	label=$("$docker" --version 2>/dev/null | sed 's/,.*//')
	compare "$label" docker "" "$docker" --help
	compare_commands "$label" docker "$docker" --help
	for command in run create exec start "container run" "container create" "container exec" "container start" "service create" \
		"service update"; do
		# shellcheck disable=SC2086
		compare "$label" docker "$command" "$docker" $command --help
	done
	if "$docker" compose version >/dev/null 2>&1; then
		for command in "" run exec; do
			# shellcheck disable=SC2086
			compare "$label compose" docker-compose "$command" "$docker" compose $command --help
		done
	else
		skip "$label has no compose plugin"
	fi
done

if command -v podman >/dev/null; then
	label=$(podman --version)
	compare "$label" podman "" podman --help
	compare_commands "$label" podman podman --help
	for command in run create exec start "container run" "container create" "container exec" "container start" "pod create"; do
		# shellcheck disable=SC2086
		compare "$label" podman "$command" podman $command --help
	done
else
	skip "podman is not installed"
fi

if command -v nerdctl >/dev/null; then
	label=$(nerdctl --version)
	for command in run create exec start; do
		compare "$label" nerdctl "$command" nerdctl "$command" --help
	done
else
	skip "nerdctl is not installed"
fi

if command -v docker-compose >/dev/null; then
	label=$(docker-compose version --short 2>/dev/null)
	compare "docker-compose $label" docker-compose "" docker-compose --help
	compare_commands "docker-compose $label" docker-compose docker-compose --help
	compare "docker-compose $label" docker-compose run docker-compose run --help
	compare "docker-compose $label" docker-compose exec docker-compose exec --help
else
	skip "docker-compose is not installed"
fi

if command -v ctr >/dev/null; then
	label=$(ctr --version)
	compare "$label" ctr "" ctr --help
	compare_commands "$label" ctr ctr --help
	compare "$label" ctr run ctr run --help
	compare "$label" ctr "containers create" ctr containers create --help
	compare "$label" ctr "tasks exec" ctr tasks exec --help
	compare "$label" ctr "tasks start" ctr tasks start --help
else
	skip "ctr is not installed"
fi

if command -v crictl >/dev/null; then
	label=$(crictl --version)
	compare "$label" crictl "" crictl --help
	compare "$label" crictl exec crictl exec --help
else
	skip "crictl is not installed"
fi

if [ "$skipped" -gt 0 ]; then
	echo "$passed passed, $failed failed, $skipped skipped"
else
	echo "$passed passed, $failed failed"
fi
[ "$failed" -eq 0 ]
