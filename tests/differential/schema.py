"""JSON Schemas of `mews schema` against the loaders of mews.

  - each schema is one (draft-07's metaschema);
  - every shipped file is right by its schema;
  - files of tests/bad/catalog are refused by both, but for those whose fault no schema can see (BAD);
  - random changes of good files (unknown keys, missing keys, other kinds of values, words that are none) are taken or
    refused alike by both. Where they differ, a row of DIFFERENCES says why; a difference without a row fails, and so does
    a row that nothing needs.

usage: schema.py SCHEMAS LOADERS CATALOG FOLDER SEED COUNT
"""
import collections
import copy
import glob
import json
import os
import random
import re
import subprocess
import sys

import jsonschema

sys.path.insert(0, os.path.dirname(__file__))
import yaml_core  # noqa: E402

folder, loaders, catalog, scratch, seed, count = sys.argv[1:7]
chance = random.Random(int(seed))
passed = failed = 0

# Whose verdict is `refused` → what the loader says (of the loader), or where and what the schema says (of the schema) → why.
DIFFERENCES = [
    ("loader", r" is named \".*\" already|two episodes are called|there are two groups|is decided about twice|stands twice in set",
     "names that must be unique are compared by the loader alone"),
    ("loader", r"no test expects", "a list's items are not counted by what they say"),
    ("loader", r"there is no list or field|there is no field|is expected here|is not in the language|is no EQL|a condition is|"
               r"category is expected|is no category|did you mean|a path is a string|strings stand in|must be an expression|"
               r"a string|a number ends|arithmetic|after the condition|begins with|\(in the list ", "conditions are compiled by the loader alone"),
    ("loader", r"it is no regular expression", "regular expressions are compiled by the loader alone"),
    ("loader", r"is of type \w+, which", "values of test events: addresses, times, numbers that are too big"),
    ("loader", r"follows from the action", "event.type is known from the action"),
    ("loader", r"must have an @timestamp", "several events need times of their own"),
    ("loader", r"must be a date like|is before date", "days that the calendar lacks, and their order"),
    ("loader", r"is a word of conditions|cannot be named .*, which is a field", "names that mean something else in a condition"),
    ("loader", r"is shipped with", "a shipped exception names its own detection alone"),
    ("loader", r"has no form of its own for", "an exception has a form of its own for falco alone"),
    ("loader", r"no option set|there is no client", "clients: sets and clients that the file does not have"),
    ("loader", r"form '.*' (needs|makes)|set by boolean|needs a parameter|is no name of an option",
     "clients: what a form asks of its field"),
    ("loader", r"go together|, and no other, ha[vs]e? a|`where` chooses|for reading|a match needs|a mask is|a format is text|"
               r"the format has no|a made name|names at most|`words` (says|has)|lacks|is no registered|row names one action|"
               r"no category that has|a field's row needs", "dialects: keys that ask for another, names of parts"),
    ("loader", r"no file is called|would be read twice|needs a `dialect`", "corpus: files that are there, formats that need a dialect"),
    ("loader", r"is a time as|both from 1|lines is", "times, and the order of lines"),
    ("loader", r"the field `.*` is missing|must be a \w+ and no list|only a keyword", "fields that mews itself needs, and their types"),
    ("loader", r"^\w+ takes |limits nothing|no number of episodes|no gate stands here", "gates: bounds that no pattern describes"),
    ("schema", r"^(.*(detections|disable|expects|allows|organizations|native)(/\d+)?|(.*/)?name|(.*/)?id|[\w/]*expects[/\d]*): .* is not "
               r"(of type 'string'|valid under any|one of)",
     "a number or a truth where a name stands: the loader reads the text, editors ask for quotes"),
    ("schema", r"^use: '' is not one of", "an empty word where a word is left out"),
    ("schema", r"^gates/.*'0x1F'", "gates: numbers in hex"),
]
used = collections.Counter()

# Faults of tests/bad/catalog that no schema can see.
BAD = {
    "condition-in-block": "the condition names no field", "folded-condition": "the condition compares wrong types",
    "kept": "nothing is wrong with it", "no-such-day": "the day is not in the calendar",
    "one-sided-tests": "no test expects no-match", "renamed": "the file has another name",
    "same-id": "another file has the id", "acme": "a detection that the catalog lacks",
    "overlaps-nothing": "another one that it lacks",
}


def verdict(good, what, detail=""):
    global passed, failed
    if good:
        passed += 1
    else:
        failed += 1
        print(f"FAILED: {what}\n    {detail}"[:1200])


def load_schemas():
    schemas = {}
    for path in sorted(glob.glob(f"{folder}/*.json")):
        schema = json.load(open(path))
        name = os.path.basename(path)[:-5]
        try:
            jsonschema.Draft7Validator.check_schema(schema)
            verdict(True, name)
        except jsonschema.SchemaError as reason:
            verdict(False, f"{name} is no schema", str(reason))
        schemas[name] = jsonschema.Draft7Validator(schema)
    return schemas


def first_error(schema, value):
    error = jsonschema.exceptions.best_match(schema.iter_errors(value))
    if error is None:
        return None
    return "/".join(str(part) for part in error.absolute_path) + ": " + error.message[-200:]


def files_of_kind():
    yield from (("detection", path) for path in sorted(glob.glob(f"{catalog}/detections/*.yaml")))
    yield from (("organization", path) for path in sorted(glob.glob(f"{catalog}/organizations/*.yaml")))
    yield from (("dialect", path) for path in sorted(glob.glob(f"{catalog}/dialects/*.yaml")))
    for name in ("lists", "fields", "clients"):
        yield name, f"{catalog}/{name}.yaml"
    yield from (("corpus", path) for path in sorted(glob.glob("corpus/*/corpus.yaml")))
    yield "project", "mews.yaml"


def check_shipped(schemas):
    good = []
    for kind, path in files_of_kind():
        value = yaml_core.load(open(path).read())
        error = first_error(schemas[kind], value)
        verdict(error is None, f"{path} is right by its schema", error)
        good.append((kind, path, value))
    return good


def check_bad(schemas):
    for path in sorted(glob.glob("tests/bad/catalog/**/*.yaml", recursive=True)):
        name = os.path.basename(path)[:-5]
        kind = {"detections": "detection", "organizations": "organization"}.get(path.split("/")[3], name)
        try:
            error = first_error(schemas[kind], yaml_core.load(open(path).read())) if kind != "fields" else None
        except Exception as reason:
            error = f"no YAML: {reason}"
        if kind == "fields":
            continue
        verdict((error is None) == (name in BAD), f"{path}: schema and loader agree on it",
                error or "the schema takes it, and BAD does not say why")


# --- mutations ------------------------------------------------------------------------------------

VALUES = [12, 1.5, -3, True, False, None, "", "nonsense", "two words", "2026-02-31", "x y\nz", [], ["a"], ["a", "a"], [1], {}, {"a": 1},
          [{"a": 1}], [["a"]], "T1611", "process.exec", "https://a.example/b", "0x1F", "true", "5%"]


def places(value, path=()):
    """All nodes below the root, as paths."""
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield path + (key,)
        yield from places(child, path + (key,))


def at(value, path):
    for key in path:
        value = value[key]
    return value


def depth_first_choice(value):
    """A node; of a big file the shallow ones as often as the many deep ones."""
    by_depth = collections.defaultdict(list)
    for path in places(value):
        by_depth[len(path)].append(path)
    return chance.choice(by_depth[chance.choice(sorted(by_depth))])


def mutated(value):
    value = copy.deepcopy(value)
    path = depth_first_choice(value)
    parent, key = at(value, path[:-1]), path[-1]
    what = chance.choice(["replace", "replace", "replace", "remove", "add", "rename", "repeat"])
    if what == "replace":
        parent[key] = copy.deepcopy(chance.choice(VALUES))
    elif what == "remove":
        del parent[key]
    elif what == "add":
        target = parent[key] if isinstance(parent[key], dict) else parent
        if isinstance(target, dict):
            target["xyzzy"] = copy.deepcopy(chance.choice(VALUES))
        else:
            target.append(copy.deepcopy(chance.choice(VALUES)))
    elif what == "rename" and isinstance(parent, dict):
        renamed = {(k + "x" if k == key else k): v for k, v in parent.items()}
        parent.clear()
        parent.update(renamed)
    elif isinstance(parent, list):
        parent.append(copy.deepcopy(parent[key]))
    return what, path, value


def write_mutations(good):
    chosen = []
    by_kind = collections.defaultdict(list)
    for kind, path, value in good:
        by_kind[kind].append((path, value))
    by_kind["labels"] = [("labels.yaml", {"default": "unknown", "decisions": [
        {"id": "4389bb04c60e", "line": 3, "time": "2026-11-23T21:32:21Z", "detections": ["privileged-container"], "label": "benign",
         "by": "soc", "why": "nightly backup", "at": "2026-11-25T23:40:17Z"}],
        "episodes": [{"name": "one", "lines": [1, 5], "label": {"default": "risky", "web-shop": "benign"}, "expects": []}]})]
    project = by_kind["project"][0][1]
    project.setdefault("gates", {"minimum_recall": {"critical": 0.9}, "lost_episodes": 0, "exceptions": "not_expired"})
    kinds = sorted(by_kind)
    for number in range(int(count)):
        kind = kinds[number % len(kinds)]
        source, value = chance.choice(by_kind[kind])
        what, path, value = mutated(value)
        if not isinstance(value, dict):
            continue
        place = f"{scratch}/{kind}-{number}.yaml"
        if kind == "corpus":
            os.makedirs(f"{scratch}/corpus-{number}")
            os.symlink(os.path.abspath(os.path.dirname(source) + "/events"), f"{scratch}/corpus-{number}/events")
            place = f"{scratch}/corpus-{number}/corpus.yaml"
        with open(place, "w") as out:
            json.dump(value, out)
        chosen.append((kind, place, source, what, path, value))
    return chosen


def explained(refuser, message):
    for number, (who, pattern, _) in enumerate(DIFFERENCES):
        if who == refuser and re.search(pattern, message):
            used[number] += 1
            return True
    return False


def check_mutations(schemas, good):
    chosen = write_mutations(good)
    asked = "".join(f"{kind} {place}\n" for kind, place, *_ in chosen)
    done = subprocess.run([loaders, catalog], input=asked, capture_output=True, text=True)
    answers = done.stdout.split("\n")[:-1]
    verdict(done.returncode == 0 and len(answers) == len(chosen), "the loaders answer for each file", done.stderr)
    alike = collections.Counter()
    for (kind, place, source, what, path, value), answer in zip(chosen, answers):
        error = first_error(schemas[kind], value)
        if (answer == "ok") == (error is None):
            alike["taken" if error is None else "refused"] += 1
            verdict(True, "")
            continue
        refuser, message = ("schema", error) if answer == "ok" else ("loader", answer)
        alike[f"{refuser} alone"] += 1
        verdict(explained(refuser, message), f"{source}: {what} {'/'.join(map(str, path))}: the {refuser} alone refuses it",
                f"{message}\n    {json.dumps(at(value, path[:-1]))[:300]}")
    print(f"{len(chosen)} changes: " + ", ".join(f"{n} {what}" for what, n in sorted(alike.items())))
    for number, (who, _, why) in enumerate(DIFFERENCES):
        print(f"    {used[number]:5} the {who} alone: {why}")
    return alike


schemas = load_schemas()
good = check_shipped(schemas)
check_bad(schemas)
alike = check_mutations(schemas, good)
verdict(alike["taken"] > int(count) / 20 and alike["refused"] > int(count) / 4, "both verdicts come up", str(alike))
print(f"{passed} passed, {failed} failed")
