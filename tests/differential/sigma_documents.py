#!/usr/bin/env python3
"""Holds every document of Sigma packs against real pySigma and the specification's JSON schemas.

usage: sigma_documents.py SCHEMAS|- PACK...
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import uuid

import yaml
from sigma.backends.elasticsearch import LuceneBackend
from sigma.backends.splunk import SplunkBackend
from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection

if yaml.__with_libyaml__:
    # pySigma reads each document for each backend, and half of the time would go into YAML; the parser written in Python reads them all in `sigma check`.
    yaml.safe_load_all = lambda text: yaml.load_all(text, Loader=yaml.CSafeLoader)

re._MAXCACHE = 1 << 16  # patterns come again for each backend; 512 of them would be forgotten before
HERE = os.path.dirname(os.path.abspath(__file__))
BACKENDS = {"sqlite": sqliteBackend, "lucene": LuceneBackend, "splunk": SplunkBackend}
# What a backend has no words for, by its own message; everything else that goes wrong is a finding.
LACKS = {
    "sqlite": ("Value-only string expressions", "Value-only regular expressions"),
    "lucene": ("can't handle field references", "does not support correlation rules"),
    "splunk": ("Correlation type 'temporal_ordered' is not supported",),
}


class Result:
    def __init__(self):
        self.passed, self.failed, self.lacking = 0, 0, collections.Counter()

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


def schemas_of(folder):
    from jsonschema import Draft202012Validator

    names = {"rule": "sigma-detection-rule-schema.json", "filter": "sigma-filters-schema.json",
             "correlation": "sigma-correlation-rules-schema.json"}
    found = {}
    for kind, name in names.items() if folder != "-" else ():
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            found[kind] = Draft202012Validator(json.load(file))
    return found


def kind_of(document):
    return "correlation" if "correlation" in document else "filter" if "filter" in document else "rule"


def check_shape(result, schemas, path, document):
    schema = schemas.get(kind_of(document))
    errors = [error.message for error in schema.iter_errors(plain(document))] if schema else []
    result.say(not errors, path, "; ".join(errors[:3]))


def lists_of_one(node):
    """Where a list holds one item only; a keyword list may."""
    if isinstance(node, dict):
        for key, value in node.items():
            if isinstance(value, list) and len(value) == 1 and not str(key).startswith("keywords"):
                yield key
            yield from lists_of_one(value)
    if isinstance(node, list):
        for value in node:
            yield from lists_of_one(value)


def check_conventions(result, path, document):
    wrong = []
    name = os.path.basename(path)
    if not re.fullmatch(r"[a-z0-9_]{6,66}\.yml", name):
        wrong.append("the file's name")
    if document["title"].endswith(".") or document["title"].startswith("Detects") or len(document["title"]) > 120:
        wrong.append("the title")
    wrong += [f"{key} is a list of one" for key in lists_of_one(document.get("detection", document.get("filter", {}))) if key != "rules"]
    condition = str(document.get("detection", {}).get("condition", ""))
    if " them" in condition or re.search(r"\b(AND|OR|NOT)\b", condition):
        wrong.append("the condition")
    try:
        uuid.UUID(document["id"])
    except ValueError:
        wrong.append("the id")
    result.say(not wrong, path, "against the conventions: " + ", ".join(wrong))


def load(result, path):
    with open(path, encoding="utf-8") as file:
        return list(yaml.safe_load_all(file.read()))


def converted(result, folder, name, collection):
    """Each rule by the backend: id → text. A correlation is converted with all that it names."""
    made = {}
    backend = BACKENDS[name]()
    try:
        texts = backend.convert(collection)
        return {str(number): text for number, text in enumerate(texts)}
    except Exception as error:  # whatever is raised is the finding, but for what the backend lacks
        lacks = [part for part in LACKS.get(name, ()) if part in str(error)]
        if not lacks:
            result.say(False, folder, f"{name}: {type(error).__name__}: {error}")
            return made
    for rule in collection.rules:
        if not hasattr(rule, "detection"):
            result.lacking[name] += 1
            continue
        try:
            rule._output = True  # what a correlation names is not written by itself otherwise
            made[str(rule.id)] = "\n".join(map(str, backend.convert_rule(rule)))
        except Exception as error:
            lacks = [part for part in LACKS.get(name, ()) if part in str(error)]
            result.lacking[name] += bool(lacks)
            result.say(bool(lacks), folder, f"{name}: {rule.title}: {type(error).__name__}: {error}")
    return made


def check_filters(result, folder, parts):
    """Each rule that a filter names must come out otherwise than without the filters, and the others the same."""
    named = set()
    for path in glob.glob(folder + "/filters/*.yml"):
        for document in load(result, path):
            named.update(document["filter"]["rules"])
    if not named:
        return
    texts = [sql_of(parts[:1]), sql_of(parts)]
    for number, text in texts[0].items():
        filtered = texts[1][number]
        result.say((filtered != text) == (number in named), folder, f"rule {number}: the filters' effect is not theirs")
        if number in named:
            result.say(" AND " in filtered and "NOT" in filtered, folder, f"rule {number}: the filter does not exclude")


def sql_of(parts):
    """Rules that SQLite can be asked for: id → text."""
    backend, made = sqliteBackend(), {}
    for rule in SigmaCollection.load_ruleset(parts).rules:
        if not hasattr(rule, "detection"):
            continue
        try:
            rule._output = True
            made[str(rule.id)] = "\n".join(map(str, backend.convert_rule(rule)))
        except Exception as error:
            if not any(part in str(error) for part in LACKS["sqlite"]):
                raise
    return made


def only_regexes(rule):
    """Is every item of a rule's detections a regular expression, and one of them negated? Splunk's backend defers those, and then says nothing."""
    keys = []

    def walk(node):
        for value in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            walk(value)
        if isinstance(node, dict):
            keys.extend(key for key, value in node.items() if not isinstance(value, dict) and key != "condition")

    walk(rule["detection"])
    return bool(keys) and all(key.endswith("|re") for key in keys) and "not " in rule["detection"]["condition"]


def body_of(path):
    """A document without its first line, which names the organization and the catalog."""
    with open(path, "rb") as file:
        return file.read().split(b"\n", 1)[1]


def differing(folder, seen, kept):
    """A copy of a pack with what it does not share with those that were seen, first lines aside: rules that differ from all of them, those that its
    filters name, and every fiftieth, so that each pack stands by itself."""
    named = set()
    for path in glob.glob(folder + "/filters/*.yml"):
        with open(path, encoding="utf-8") as file:
            named.update(re.findall(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", file.read()))
    os.makedirs(kept + "/rules")
    for number, path in enumerate(sorted(glob.glob(folder + "/rules/*.yml"))):
        others = [os.path.join(base, "rules", os.path.basename(path)) for base in seen]
        with open(path, "rb") as file:
            text = file.read()
        same = any(os.path.exists(other) and body_of(other) == body_of(path) for other in others)
        ids = re.findall(rb"(?m)^id: (\S+)|\bname: (\S+)", text)
        if not same or number % 50 == 0 or any(part.decode() in named for pair in ids for part in pair):
            shutil.copy(path, kept + "/rules/")
    if os.path.isdir(folder + "/filters"):
        shutil.copytree(folder + "/filters", kept + "/filters")
    return kept


def check_pack(result, folder, schemas):
    ids, named, empty_ids, count = set(), set(), set(), 0
    for path in sorted(glob.glob(folder + "/rules/*.yml")):
        for document in load(result, path):
            check_shape(result, schemas, path, document)
            check_conventions(result, path, document)
            result.say(document["id"] not in ids, path, "its id is there twice")
            ids.add(document["id"])
            if "detection" in document and only_regexes(document):
                empty_ids.update((document["id"], str(count)))
            count += 1
    for path in sorted(glob.glob(folder + "/filters/*.yml")):
        for document in load(result, path):
            check_shape(result, schemas, path, document)
            check_conventions(result, path, document)
            named.update(document["filter"]["rules"])
            count += 1
    result.say(named <= ids, folder, f"filters name rules that are not there: {sorted(named - ids)}")
    result.say(count > 0, folder, "no documents were found")
    parts = [part for part in (folder + "/rules", folder + "/filters") if os.path.isdir(part)]
    checked = subprocess.run([sys.executable, os.path.join(HERE, "sigma_check.py"), folder + "/rules"], capture_output=True, text=True)
    result.say(checked.returncode == 0, folder, "sigma check: " + checked.stdout[-1500:] + checked.stderr[-300:])
    try:
        for name in BACKENDS:
            made = converted(result, folder, name, SigmaCollection.load_ruleset(parts))
            lacking = empty_ids if name == "splunk" else set()
            result.lacking[name] += len([number for number, text in made.items() if not text and number in lacking])
            silent = [number for number, text in made.items() if not text and number not in lacking]
            result.say(len(made) > 0 and not silent, folder, f"{name}: nothing came out of {silent[:5]}")
        check_filters(result, folder, parts)
    except Exception as error:
        result.say(False, folder, f"together: {type(error).__name__}: {error}")


def main():
    result = Result()
    schemas = schemas_of(sys.argv[1])
    seen = []  # packs for nobody's exceptions, as they are and with --exact-case: those of organizations share most rules with one of them
    with tempfile.TemporaryDirectory() as work:
        for number, folder in enumerate(sorted(sys.argv[2:], key=lambda name: not name.endswith("/plain"))):
            large = len(os.listdir(folder + "/rules")) > 300
            check_pack(result, differing(folder, seen, f"{work}/{number}/{os.path.basename(folder)}") if large and seen else folder, schemas)
            if large and folder.endswith("/plain"):
                seen.append(folder)
    for name, number in result.lacking.items():
        print(f"{name} has no words for {number} of the rules")
    if not schemas:
        print("skipped: the specification's JSON schemas are not here")
    print(f"{result.passed} passed, {result.failed} failed, {0 if schemas else 1} skipped")
    return 1 if result.failed else 0


sys.exit(main())
