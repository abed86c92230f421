#!/usr/bin/env python3
"""Verdicts of mews on Sigma rules, held against other engines' on events that are made from the rules.

usage: sigma_engines.py PROGRAM EVENTS WORK FOLDER…

PROGRAM is build/tests/differential/sigma_rules. EVENTS events are made, the same every time: for each rule in turn some that
meet it, some that just miss it (one test turned round), some that lack a field. Each engine judges all rules on all events,
without regard to log sources. Where an engine differs, one row of its table of known differences has to explain it: the row
says in which way the engine reads rules otherwise, and the trees are evaluated here in that way. What no row explains fails.

RSIGMA and ZIRCOLITE name the programs; an engine that is not there is skipped, and said so.
"""
import collections
import ipaddress
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import warnings

warnings.simplefilter("ignore")


def skip(what):
    print(f"skipped: {what}")
    return None


# --- making events

class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def noise(self):
        return self.random.choice(["", "", "x", "/usr/bin/", "C:\\Temp\\", " -a", "Zz", "b c"])

    def case(self, text):
        return self.random.choice([text, text, text, text.upper(), text.lower(), text.swapcase()])

    def pattern(self, pattern):
        out, at = [], 0
        while at < len(pattern):
            if pattern[at] == "\\" and at + 1 < len(pattern):
                out.append(pattern[at + 1])
                at += 1
            else:
                out.append({"*": self.noise(), "?": "q"}.get(pattern[at], pattern[at]))
            at += 1
        return "".join(out)

    def regex(self, expression):
        return sample(self.random, re_parse(expression))

    def wish(self, wishes, test, good):
        """Notes what a test wants of its field: (kind, text)."""
        name, op = test["name"] or "message", test["op"]
        if op == "present":
            wishes.setdefault(name, []).append(("any", "x") if good else ("none", ""))
            return
        if test["other"] or not test["values"]:
            wishes.setdefault(name, []).append(("field", test["other"]) if good else ("any", "other"))
            return
        value = self.random.choice(test["values"])
        if not good:
            wishes.setdefault(name, []).append(self.miss(op, value, test))
            return
        if op in ("lt", "lte", "gt", "gte"):
            wishes.setdefault(name, []).append(("number", int(value) + {"lt": -1, "lte": 0, "gt": 1, "gte": 0}[op]))
        elif test["number"]:
            wishes.setdefault(name, []).append(("number", {"true": True, "false": False}.get(value, value)))
        elif op == "cidr":
            network = ipaddress.ip_network(value)
            wishes.setdefault(name, []).append(("whole", str(network[min(5, network.num_addresses - 1)])))
        elif op == "like":
            wishes.setdefault(name, []).append(("whole", self.case(self.pattern(value))))
        elif op == "regex":
            wishes.setdefault(name, []).append(("whole" if value[:7] != "[\\s\\S]*" else "inner", self.regex(value)))
        else:
            kind = {"equal": "whole", "starts": "begin", "ends": "end", "contains": "inner"}[op]
            wishes.setdefault(name, []).append((kind, self.case(value) if test["fold"] else value))

    def miss(self, op, value, test):
        """Something that just misses, or nothing."""
        how = self.random.randrange(3)
        if how == 0:
            return ("none", "")
        if test["number"] or op in ("lt", "lte", "gt", "gte"):
            return ("number", 70707)
        if how == 1 or len(value) < 2 or op in ("like", "regex", "cidr"):
            return ("whole", "other")
        cut = self.random.randrange(len(value))
        return ("whole", value[:cut] + "~" + value[cut + 1:])

    def choose(self, wishes, node, good):
        kind = node["kind"]
        if kind == "test":
            self.wish(wishes, node, good)
        elif kind == "not":
            self.choose(wishes, node["children"][0], not good)
        elif (kind == "and") == good:
            for child in node["children"]:
                self.choose(wishes, child, good)
        elif node["children"]:
            self.choose(wishes, self.random.choice(node["children"]), good)

    def value(self, wishes):
        kinds = [kind for kind, _ in wishes]
        if "none" in kinds and self.random.random() < 0.8:
            return None
        numbers = [text for kind, text in wishes if kind == "number"]
        if numbers:
            return int(numbers[0]) if not isinstance(numbers[0], bool) else numbers[0]
        whole = [text for kind, text in wishes if kind == "whole"]
        if whole:
            return self.random.choice(whole)
        begin = [text for kind, text in wishes if kind == "begin"][:1]
        end = [text for kind, text in wishes if kind == "end"][:1]
        inner = [text for kind, text in wishes if kind == "inner"]
        self.random.shuffle(inner)
        out = "".join(begin) + self.random.choice(["", " ", "x"]).join([""] + inner) + "".join(end)
        return out or "x"

    def event(self, tree, how):
        wishes, event = {}, {}
        self.choose(wishes, tree, True)
        tests = list(leaves(tree))
        if how == 1 and tests:  # one test turned round
            test = self.random.choice(tests)
            wishes[test["name"] or "message"] = []
            self.wish(wishes, test, False)
        for name, wanted in wishes.items():
            value = self.value(wanted)
            if value is not None:
                event[name] = value
        for name, wanted in wishes.items():
            for kind, other in wanted:
                if kind == "field" and other in event:
                    event[name] = event[other]
                elif kind == "field":
                    event[name] = event[other] = "same"
        if how == 2 and event:  # one field is not there
            del event[self.random.choice(sorted(event))]
        return event


def leaves(node):
    if node["kind"] == "test":
        yield node
    for child in node.get("children", []):
        yield from leaves(child)


def sample(random_source, tree):
    from sigma_trees import sample as of_tree
    return of_tree(random_source, tree)


def re_parse(expression):
    from sigma_trees import sre_parse
    return sre_parse.parse(expression)


# --- the trees, evaluated here: what the specification says, and in the ways of others

class Ways:
    """two-valued, texts folded as ASCII, numbers equal to the texts of themselves."""

    def __init__(self, names_folded=False, names_cut=False, keywords_whole=False, stars_literal=False):
        self.names_folded, self.names_cut, self.keywords_whole = names_folded, names_cut, keywords_whole
        self.stars_literal = stars_literal

    def number(self, have, want):
        if want in ("true", "false"):
            return str(have).lower() == want
        if isinstance(have, bool):
            return False
        try:
            return int(str(have)) == int(want)
        except ValueError:
            return False

    def value(self, test, have, want):
        op, fold = test["op"], test["fold"]
        if op in ("lt", "lte", "gt", "gte"):
            try:
                have, want = int(str(have)), int(want)
            except ValueError:
                return False
            return {"lt": have < want, "lte": have <= want, "gt": have > want, "gte": have >= want}[op]
        if test["number"]:
            return self.number(have, want)
        text = text_of(have)
        if op == "cidr":
            try:
                return ipaddress.ip_address(text) in ipaddress.ip_network(want)
            except ValueError:
                return False
        if op == "regex":
            return re.compile(want, (re.IGNORECASE if fold else 0) | re.ASCII).fullmatch(text) is not None
        if fold:
            text, want = ascii_lower(text), ascii_lower(want)
        if op == "like" and self.stars_literal:
            ends = want.startswith("*"), want.endswith("*")
            want = re.escape(want.strip("*"))
            return re.fullmatch((".*" if ends[0] else "") + want + (".*" if ends[1] else ""), text, re.DOTALL) is not None
        if op == "like":
            return re.fullmatch(like_regex(want), text, re.DOTALL) is not None
        return {"equal": text == want, "starts": text.startswith(want), "ends": text.endswith(want), "contains": want in text}[op]

    def test(self, test, event):
        if test["name"] == "":
            values = list(event.values())
        elif self.names_cut and not test["name"].isalnum():
            values = []
        elif self.names_folded:
            values = [value for name, value in event.items() if name.lower() == test["name"].lower()]
        else:
            values = [event[test["name"]]] if test["name"] in event else []
        if test["op"] == "present":
            return bool(values)
        if test["name"] == "" and self.keywords_whole:
            test = {**test, "op": "equal" if test["op"] == "contains" else test["op"]}
        wants = test["values"] if not test["other"] else [text_of(event[test["other"]])] if test["other"] in event else []
        return any(self.value(test, have, want) for have in values for want in wants)

    def holds(self, node, event):
        kind = node["kind"]
        if kind == "test":
            return self.test(node, event)
        if kind == "not":
            return not self.holds(node["children"][0], event)
        return (all if kind == "and" else any)(self.holds(child, event) for child in node["children"]) if kind in ("and", "or") \
            else kind == "true"


def text_of(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def ascii_lower(text):
    return "".join(chr(ord(c) + 32) if "A" <= c <= "Z" else c for c in text)


def like_regex(pattern):
    out, at = [], 0
    while at < len(pattern):
        if pattern[at] == "\\" and at + 1 < len(pattern):
            at += 1
            out.append(re.escape(pattern[at]))
        else:
            out.append({"*": ".*", "?": "."}.get(pattern[at]) or re.escape(pattern[at]))
        at += 1
    return "".join(out)


# --- engines: each gives a set of (rule, event), and the rules that it could not take

def mews(program, events_file, files, count):
    output = subprocess.run([program, "verdicts", events_file] + files, check=True, capture_output=True, text=True).stdout
    lines = output.split("\n")[:count]
    return {(int(rule), number) for number, line in enumerate(lines) for rule in line.split()}


def sqlite(rules, events):
    try:
        from sigma.backends.sqlite import sqliteBackend
        from sigma.collection import SigmaCollection
    except ImportError:
        return skip("pySigma's SQLite backend is not installed")
    names = sorted({name for event in events for name in event} | {test["name"] for rule in rules for test in leaves(rule["tree"])
                                                                   if test["name"]})
    database = sqlite3.connect(":memory:")
    compiled = {}

    def regexp(pattern, value):
        if value is None:
            return None
        if pattern not in compiled:
            compiled[pattern] = re.compile(pattern, re.ASCII)
        return compiled[pattern].search(text_of(value)) is not None

    database.create_function("REGEXP", 2, regexp, deterministic=True)
    quoted = {}
    for name in names:  # SQLite's names know no case
        quoted.setdefault(name.lower(), name)
    columns = ", ".join('"' + name.replace('"', '""') + '" COLLATE NOCASE' for name in quoted.values())
    database.execute(f"CREATE TABLE logs (number INTEGER PRIMARY KEY, {columns})")
    for number, event in enumerate(events):
        values = {quoted[name.lower()]: text_of(value) if isinstance(value, bool) else value for name, value in event.items()}
        if values:
            keys = ", ".join('"' + key.replace('"', '""') + '"' for key in values)
            database.execute(f"INSERT INTO logs (number, {keys}) VALUES (?{', ?' * len(values)})", [number, *values.values()])
        else:
            database.execute("INSERT INTO logs (number) VALUES (?)", [number])
    backend, fired, refused = sqliteBackend(), set(), collections.Counter()
    taken = set()
    for number, rule in enumerate(rules):
        try:
            query = backend.convert(SigmaCollection.from_yaml(open(rule["file"], encoding="utf-8").read()))[0]
            query = query.replace("SELECT * FROM", "SELECT number FROM", 1)
            fired |= {(number, row[0]) for row in database.execute(query)}
            taken.add(number)
        except Exception as problem:
            refused[re.sub(r"'[^']*'|\d+", "…", str(problem))[:70]] += 1
    return fired, taken, refused


def rsigma(rules, events_file, work):
    program = os.environ.get("RSIGMA", "")
    if not program or not os.access(program, os.X_OK):
        return skip("rsigma is not there: RSIGMA names the program")
    fired, seen = set(), {}
    folder, marked = numbered(rules, events_file, work)
    result = subprocess.run([program, "engine", "eval", "-r", folder, "-e", "@" + marked, "--include-event"],
                            capture_output=True, text=True, check=False)
    for line in result.stdout.splitlines():
        try:
            found = json.loads(line)
            title = found.get("rule_title") or found.get("title") or found.get("header", {}).get("rule_title")
            fired.add((int(title[1:]), found["event"]["MewsNumber"]))
        except (ValueError, KeyError, TypeError):
            seen[line[:80]] = True
    if not fired:
        print(result.stderr[:400], list(seen)[:3])
        return skip("rsigma gave no verdict that could be read")
    return fired, set(range(len(rules))), collections.Counter()


def numbered(rules, events_file, work):
    """A folder with the rules under titles of our own, and the events with numbers, so that matches can be told."""
    folder, marked = os.path.join(work, "numbered"), os.path.join(work, "numbered.ndjson")
    if os.path.isdir(folder):
        return folder, marked
    os.makedirs(folder)
    for number, rule in enumerate(rules):
        text = open(rule["file"], encoding="utf-8").read()
        text = re.sub(r"(?m)^title:.*$", f"title: r{number}", text, count=1)
        text = re.sub(r"(?m)^id:.*$", f"id: 00000000-0000-4000-8000-{number:012}", text, count=1)
        with open(os.path.join(folder, f"r{number}.yml"), "w", encoding="utf-8") as out:
            out.write(text)
    with open(events_file, encoding="utf-8") as source, open(marked, "w", encoding="utf-8") as out:
        for number, line in enumerate(source):
            out.write(json.dumps({**json.loads(line), "MewsNumber": number}) + "\n")
    return folder, marked


def zircolite(rules, events_file, work):
    program = os.environ.get("ZIRCOLITE", "").split()
    if not program or not os.path.exists(program[-1]):
        return skip("Zircolite is not there: ZIRCOLITE is its interpreter and zircolite.py")
    folder, marked = numbered(rules, events_file, work)
    config, result = os.path.join(work, "zircolite.json"), os.path.join(work, "zircolite-out.json")
    with open(config, "w", encoding="utf-8") as out:  # names stay as they are
        json.dump({"exclusions": [], "useless": [], "mappings": {}, "alias": {}, "split": {}, "transforms_enabled": False,
                   "transforms": {}}, out)
    subprocess.run([*program, "-e", marked, "-j", "-r", folder, "-o", result, "-c", config, "--no-event-filter", "--no-auto-mode",
                    "--no-auto-detect", "-q", "-l", os.path.join(work, "zircolite.log")], cwd=os.path.dirname(program[-1]),
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    if not os.path.exists(result):
        return skip("Zircolite gave no verdict that could be read")
    fired = set()
    for found in json.load(open(result, encoding="utf-8")):
        fired |= {(int(found["title"][1:]), int(match["MewsNumber"])) for match in found["matches"]}
    keywords = {number for number, rule in enumerate(rules) if has(rule["tree"], lambda test: test["name"] == "")}
    return fired, set(range(len(rules))) - keywords, collections.Counter({"keywords": len(keywords)})


# --- known differences: (engine, name, why, the rules it may touch, the way in which that engine reads)

def has(tree, question):
    return any(question(test) for test in leaves(tree))


def joins_keywords(node):
    """Keywords of which all must be there: '|all'."""
    keywords = sum(child["kind"] == "test" and child["name"] == "" for child in node.get("children", []))
    return (node["kind"] == "and" and keywords > 1) or any(joins_keywords(child) for child in node.get("children", []))


KNOWN = {
    "pySigma SQLite": [
        ("names know no case", "a field FileName is no Filename here; SQLite's columns are one and the same",
         lambda tree: True, Ways(names_folded=True)),
    ],
    "Zircolite": [
        ("names without their punctuation", "Zircolite takes dots and dashes out of an event's names, not out of a rule's",
         lambda tree: has(tree, lambda test: not test["name"].isalnum()), Ways(names_cut=True)),
    ],
    "rsigma": [
        ("keywords under |all", "a keyword is a part of what the event says, whether one or all are asked for; rsigma compares "
         "those under '|all' with whole values", joins_keywords, Ways(keywords_whole=True)),
        ("stars within a value", "a star is a wildcard in values with modifiers, too; rsigma takes one within a value of a long list "
         "as it stands", lambda tree: has(tree, lambda test: test["op"] == "like"), Ways(stars_literal=True)),
    ],
}


class Verdict:
    def __init__(self):
        self.passed, self.failed, self.skipped = 0, 0, 0

    def say(self, good, sentence):
        self.passed += good
        self.failed += not good
        if not good:
            print("FAILED: " + sentence)


def compare(name, ours, engine, rules, events, verdict):
    if engine is None:
        verdict.skipped += 1
        return
    fired, taken, refused = engine
    mine = {pair for pair in ours if pair[0] in taken}
    explained, unexplained = collections.Counter(), []
    for rule, event in mine ^ fired:
        for known, _, concerns, way in KNOWN[name]:
            if concerns(rules[rule]["tree"]) and way.holds(rules[rule]["tree"], events[event]) == ((rule, event) in fired):
                explained[known] += 1
                break
        else:
            unexplained.append((rule, event))
    print(f"{name}: {len(taken)} rules on {len(events)} events, {len(mine & fired)} matches in common, "
          f"{len(mine ^ fired)} differences, {len(unexplained)} unexplained")
    for known, count in explained.items():
        print(f"   {count:6} {known}")
    for reason, count in refused.most_common():
        print(f"   {count:6} rules it has no words for: {reason}")
    for rule, event in sorted(unexplained)[:6]:
        print(f"   {rules[rule]['file']}: {name} says {(rule, event) in fired} on {json.dumps(events[event], ensure_ascii=False)[:700]}")
    verdict.say(not unexplained, f"{name}: {len(unexplained)} verdicts differ and nothing explains it")
    verdict.say(len(mine & fired) > len(taken), f"{name}: hardly anything matched")


def main():
    sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
    program, count, work, folders = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
    from sigma_trees import files_below
    files, rules, verdict = files_below(folders), [], Verdict()
    for start in range(0, len(files), 500):
        output = subprocess.run([program, "trees"] + files[start:start + 500], check=True, capture_output=True, text=True).stdout
        for line in map(json.loads, output.splitlines()):
            if line["kind"] == "rule" and not line["error"] and line["index"] == 0:
                rules.append({"file": line["file"], "tree": line["conditions"][0]})
    maker, events = Maker(20260801), []
    while len(events) < count:
        for rule in rules:
            events.append(maker.event(rule["tree"], len(events) % 3 if len(events) % 7 else 0))
    events = events[:count]
    events_file = os.path.join(work, "events.ndjson")
    with open(events_file, "w", encoding="utf-8") as out:
        for event in events:
            out.write(json.dumps(event, ensure_ascii=False) + "\n")
    ours = mews(program, events_file, [rule["file"] for rule in rules], len(events))
    plain = Ways()
    chosen = random.Random(1)
    if os.path.isdir(os.path.join(work, "numbered")):
        shutil.rmtree(os.path.join(work, "numbered"))
    checked = [(chosen.randrange(len(rules)), chosen.randrange(len(events))) for _ in range(20000)] + sorted(ours)[:20000]
    wrong = [pair for pair in checked if plain.holds(rules[pair[0]]["tree"], events[pair[1]]) != (pair in ours)]
    for rule, event in wrong[:5]:
        print(rules[rule]["file"], (rule, event) in ours, json.dumps(events[event])[:500])
    verdict.say(not wrong, f"mews differs from its own trees {len(wrong)} times")
    print(f"mews: {len(rules)} rules, {len(events)} events, {len(ours)} matches")
    compare("pySigma SQLite", ours, sqlite(rules, events), rules, events, verdict)
    compare("Zircolite", ours, zircolite(rules, events_file, work), rules, events, verdict)
    compare("rsigma", ours, rsigma(rules, events_file, work), rules, events, verdict)
    print(f"{verdict.passed} passed, {verdict.failed} failed, {verdict.skipped} skipped")
    return verdict.failed > 0


if __name__ == "__main__":
    sys.exit(main())
