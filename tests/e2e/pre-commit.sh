#!/usr/bin/env bash
# Hooks before a commit: .pre-commit-hooks.yaml by the real pre-commit framework, and docs/examples/git-pre-commit by git alone.
set -u
cd "$(dirname "$0")/../.." || exit 2
. tests/lib.sh
. tests/python.sh
root=$PWD
if ! command -v git >/dev/null; then
	skip "git is not installed: no hook was tried"
	finish
fi
mkdir "$work/bin"
ln -s "$(realpath "$MEWS")" "$work/bin/mews"
export PATH=$work/bin:$PATH GIT_CONFIG_GLOBAL=$work/gitconfig GIT_CONFIG_NOSYSTEM=1 PRE_COMMIT_HOME=$work/cache
git config --global user.name tester
git config --global user.email tester@example.org
git config --global init.defaultBranch main

rules() { # folder: a repository of rules
	mkdir -p "$1/rulesets/detections"
	cp -r rulesets/fields.yaml rulesets/lists.yaml rulesets/clients.yaml "$1/rulesets/"
	cp rulesets/detections/privileged-container.yaml "$1/rulesets/detections/"
	printf 'catalog: rulesets\n' >"$1/mews.yaml"
	printf 'apiVersion: v1\nkind:   Pod\n' >"$1/pod.yaml"
	printf 'mews.db*\n' >"$1/.gitignore"
	git -C "$1" init -q && git -C "$1" add -A && git -C "$1" commit -qm rules
}
commit() { # folder message: `git commit` as a user, its status in $status
	(cd "$1" && git add -A && git commit -m "$2") >"$work/out" 2>"$work/err" </dev/null
	status=$?
}
untidy() { # folder
	sed -i 's/^severity: .*/severity:    "low"   # why/' "$1/rulesets/detections/privileged-container.yaml"
}

# --- the plain hook
rules "$work/plain"
cp docs/examples/git-pre-commit "$work/plain/.git/hooks/pre-commit"
untidy "$work/plain"
commit "$work/plain" untidy
expect "the plain hook stops what is not formatted" [ "$status" -ne 0 ]
expect "and names it" grep -q "rulesets/detections/privileged-container.yaml" "$work/err"
(cd "$work/plain" && mews fmt) >/dev/null 2>&1
commit "$work/plain" tidy
expect "what is formatted is committed" [ "$status" -eq 0 ]
sed -i 's/process.name/process.nam/' "$work/plain/rulesets/lists.yaml"
commit "$work/plain" wrong
expect "the plain hook stops what check refuses" [ "$status" -ne 0 ]

# --- the framework
if ! python_with pre-commit==4.7.0; then
	finish
fi
mkdir "$work/hooks"
cp "$root/.pre-commit-hooks.yaml" "$work/hooks/"
(cd "$work/hooks" && git init -q && git add -A && git commit -qm hooks && git tag v0.1.0) >/dev/null 2>&1
rules "$work/framework"
sed "s|https://example.org/mews|$work/hooks|" docs/examples/pre-commit-config.yaml >"$work/framework/.pre-commit-config.yaml"
(cd "$work/framework" && "$root/$python" -m pre_commit install) >"$work/out" 2>"$work/err"
commit "$work/framework" hooks
expect "the framework's hooks run, and take tidy files" [ "$status" -eq 0 ]
untidy "$work/framework"
commit "$work/framework" untidy
expect "mews-fmt stops the commit and formats the file" [ "$status" -ne 0 ]
expect "it says that it has changed files" grep -q "files were modified by this hook" "$work/err"
expect "the file is formatted, its comment kept" grep -qx "severity: low # why" "$work/framework/rulesets/detections/privileged-container.yaml"
expect "a manifest is none of its business" grep -qx "kind:   Pod" "$work/framework/pod.yaml"
commit "$work/framework" tidy
expect "committed again it goes through" [ "$status" -eq 0 ]
sed -i 's/process.name/process.nam/' "$work/framework/rulesets/lists.yaml"
commit "$work/framework" wrong
expect "mews-check stops what is wrong" [ "$status" -ne 0 ]
expect "and says why" grep -q "there is no field process.nam" "$work/err"
finish
