# python: a virtual environment with packages for tests, in the build folder; made once. Source it behind lib.sh.
#
#   python_with jsonschema==4.26.0 … || finish    sets $python; where they cannot be had it says `skipped: …`
# shellcheck shell=bash disable=SC2034
python=

python_with() {
	local folder names
	names=$(printf '%s\n' "$@" | sed 's/[^A-Za-z0-9.=_-]//g' | sort | tr '\n' '+')
	folder=${BUILD:-build}/python/${names%+}
	if ! tests/venv "$folder" "$@" >/dev/null 2>&1; then
		skip "$* could not be installed for Python"
		return 1
	fi
	python=$folder/bin/python
}
