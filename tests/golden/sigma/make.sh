#!/bin/sh
# make.sh FOLDER: a catalog of the shipped fields, lists, clients and dialects with the detections, organizations and native
# fields that stand beside this script.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
rulesets=$(cd "$here/../../../rulesets" && pwd)
mkdir -p "$1"
cp -R "$rulesets/fields.yaml" "$rulesets/lists.yaml" "$rulesets/clients.yaml" "$rulesets/dialects" "$1"
cp -R "$here/detections" "$here/organizations" "$here/fields" "$1"
