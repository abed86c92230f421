# report-tools: what reports are held against, for the scripts that do so: a Python with the renderers, readers and validators
# of others, pinned, in the build folder. Source it behind tests/lib.sh.
#
#   report_tools || { skip "…"; finish; }     installs where it is not there; $tools and $python say where
# shellcheck shell=bash disable=SC2034
tools=$(mkdir -p "${BUILD:-build}/report-tools" && cd "${BUILD:-build}/report-tools" && pwd)
python=$tools/venv/bin/python

report_tools() {
	tests/venv "$tools/venv" 'lxml==5.3.0' 'jsonschema==4.23.0' 'cmarkgfm==2024.11.20' 'markdown-it-py==3.0.0' 'colour==0.1.5' \
		'wcwidth==0.2.13' 'junitparser==5.0.3' -- --no-deps 'mitreattack-python==6.3.1' >/dev/null 2>&1
}
