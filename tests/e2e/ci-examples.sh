#!/usr/bin/env bash
# docs/examples/*.yml are valid to the schemas of GitHub and GitLab, and what they run works: their scripts are taken out
# of them and run in a repository with two branches, once with a harmless change and once with one that loses an attack.
# What is installed, built or sent elsewhere is played by programs that write down how they were called.
set -u
. tests/lib.sh
build=${BUILD:-build}
version=0.37.4
github=docs/examples/github-actions.yml gitlab=docs/examples/gitlab-ci.yml
mews=$(realpath "$MEWS")

# --- schemas
checker=$build/check-jsonschema-$version
if tests/venv "$checker" "check-jsonschema==$version" >/dev/null 2>&1 && [ -x "$checker/bin/check-jsonschema" ]; then
	run "$checker/bin/check-jsonschema" --builtin-schema vendor.github-workflows "$github"
	expect "$github is a workflow" [ "$status" -eq 0 ]
	run "$checker/bin/check-jsonschema" --builtin-schema vendor.gitlab-ci --data-transform gitlab-ci "$gitlab"
	expect "$gitlab is a pipeline" [ "$status" -eq 0 ]
	sed 's/^    runs-on:.*//' "$github" >"$work/broken.yml"
	run "$checker/bin/check-jsonschema" --builtin-schema vendor.github-workflows "$work/broken.yml"
	expect "…which the schema would see, were it none" [ "$status" -ne 0 ]
else
	skip "check-jsonschema $version cannot be installed: the examples' YAML was not held against schemas"
fi
if ! command -v git >/dev/null; then
	skip "git is missing: the examples' scripts were not run"
	finish
fi

# --- the scripts: blocks below `run: |`, and items below the lists `before_script:`, `script:` and `after_script:`
github_step() { # name
	awk -v name="$1" '
		$0 ~ "^ *- name: " name "$" { found = 1; next }
		found && /^ *- / && !inside { exit }
		found && /^ *run: \|$/ { match($0, /^ */); depth = RLENGTH; inside = 1; next }
		inside { match($0, /^ */); if ($0 != "" && RLENGTH <= depth) exit; print substr($0, depth + 3) }' "$github"
}
gitlab_list() { # key
	awk -v key="$1" '
		$0 == "  " key ":" { found = 1; next }
		!found { next }
		/^  [a-z]/ { exit }
		/^    #/ { next }
		/^    - \|$/ { next }
		/^    - / { print substr($0, 7); next }
		{ print substr($0, 7) }' "$gitlab"
}
mapfile -t names < <(grep -B 12 '^        run: |' "$github" | sed -n 's/^ *- name: //p')
expect "every step of GitHub's that runs something is known here" [ "$(grep -c 'run: |' "$github")" -eq 7 ]
for name in "${names[@]}"; do
	expect "$name has a script" [ -n "$(github_step "$name")" ]
	expect "…of shell" bash -n <(github_step "$name")
done
for key in before_script script after_script; do
	expect "GitLab's $key is shell" bash -n <(gitlab_list "$key")
	expect "…and there" [ -n "$(gitlab_list "$key")" ]
done
if command -v shellcheck >/dev/null; then
	for name in "${names[@]}"; do
		run shellcheck -s bash -e SC2154 <(github_step "$name")
		expect "shellcheck: $name" [ "$status" -eq 0 ]
	done
	run shellcheck -s sh -e SC2154 <(gitlab_list before_script; gitlab_list script; gitlab_list after_script)
	expect "shellcheck: GitLab's scripts" [ "$status" -eq 0 ]
else
	skip "shellcheck is missing"
fi

# --- programs that are played
mkdir "$work/bin" "$work/home"
for program in sudo apt-get gh curl; do
	printf '#!/bin/sh\necho "%s $*" >>"%s/calls"\n' "$program" "$work" >"$work/bin/$program"
	chmod +x "$work/bin/$program"
done
git_quietly() { git -c init.defaultBranch=main -c user.name=test -c user.email=test@example.com -c commit.gpgsign=false "$@"; }
# A source of mews whose `make install` takes the program under test: building it is not what is tried here.
mkdir "$work/source"
printf 'install:\n\tmkdir -p $(PREFIX)/bin\n\tcp %s $(PREFIX)/bin/mews\n' "$mews" >"$work/source/Makefile"
(cd "$work/source" && git_quietly init -q && git add . && git_quietly commit -qm "A source") >"$work/out" 2>&1

# --- a rule repository: main, a harmless branch, a harmful one
repository=$work/repository
mkdir "$repository"
cp -r rulesets mews.yaml "$repository/"
rm -rf "$repository/rulesets/packs"
mkdir "$repository/corpus"
cp -r corpus/container-attacks-holdout corpus/everyday-holdout "$repository/corpus/"
(
	cd "$repository" || exit 2
	"$mews" fmt
	git_quietly init -q && git add . && git_quietly commit -qm "Rules"
	git checkout -qb harmless
	sed -i 's/^title: .*/title: A Better Title/' rulesets/detections/core-pattern-written.yaml
	git_quietly commit -qam "A better title"
	git checkout -qb harmful main
	sed -i 's/disable: \[\]/disable: [core-pattern-written]/' rulesets/organizations/web-shop.yaml
	"$mews" fmt
	git_quietly commit -qam "Less noise in the shop"
	rm -f mews.db*
) >"$work/out" 2>&1
expect "a repository with two branches" [ "$(git -C "$repository" branch | wc -l)" -eq 3 ]

play() { # folder: a clone; then the environment as a runner makes it
	rm -rf "$1" "$work/temp" "$work/calls"
	mkdir "$work/temp"
	git clone -q "$repository" "$1" >/dev/null 2>&1 && git -C "$1" checkout -q "$branch"
	: >"$work/calls"
}
on_github() { # each step of the workflow, in order, until one fails; then those that always run
	local name step=0 failed=0
	play "$work/github"
	: >"$work/temp/summary"
	for name in "${names[@]}"; do
		[ "$failed" -eq 0 ] || [[ $name == Summary || $name == Comment ]] || continue
		step=$((step + 1))
		github_step "$name" >"$work/temp/step-$step.sh"
		(cd "$work/github" && PATH=$work/home/mews/bin:$work/bin:$PATH HOME=$work/home RUNNER_TEMP=$work/temp \
			GITHUB_PATH=$work/temp/path GITHUB_STEP_SUMMARY=$work/temp/summary MEWS_SOURCE=$work/source MEWS_VERSION=main \
			BASE=$(git rev-parse origin/main) NUMBER=7 bash --noprofile --norc -eo pipefail "$work/temp/step-$step.sh") \
			>"$work/temp/$step.out" 2>"$work/temp/$step.err" || { failed=$?; failed_step=$name; }
	done
	cat "$work"/temp/*.out >"$work/out"
	cat "$work"/temp/*.err >"$work/err"
	status=$failed
}
on_gitlab() { # before_script and script are one shell, after_script another
	local base
	play "$work/gitlab"
	base=$(git -C "$work/gitlab" rev-parse origin/main)
	{ echo 'set -eo pipefail'; gitlab_list before_script; gitlab_list script; } >"$work/temp/script"
	gitlab_list after_script >"$work/temp/after"
	sed -i "s@/tmp/mews@$work/temp/mews@g" "$work/temp/script"
	variables=(PATH="$work/bin:$PATH" HOME="$work/home" MEWS_SOURCE="$work/source" MEWS_VERSION=main
		CI_PROJECT_DIR="$work/gitlab" CI_MERGE_REQUEST_DIFF_BASE_SHA="$base" MEWS_TOKEN=secret CI_MERGE_REQUEST_IID=7
		CI_PROJECT_ID=3 CI_API_V4_URL=https://git.example.com/api/v4)
	(cd "$work/gitlab" && run env "${variables[@]}" bash --noprofile --norc "$work/temp/script" && exit "$status")
	status=$?
	(cd "$work/gitlab" && env "${variables[@]}" bash --noprofile --norc "$work/temp/after") >/dev/null 2>&1
}
reports_of() { # folder
	for file in junit.xml mews.sarif summary.md index.html; do
		expect "$branch: report/$file" [ -s "$1/report/$file" ]
	done
}

for branch in harmless harmful; do
	failed_step=
	on_github
	if [ "$branch" = harmless ]; then
		expect "GitHub, $branch: every step works" [ "$status" -eq 0 ]
		expect "…the gates were judged" grep -Eq '^Gates: 0 failed, 0 undecided|^Gates: all' "$work/out"
	else
		expect "GitHub, $branch: the job fails" [ "$status" -eq 1 ]
		expect "…where the gates are judged" [ "$failed_step" = "Replay the change, judge the gates" ]
		expect "…by the episode that was lost" grep -q '^FAILED lost_episodes' "$work/out"
	fi
	reports_of "$work/github"
	expect "…the summary is there" grep -qi 'gate' "$work/temp/summary"
	expect "…and the comment" grep -q '^gh pr comment 7 --body-file report/summary.md' "$work/calls"
	expect "…what is installed is" grep -q '^sudo apt-get install .*libyaml-dev' "$work/calls"

	on_gitlab
	if [ "$branch" = harmless ]; then
		expect "GitLab, $branch: the job works" [ "$status" -eq 0 ]
		expect "…the gates were judged" grep -Eq '^Gates: 0 failed, 0 undecided|^Gates: all' "$work/out"
	else
		expect "GitLab, $branch: the job fails" [ "$status" -eq 1 ]
		expect "…by the episode that was lost" grep -q '^FAILED lost_episodes' "$work/out"
	fi
	reports_of "$work/gitlab"
	expect "…and the comment" grep -q '^curl .*/projects/3/merge_requests/7/notes' "$work/calls"
done
finish
