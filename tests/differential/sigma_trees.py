#!/usr/bin/env python3
"""Compares the trees that mews reads in Sigma rules with those of pySigma: names, values with wildcards, operators.

usage: sigma_trees.py PROGRAM FOLDER…      PROGRAM is build/tests/differential/sigma_rules

Regular expressions are compared by what they find: mews writes them for the whole value, so both are asked about texts that
are made from the expression, whole, within other text and broken.
"""
import collections
import json
import os
import random
import re
import subprocess
import sys
import warnings

from sigma.collection import SigmaCollection
from sigma.conditions import ConditionAND, ConditionFieldEqualsValueExpression, ConditionNOT, ConditionOR, ConditionValueExpression
from sigma import types

try:
    from re import _constants as sre, _parser as sre_parse
except ImportError:
    import sre_constants as sre
    import sre_parse

warnings.simplefilter("ignore")
# What pySigma refuses or takes otherwise, by its own words, and why mews does not.
KNOWN = {
    "placeholder": "both refuse a placeholder without values; pySigma does so later, at conversion",
}


# --- trees in one form: ("and"|"or", frozenset), ("not", tree), ("test", …)

def joined(kind, children):
    flat = set()
    for child in children:
        if child[0] == kind:
            flat |= child[1]
        else:
            flat.add(child)
    if kind == "and":  # "it is there" beside a test of the same name says nothing
        flat = {child for child in flat if child[0] != "test" or child[2:] != ("present",)
                or not any(other != child and presumes(other, child[1]) for other in flat)}
    return next(iter(flat)) if len(flat) == 1 else (kind, frozenset(flat))


def presumes(tree, name):
    if tree[0] in ("test", "regex"):
        return tree[0] == "test" and tree[1] == name and tree[2] != "present"
    return tree[0] in ("and", "or") and (any if tree[0] == "and" else all)(presumes(child, name) for child in tree[1])


def negated(child):
    return child[1] if child[0] == "not" else ("not", child)


def escaped(text):
    return re.sub(r"([*?\\])", r"\\\1", text)


def like(name, pattern, fold):
    pattern = re.sub(r"(?<!\\)((?:\\\\)*)\*+", r"\1*", pattern)
    if name == "" and not (pattern.startswith("*")):
        pattern = "*" + pattern
    if name == "" and not re.search(r"(?<!\\)(\\\\)*\*$", pattern):
        pattern += "*"
    if pattern == "*":
        return ("test", name, "present")
    return ("test", name, "like", pattern.lower() if fold else pattern, fold)


# --- ours

def our_pattern(op, value):
    value = value if op == "like" else escaped(value)
    return {"starts": value + "*", "ends": "*" + value, "contains": "*" + value + "*"}.get(op, value)


def our_test(test, regexes):
    name, op, values = test["name"], test["op"], test["values"]
    if op == "present":
        return ("test", name, "present")
    if test["other"]:
        return ("test", name, "field", op, test["other"])
    if op in ("lt", "lte", "gt", "gte"):
        return joined("or", [("test", name, op, value) for value in values])
    if op == "cidr":
        return joined("or", [("test", name, "cidr", value) for value in values])
    if test["number"]:
        return joined("or", [("test", name, "number", value) for value in values])
    children = []
    for value in values:
        found = None
        if op == "regex" or (not test["fold"] and op != "like") or name in regexes:
            found = regexes.get(name, Regexes()).same(op, value, test["fold"])
        children.append(found if found else ("test", name, "regex", value) if op == "regex" else
                        like(name, our_pattern(op, value), test["fold"]))
    return joined("or", children)


def ours(node, regexes):
    if node["kind"] == "test":
        return our_test(node, regexes)
    children = [ours(child, regexes) for child in node["children"]]
    if node["kind"] == "not":
        return negated(children[0])
    return joined(node["kind"], children) if children else (node["kind"], frozenset())


# --- expressions

def sample(random_source, tree, depth=0):
    out = []
    for op, argument in tree:
        if op is sre.LITERAL:
            out.append(chr(argument))
        elif op is sre.NOT_LITERAL:
            out.append(random_source.choice("aZ 9\n"))
        elif op is sre.ANY:
            out.append(random_source.choice("aZ .-"))
        elif op is sre.IN:
            out.append(sample_class(random_source, argument))
        elif op is sre.BRANCH:
            out.append(sample(random_source, random_source.choice(argument[1]), depth))
        elif op is sre.SUBPATTERN:
            out.append(sample(random_source, argument[-1], depth))
        elif op in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            low, high, inner = argument
            count = random_source.randint(low, min(int(high), low + 2)) if depth < 6 else low
            out.extend(sample(random_source, inner, depth + 1) for _ in range(min(count, 300)))
    return "".join(out)


def sample_class(random_source, items):
    negative = bool(items) and items[0][0] is sre.NEGATE
    if negative:
        pattern = [character for character in "aZ09 _-/.\\" if not in_class(items[1:], character)]
        return random_source.choice(pattern or ["a"])
    op, argument = random_source.choice(items)
    if op is sre.LITERAL:
        return chr(argument)
    if op is sre.RANGE:
        return chr(random_source.randint(argument[0], argument[1]))
    return {sre.CATEGORY_DIGIT: "7", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "w", sre.CATEGORY_NOT_DIGIT: "x",
            sre.CATEGORY_NOT_SPACE: "x", sre.CATEGORY_NOT_WORD: "-"}.get(argument, "x")


def in_class(items, character):
    code = ord(character)
    return any((op is sre.LITERAL and argument == code) or (op is sre.RANGE and argument[0] <= code <= argument[1]) or
               (op is sre.CATEGORY and sample_category(argument, character)) for op, argument in items)


def sample_category(category, character):
    return {sre.CATEGORY_DIGIT: character.isdigit(), sre.CATEGORY_SPACE: character.isspace(),
            sre.CATEGORY_WORD: character.isalnum() or character == "_"}.get(category, False)


class Regexes:
    """The expressions of one field in one rule, with texts that tell them apart."""

    def __init__(self):
        self.items = []

    def add(self, expression, flags):
        text = str(expression)
        compiled = re.compile(text, flags | re.ASCII)
        random_source = random.Random(text)
        samples = [""]
        # The place before a last newline is no end here: see search.h.
        tree = sre_parse.parse(text, flags)
        for _ in range(24):
            made = sample(random_source, tree)
            cut = made[:-1] if random_source.random() < 0.5 else made[1:]
            samples += [made, "x" + made, made + " y", "a\n" + made + "z\nb", cut, made.upper(), made.lower(), made.replace("\\", "/")]
        samples = [text for text in samples if not text.endswith("\n")]
        self.items.append((text, flags, [(text, compiled.search(text) is not None) for text in samples]))
        return ("regex", text, flags)

    def same(self, op, value, fold):
        """The expression that finds what ours holds for."""
        pattern = {"regex": value, "equal": re.escape(value), "starts": re.escape(value) + r"[\s\S]*",
                   "ends": r"[\s\S]*" + re.escape(value), "contains": r"[\s\S]*" + re.escape(value) + r"[\s\S]*"}.get(op)
        if pattern is None:
            return None
        try:
            own = re.compile(pattern, (re.IGNORECASE if fold else 0) | re.ASCII)
        except re.error:
            return None
        for text, flags, samples in self.items:
            if all((own.fullmatch(sample_text) is not None) == found for sample_text, found in samples):
                return ("regex", text, flags)
        return None


# --- pySigma's

FLAGS = {types.SigmaRegularExpressionFlag.IGNORECASE: re.IGNORECASE, types.SigmaRegularExpressionFlag.MULTILINE: re.MULTILINE,
         types.SigmaRegularExpressionFlag.DOTALL: re.DOTALL}


def their_pattern(value):
    out = []
    for part in value.s:
        if isinstance(part, str):
            out.append(escaped(part))
        elif part == types.SpecialChars.WILDCARD_MULTI:
            out.append("*")
        elif part == types.SpecialChars.WILDCARD_SINGLE:
            out.append("?")
        else:
            raise LookupError("placeholder")
    return "".join(out)


def their_value(name, value, regexes):
    if isinstance(value, types.SigmaExpansion):
        return joined("or", [their_value(name, item, regexes) for item in value.values])
    if isinstance(value, types.SigmaString):
        return like(name, their_pattern(value), not isinstance(value, types.SigmaCasedString))
    if isinstance(value, types.SigmaNull):
        return ("not", ("test", name, "present"))
    if isinstance(value, types.SigmaExists):
        return ("test", name, "present") if value.exists else ("not", ("test", name, "present"))
    if isinstance(value, types.SigmaBool):
        return ("test", name, "number", "true" if value.boolean else "false")
    if isinstance(value, types.SigmaNumber):
        return ("test", name, "number", str(value.number)) if name else like(name, escaped(str(value.number)), True)
    if isinstance(value, types.SigmaRegularExpression):
        flags = 0
        for flag in value.flags:
            flags |= FLAGS[flag]
        return regexes.setdefault(name, Regexes()).add(value.regexp, flags)
    if isinstance(value, types.SigmaCIDRExpression):
        return ("test", name, "cidr", value.cidr)
    if isinstance(value, types.SigmaCompareExpression):
        return ("test", name, value.op.name.lower(), str(value.number.number))
    if isinstance(value, types.SigmaFieldReference):
        op = {(True, True): "contains", (True, False): "starts", (False, True): "ends"}.get(
            (value.starts_with, value.ends_with), "equal")
        return ("test", name, "field", op, value.field)
    raise LookupError(type(value).__name__)


def theirs(node, regexes):
    if isinstance(node, ConditionFieldEqualsValueExpression):
        return their_value(node.field, node.value, regexes)
    if isinstance(node, ConditionValueExpression):
        return their_value("", node.value, regexes)
    children = [theirs(child, regexes) for child in node.args]
    if isinstance(node, ConditionNOT):
        return negated(children[0])
    return joined("and" if isinstance(node, ConditionAND) else "or", children)


# --- the run

def files_below(folders):
    found = []
    for folder in folders:
        for path, _, names in os.walk(folder):
            found += [os.path.join(path, name) for name in names if name.endswith((".yml", ".yaml"))]
    return sorted(found)


def compare(line, counts):
    try:
        rules = SigmaCollection.from_yaml(open(line["file"], encoding="utf-8").read()).rules
        rule = rules[line["index"]]
        regexes = {}
        wanted = [theirs(condition.parsed, regexes) for condition in rule.detection.parsed_condition]
    except Exception as problem:  # whatever it refuses
        kind = "placeholder" if "placeholder" in str(problem).lower() else "pySigma: " + str(problem)[:80]
        counts["both refuse" if line["error"] else "only pySigma refuses: " + kind] += 1
        return line["error"] is not None or kind in KNOWN
    if line["error"]:
        counts["only mews refuses: " + line["error"]] += 1
        return "word boundary" in line["error"] or "placeholder" in line["error"]
    got = [ours(condition, regexes) for condition in line["conditions"]]
    if got == wanted:
        counts["equal"] += 1
        return True
    print(f"FAILED: {line['file']}: the trees differ\n   mews    {got}\n   pySigma {wanted}")
    counts["different"] += 1
    return False


def main():
    program, folders = sys.argv[1], sys.argv[2:]
    files, counts, failed, passed = files_below(folders), collections.Counter(), 0, 0
    for start in range(0, len(files), 500):
        output = subprocess.run([program, "trees"] + files[start:start + 500], check=True, capture_output=True, text=True).stdout
        for text in output.splitlines():
            line = json.loads(text)
            if line["kind"] != "rule":
                continue
            good = compare(line, counts)
            passed, failed = passed + good, failed + (not good)
    for name, count in counts.most_common():
        print(f"{count:6} {name}")
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
