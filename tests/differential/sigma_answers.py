#!/usr/bin/env python3
"""Asks packs of the trap catalog (tests/golden/sigma) of events in SQLite, in the SQL that pySigma makes of them: what filters
exclude, what missing fields do, and when correlations hold.

usage: sigma_answers.py PLAIN-PACK PACK-WITH-FILTERS
"""
import re
import sqlite3
import sys

from sigma.backends.sqlite import sqliteBackend
from sigma.collection import SigmaCollection
from sigma.correlations import SigmaCorrelationRule

passed = failed = 0


def say(good, name):
    global passed, failed
    passed += good
    failed += not good
    if not good:
        print(f"FAILED: {name}")


def rules_of(parts):
    """Title → SQL: of plain rules one by one, of correlations with the rules that they name."""
    made = {}
    for rule in SigmaCollection.load_ruleset(parts).rules:
        if isinstance(rule, SigmaCorrelationRule):
            continue
        try:
            rule._output = True
            made[rule.title] = sqliteBackend().convert_rule(rule)
        except Exception:  # what SQLite has no words for is counted in sigma_documents.py
            continue
    return made


def correlation_of(path):
    """The SQL of the last correlation of a file."""
    collection = SigmaCollection.load_ruleset([path])
    return sqliteBackend().convert(collection)[-1:]


def ask(queries, events):
    """Rows that the queries find in a table of these events."""
    unique = ["timestamp", "User", "Image", "CurrentDirectory", "TargetFilename", "ProcessId", "ParentProcessId", "ParentImage", "type", "res",
              "acct", "addr"]
    base = sqlite3.connect(":memory:")
    base.create_function("regexp", 2, lambda pattern, value: value is not None and re.search(pattern, str(value)) is not None)
    # As engines on SQLite declare them: texts, but for what is compared as a number.
    kinds = ", ".join(f"`{column}`{'' if column.endswith(('Id', 'Port')) else ' TEXT'}" for column in unique)
    base.execute(f"CREATE TABLE logs ({kinds})")
    for event in events:
        base.execute(f"INSERT INTO logs ({', '.join(f'`{key}`' for key in event)}) VALUES ({', '.join('?' for _ in event)})", list(event.values()))
    found = 0
    for query in queries:
        query = query.replace("<TABLE_NAME>", "logs")
        found += len(base.execute(query).fetchall())
    return found


def at(seconds):
    return f"2026-11-23 10:{seconds // 60:02}:{seconds % 60:02}"


def process(image, **more):
    return {"timestamp": at(0), "Image": image, **more}


def check_filters(plain, filtered):
    folded = "Values That Are Misread Easily"
    build = process("/usr/bin/Xorg", User="ci", CurrentDirectory="/builds/x")
    say(ask(plain[folded], [build]) == 1, "the rule finds a build without the filter")
    say(ask(filtered[folded], [build]) == 0, "the filter excludes a build")
    say(ask(filtered[folded], [process("/usr/bin/Xorg", User="eve", CurrentDirectory="/builds/x")]) == 1, "and nobody else")
    say(ask(filtered[folded], [process("/usr/bin/Xorg", User="ci")]) == 1, "a field that is missing excludes nothing")
    say(ask(filtered[folded], [process("/usr/bin/Xorg", ProcessId=4)]) == 0, "one of several alternatives excludes")
    say(ask(filtered[folded], [process("/usr/bin/Xorg", ParentProcessId=4)]) == 0, "and so does another")
    say(ask(plain[folded], [process("/USR/BIN/XORG")]) == 1, "the case of texts is folded")


def check_values(plain):
    title = "Values That Are Misread Easily - "
    cases = [
        ("Backslash", process("/opt/a\\b"), process("/opt/a\\\\b")),
        ("Backslash End", process("/opt/a\\x"), process("/opt/ax")),
        ("Star", process("/opt/5*3?"), process("/opt/5a3b")),
        ("Number Text", process("5"), process("05")),
        ("Number Zeroes", process("010"), process("8")),
        ("Number Part", process("/x/12375/y"), process("/x/1237/5")),
        ("Wildcards", process("/n/d/m/e/o"), process("/c/")),
        ("Regex", process("/opt/x/bin"), process("/opt/X/bin")),
        ("Regex Open", process("/a/.b"), process("/a/.B")),
        ("Contains All", process("/opt/x/bin/y"), process("/opt/x")),
        ("Folded Not", process("/usr/bin/x"), process("/usr/bin/x", CurrentDirectory="/Home")),
        ("Not There", process("/x"), process("/x", CurrentDirectory="/")),
        ("There", process("/x", CurrentDirectory="/"), process("/x")),
        ("Unequal", process("/x", CurrentDirectory="/srv"), process("/x")),
        ("Two Fields", process("/x", ParentImage="/x"), process("/x", ParentImage="/y")),
        ("Control", process("a\tb"), process("atb")),
        ("Quotes", process("/it's"), process("/its")),
        ("Lists Or", process("/c", CurrentDirectory="/d"), process("/c")),
        ("Precedence", process("/x", ProcessId=2), process("/x", ProcessId=2, ParentProcessId=3)),
    ]
    for name, holds, misses in cases:
        query = plain.get(title + name)
        say(query is not None and ask(query, [holds]) == 1, f"{name}: what it is for")
        say(query is not None and ask(query, [misses]) == 0, f"{name}: what it is not for")


def login(seconds, result, user="bob", address="192.0.2.1"):
    return {"timestamp": at(seconds), "type": "USER_LOGIN", "res": result, "acct": user, "addr": address}


def check_correlations(folder):
    def found(name, events):
        return ask(correlation_of(f"{folder}/rules/correlation_sequences_{name}.yml"), events) > 0

    say(found("counted", [login(i, "failed") for i in range(5)]), "five failed logins")
    say(not found("counted", [login(i, "failed") for i in range(4)]), "four are too few")
    say(not found("counted", [login(i * 200, "failed") for i in range(5)]), "five in more than ten minutes")
    say(not found("counted", [login(i, "failed", f"u{i}") for i in range(5)]), "five of five users")
    say(found("sprayed", [login(i, "failed", f"u{i}") for i in range(10)]), "ten users from one address")
    say(not found("sprayed", [login(i, "failed", f"u{i % 3}") for i in range(10)]), "three users from one address")
    run = {"timestamp": at(10), "Image": "/usr/bin/curl", "User": "bob"}
    made = {"timestamp": at(30), "TargetFilename": "/etc/cron.d/x", "User": "bob"}
    say(found("ordered", [run, made]), "a process, then a file")
    say(not found("ordered", [{**run, "timestamp": at(50)}, made]), "a file, then a process")
    say(not found("ordered", [run, {**made, "timestamp": at(200)}]), "too late")
    say(not found("ordered", [run, {**made, "User": "eve"}]), "of somebody else")
    who = [{"timestamp": at(1), "Image": "/bin/id", "User": "bob"}, {"timestamp": at(2), "Image": "/bin/whoami", "User": "bob"}]
    say(found("together", who), "two in any order")
    say(not found("together", who[:1]), "one of two")
    parent = {"timestamp": at(1), "Image": "/bin/sh", "ProcessId": 7, "ParentProcessId": 1}
    child = {"timestamp": at(2), "Image": "/bin/nc", "ProcessId": 8, "ParentProcessId": 7}
    say(found("renamed", [parent, child]), "a key under two names")
    say(not found("renamed", [parent, {**child, "ParentProcessId": 9}]), "another parent")
    guessed = [login(i, "failed") for i in range(5)] + [login(60, "success")]
    say(found("guessed", guessed), "five failed logins, then one that went well")
    say(not found("guessed", guessed[1:]), "four, then one")


def main():
    plain, filtered = sys.argv[1:3]
    check_filters(rules_of([plain + "/rules"]), rules_of([filtered + "/rules", filtered + "/filters"]))
    check_values(rules_of([plain + "/rules"]))
    check_correlations(plain)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


sys.exit(main())
