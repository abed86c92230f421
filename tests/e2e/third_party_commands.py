#!/usr/bin/env python3
"""Command lines of tldr-pages and of Atomic Red Team against our catalog and against what docs/third-party.md says of them.

third_party_commands.py DATA MEWS WORK PAGE    `ok WHAT` or `missing WHAT`, one a line, and the figures
"""
import collections
import glob
import json
import os
import re
import shutil
import subprocess
import sys

LOUD = ("medium", "high", "critical")
# One test each whose alert must be this detection: the escapes and the token, whatever else alerts.
NAMED = [("T1611", "host-root-mount"), ("T1611", "host-namespace-entered"), ("T1552.007", "account-token-read-through-exec")]


def catalog():
    """{detection: (severity, techniques)}"""
    found = {}
    for path in glob.glob("rulesets/detections/*.yaml"):
        with open(path, encoding="utf-8") as text:
            head = text.read()
        severity = re.search(r"^severity: (\S+)", head, re.M).group(1)
        found[os.path.basename(path)[:-5]] = (severity, re.findall(r"T\d{4}(?:\.\d{3})?", re.search(r"^techniques: (.*)", head, re.M).group(1)))
    return found


def alerts(mews, work, scripts):
    """{(script's index, detection)}; each is a file of its own, as a shell reads it. The organization has no exception that a
    command line alone could meet."""
    folder = os.path.join(work, "scripts")
    shutil.rmtree(folder, ignore_errors=True)
    os.mkdir(folder)
    for index, script in enumerate(scripts):
        with open(os.path.join(folder, f"{index:05}.sh"), "w", encoding="utf-8") as out:
            out.write(script + "\n")
    command = [mews, "replay", "-r", "commands", "-f", "json", "--alerts", "--max-rejected", "100%", "-O", "web-shop", folder]
    said = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL).stdout
    return {(int(os.path.basename(alert["file"])[:-3]), alert["detection"]) for alert in json.loads(said)["alerts"] if alert["file"]}


def rows(path):
    with open(path, encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if "\t" in line][1:]


def everyday_line(text):
    """tldr's {{[-t|--tag]}} is two spellings, {{a|b}} two examples, {{some text}} a text: the first of each."""
    text = re.sub(r"\{\{\[([^|\]]*)\|?[^\]]*\]\}\}", r"\1", text)
    return re.sub(r"\{\{([^}]*)\}\}", lambda match: match.group(1).split("|")[0].replace(" ", "_"), text)


def section(page, head):
    """The table rows below the line that begins with head, up to the next such line: lists of cells."""
    part = page.split(f"\n**{head}", 1)[1].split("\n**", 1)[0]
    return [[cell.strip() for cell in row.strip("|").split(" | ")] for row in re.findall(r"^\| (?!-)(.*) \|$", part, re.M)]


def say(good, what):
    print("ok" if good else "missing", what)


def everyday(data, mews, work, page, known):
    lines = [everyday_line(row[1]) for row in rows(f"{data}/tldr_commands.tsv")]
    found = [(index, name) for index, name in alerts(mews, work, lines) if known[name][0] != "informational"]
    counted = collections.Counter(name for _, name in found)
    judged = {row[0]: row[1] for row in section(page, "tldr-pages") if row[0] in known}
    for name in sorted(set(counted) | set(judged)):
        say(judged.get(name) == str(counted[name]), f"everyday: {name} alerts on {counted[name]} lines, docs/third-party.md says {judged.get(name)}")
    loud = [one for one in found if known[one[1]][0] in LOUD]
    print(f"tldr-pages: {len(lines)} lines, {len(found)} alerts, {len(loud)} of them medium and above on {len({i for i, _ in loud})} lines")


def attacks(data, mews, work, page, known):
    tests = rows(f"{data}/art_linux_commands.tsv")
    scripts = [re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t"}.get(match.group(1), match.group(1)), row[5]) for row in tests]
    tests = [(row[0], row[1]) for row in tests]
    found = {(tests[index], name) for index, name in alerts(mews, work, scripts) if known[name][0] != "informational"}
    seen = collections.Counter(technique for technique, _ in {test for test, _ in found})
    there = collections.Counter(technique for technique, _ in set(tests))
    for technique, name in NAMED:
        say(any(test[0] == technique and one == name for test, one in found), f"attack: {technique} by {name}")
    said = {}
    for row in section(page, "Atomic Red Team"):
        said.update(re.findall(r"(T\d{4}(?:\.\d{3})?) (\d+/\d+)", row[0]))
    # Never fewer than the page says; more is for the page to be brought up to date, and said here.
    for technique, figure in sorted(said.items()):
        least, of = map(int, figure.split("/"))
        say(seen[technique] >= least and there[technique] == of, f"attack: {technique} {seen[technique]}/{there[technique]}, the page says {figure}")
    for technique in sorted(seen):
        if seen[technique] > int(said.get(technique, "0/0").split("/", maxsplit=1)[0]):
            print(f"attack: {technique} {seen[technique]}/{there[technique]}, the page says {said.get(technique)}")
    other = {(name, technique) for (technique, _), name in found
             if technique.split(".")[0] not in {one.split(".")[0] for one in known[name][1]}}
    judged = {(row[0], row[1]) for row in section(page, "Other techniques") if row[0] in known}
    for name, technique in sorted(other | judged):
        say((name, technique) in other and (name, technique) in judged, f"attack: {name} on {technique}, as the page judges")
    print(f"Atomic Red Team: {len(set(tests))} tests, {len({test for test, _ in found})} of them alert, by {len(found)} detections in sum")


def main():
    data, mews, work, page = sys.argv[1:5]
    with open(page, encoding="utf-8") as text:
        page = text.read()
    known = catalog()
    everyday(data, mews, work, page, known)
    attacks(data, mews, work, page, known)


if __name__ == "__main__":
    main()
