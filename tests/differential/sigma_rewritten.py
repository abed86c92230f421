#!/usr/bin/env python3
"""Rules that were taken in and written again, against what they were: each pair is asked of events made of the rules' own values, in
the SQL that pySigma makes of both.

usage: sigma_rewritten.py ORIGINALS PACK [EVENTS-A-RULE]
Rules are paired by their ids: the first rule of a detection keeps it. To mews an empty text is a missing value, so a rule that asks
for '' is not compared; KNOWN are the others that differ, and why.
"""
import collections
import glob
import ipaddress
import random
import re
import sqlite3
import sys

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.rule import SigmaDetection, SigmaRule
from sigma.types import SigmaCIDRExpression, SigmaNumber, SigmaString, SpecialChars


KNOWN = {
    "Kubernetes Unauthorized or Unauthenticated Access": "it asks for no verb: what the registry's actions do not know is left out",
    "Kubernetes Potential Enumeration Activity": "it asks for no verb: what the registry's actions do not know (deletecollection) is left out",
}


def asks_for_empty(rule):
    return any(isinstance(value, SigmaString) and not value.s for detection in rule.detection.detections.values()
               for item in items_of(detection) for value in item.value)


def load(folder):
    """Id → rule; what pySigma itself cannot read is left out."""
    rules = {}
    for path in sorted(glob.glob(folder + "/**/*.yml", recursive=True)):
        try:
            with open(path, encoding="utf-8") as file:
                for rule in SigmaCollection.from_yaml(file.read()).rules:
                    if isinstance(rule, SigmaRule) and rule.id:
                        rules[str(rule.id)] = rule
        except Exception:
            continue
    return rules


def items_of(detection):
    for item in detection.detection_items:
        if isinstance(item, SigmaDetection):
            yield from items_of(item)
        else:
            yield item


def samples_of(value, random):
    """Texts that the value is likely to match, or nearly."""
    if isinstance(value, SigmaString):
        text = "".join(part if isinstance(part, str) else ("" if part is SpecialChars.WILDCARD_MULTI else "q") for part in value.s)
        yield text
        yield random.choice(["x", "", "/"]) + text + random.choice(["y", "", " "])
    elif isinstance(value, SigmaNumber):
        yield str(value.number)
    elif isinstance(value, SigmaCIDRExpression):
        yield str(ipaddress.ip_network(value.cidr).network_address)
    elif hasattr(value, "regexp"):
        text = str(value.regexp)
        yield re.sub(r"[\\^$.|?*+()\[\]{}]", "", text)
        yield re.sub(r"\[(.)[^\]]*\]", r"\1", re.sub(r"\\[sS]|\.[*+]?", " ", text)).replace("\\", "").strip("^$")


def events_of(rules, count, random):
    values = collections.defaultdict(list)
    for rule in rules:
        for detection in rule.detection.detections.values():
            for item in items_of(detection):
                for value in item.value if item.field else ():
                    values[item.field] += samples_of(value, random)
                values[item.field] += [] if item.field else []
    values.pop(None, None)
    fields = sorted(values)
    for number in range(count):
        event = {}
        for field in fields:
            if random.random() < 0.2:
                continue
            text = random.choice(values[field] or ["x"])
            if random.random() < 0.35:  # several at once, as `all` asks
                text = " ".join(random.sample(values[field], min(len(values[field]), random.randint(2, 5))))
            event[field] = text.swapcase() if random.random() < 0.2 else text
        yield event
    yield {field: " ".join(values[field]) for field in fields}


def sql_of(rule):
    rule._output = True
    return [query.replace("<TABLE_NAME>", "logs") for query in sqliteBackend().convert_rule(rule)]


def matched(base, queries):
    return {row[0] for query in queries for row in base.execute(query.replace("SELECT *", "SELECT `mews row`", 1)).fetchall()}


def differ(original, written, count, random):
    """How many events there were, and those on which the two differ; None: SQLite has no words for the rule."""
    try:
        queries = sql_of(original), sql_of(written)
    except Exception:
        return None
    events = list(events_of((original, written), count, random))
    columns, seen = [], set()
    for field in sorted({key for event in events for key in event} | {item.field for rule in (original, written)
                        for detection in rule.detection.detections.values() for item in items_of(detection) if item.field}):
        if field.lower() not in seen:
            seen.add(field.lower())
            columns.append(field)
    base = sqlite3.connect(":memory:")
    base.create_function("regexp", 2, lambda pattern, value: value is not None and re.search(pattern, str(value)) is not None)
    base.execute("CREATE TABLE logs (`mews row` INTEGER, " + ", ".join(f"`{column}` TEXT" for column in columns) + ")")
    for number, event in enumerate(events):
        kept = {column: event[column] for column in columns if column in event}
        names = "".join(f", `{column}`" for column in kept)
        base.execute(f"INSERT INTO logs (`mews row`{names}) VALUES (?{', ?' * len(kept)})", [number, *kept.values()])
    try:
        ours = [matched(base, query) for query in queries]
    except Exception:
        return None
    return len(events), len(ours[0]), [events[number] for number in sorted(ours[0] ^ ours[1])]


def main():
    originals, written = load(sys.argv[1]), load(sys.argv[2])
    count = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    chance = random.Random(7)
    passed = failed = asked = hits = silent = 0
    for number, rule in sorted(originals.items()):
        again = written.get(number)
        left_out = again is None or rule.title in KNOWN or asks_for_empty(rule)
        result = None if left_out else differ(rule, again, count, chance)
        if result is None:
            silent += 1
            continue
        asked += result[0]
        hits += result[1]
        passed += not result[2]
        failed += bool(result[2])
        if result[2] and failed <= 20:
            print(f"FAILED: {rule.title}: {len(result[2])} events, as {result[2][0]}"[:600])
    print(f"{len(originals)} rules, {silent} that are left out (see above) or that SQLite has no words for; {asked} events asked, {hits} matched")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
