#!/usr/bin/env python3
"""Parses every rule and filter of Sigma packs with real pySigma, applies the filters, and holds the documents
against the specification's JSON schemas.

usage: sigma_documents.py SCHEMAS|- PACK...
"""
import glob
import json
import os
import re
import sys
import uuid

import yaml
from sigma.collection import SigmaCollection
from sigma.validation import SigmaValidator
from sigma.validators.core import validators

# pySigma's own checks that say something about generated rules (the others judge public submissions).
CHECKS = {
    "identifier_existence", "identifier_uniqueness", "condition", "dangling_detection", "dangling_condition",
    "all_of_them_condition", "invalid_modifier_combinations", "double_wildcard", "control_character", "wildcards_instead_of_modifiers", "status_existence", "date_existence", "duplicate_title",
    "duplicate_tag", "invalid_related_identifier",
}


class Result:
    def __init__(self):
        self.passed, self.failed = 0, 0

    def say(self, good, path, message):
        self.passed += good
        self.failed += not good
        if not good:
            print(f"{path}: {message}")


def plain(node):
    """Dates as YAML reads them, back to the text that the schema speaks of."""
    if isinstance(node, dict):
        return {key: plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    return node.isoformat() if hasattr(node, "isoformat") else node


def schema_of(folder, name):
    if folder == "-":
        return None
    from jsonschema import Draft202012Validator

    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return Draft202012Validator(json.load(file))


def check_shape(result, schema, path, document):
    errors = [error.message for error in schema.iter_errors(plain(document))] if schema else []
    result.say(not errors, path, "; ".join(errors[:3]))


def check_conventions(result, path, document):
    wrong = []
    name = os.path.basename(path)
    if not re.fullmatch(r"[a-z0-9_]{6,66}\.yml", name):
        wrong.append("the file's name")
    if document["title"].endswith(".") or document["title"].startswith("Detects"):
        wrong.append("the title")
    for key, value in document.get("detection", {}).items():
        if isinstance(value, list) and len(value) < 2:
            wrong.append(f"{key} is a list of one")
    try:
        uuid.UUID(document["id"])
    except ValueError:
        wrong.append("the id")
    result.say(not wrong, path, "against the conventions: " + ", ".join(wrong))


def load(result, path):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    try:
        collection = SigmaCollection.from_yaml(text)
        for rule in collection.rules:
            for condition in getattr(getattr(rule, "detection", None), "parsed_condition", []):
                condition.parsed
        result.say(True, path, "")
    except Exception as error:  # whatever pySigma raises is the finding
        result.say(False, path, f"{type(error).__name__}: {error}")
    return yaml.safe_load(text)


def check_pack(result, folder, rule_schema, filter_schema):
    ids, named, count = set(), set(), 0
    for path in sorted(glob.glob(folder + "/rules/*.yml")):
        document = load(result, path)
        check_shape(result, rule_schema, path, document)
        check_conventions(result, path, document)
        result.say(document["id"] not in ids, path, "its id is there twice")
        ids.add(document["id"])
        count += 1
    for path in sorted(glob.glob(folder + "/filters/*.yml")):
        document = load(result, path)
        check_shape(result, filter_schema, path, document)
        named.update(document["filter"]["rules"])
        count += 1
    result.say(named <= ids, folder, f"filters name rules that are not there: {sorted(named - ids)}")
    result.say(count > 0, folder, "no documents were found")
    try:
        together = SigmaCollection.load_ruleset([part for part in (folder + "/rules", folder + "/filters") if os.path.isdir(part)])
        checks = {check for name, check in validators.items() if name in CHECKS}
        issues = SigmaValidator(checks).validate_rules(r for r in together.rules if hasattr(r, "detection"))
        result.say(not issues, folder, f"{len(issues)} issues, as {issues[:1]}")
    except Exception as error:
        result.say(False, folder, f"together: {type(error).__name__}: {error}")


def main():
    result = Result()
    rule_schema = schema_of(sys.argv[1], "sigma-detection-rule-schema.json")
    filter_schema = schema_of(sys.argv[1], "sigma-filters-schema.json")
    for folder in sys.argv[2:]:
        check_pack(result, folder, rule_schema, filter_schema)
    if not rule_schema:
        print("skipped: the specification's JSON schemas are not here")
    print(f"{result.passed} passed, {result.failed} failed, {0 if rule_schema else 1} skipped")
    return 1 if result.failed else 0


sys.exit(main())
