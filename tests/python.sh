# python: a virtual environment with packages for tests, in the build folder; made once. Source it behind lib.sh.
#
#   python_with jsonschema==4.26.0 … || finish    sets $python; where they cannot be had it says `skipped: …`
# shellcheck shell=bash disable=SC2034
python=

python_with() {
	local folder names
	names=$(printf '%s\n' "$@" | sed 's/[^A-Za-z0-9.=_-]//g' | sort | tr '\n' '+')
	folder=${BUILD:-build}/python/${names%+}
	mkdir -p "${BUILD:-build}/python"
	if ! (flock 9; python_install "$folder" "$@") 9>"$folder.lock" >/dev/null 2>&1; then
		skip "$* could not be installed for Python"
		return 1
	fi
	python=$folder/bin/python
}

# Two scripts may run side by side: the second waits for the first.
python_install() { # folder package…
	local folder=$1
	shift
	[ ! -e "$folder/complete" ] || return 0
	rm -rf "$folder"
	python3 -m venv "$folder" && "$folder/bin/pip" install -q "$@" && touch "$folder/complete"
}
