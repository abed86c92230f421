#!/usr/bin/env python3
"""Projects whose reports are hard to write. All of it is synthetic: made here, of a fixed seed, for report-formats.sh.

report_projects.py hostile FOLDER   texts that mean something in XML, JSON, Markdown, HTML, CSV and to terminals
report_projects.py big FOLDER       150 detections, 5 organizations, misses, false positives and known gaps
report_projects.py empty FOLDER     a recording without a line
report_projects.py change FOLDER    what somebody did to the hostile project: a name, a condition, an exception, all of them hostile
report_projects.py manifests FILE N one YAML stream of N privileged pods
"""
import json
import pathlib
import random
import sys
import uuid

# One of each kind: markup, quotes, ends of CDATA and of code spans, pipes, mentions, links, formulas, control characters,
# writing from right to left, bytes that are wide or join, what is no character.
HOSTILE = ("|x| `code` ``two`` <script>alert(1)</script> <!-- --> ]]> </failure> &amp; \"quoted\" 'single' \\| \\ a\\|b "
           "@everyone root@mail.example #1 !2 GH-3 https://evil.example/a(b) www.evil.example [text](https://evil.example) "
           "*bold* _it_ ~~gone~~ $x$ {0} {{0}} %s \x1b[31m\x07\x00\x7f \u0085\u2028\u202e\u2066 \uFFFE \U0001F433 漢字 e\u0301 end")
FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"]


def write(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode("utf-8", "surrogateescape"))


def yaml_text(text):
    """A double-quoted scalar; YAML itself has no room for U+FFFE and U+0000."""
    kept = [c for c in text if c not in "\x00\x07\x7f\uFFFE"]
    return "".join(["\"", *(c if ord(c) > 0xFFFF else json.dumps(c)[1:-1] for c in kept), "\""])


def detection(name, severity, process, title, description, techniques):
    return f"""id: {uuid.uuid5(uuid.NAMESPACE_URL, name)}
name: {name}
title: {yaml_text(title)}
description: {yaml_text(description)}
status: test
severity: {severity}
techniques: [{", ".join(techniques)}]
surface: host
author: a test
date: 2026-01-01
references: [https://example.com/a]
false_positives: [{yaml_text(description[:200])}]
conditions:
  one: process where process.name == "{process}" and process.args like "*"
tests:
  - {{name: other, event: {{event.category: log, event.action: other, message: x}}, expect: no-match}}
  - {{name: same, event: {{event.category: process, event.action: exec, process.name: {process}, process.args: [a]}}, expect: match}}
"""


def execution(second, name, args, user="ann"):
    clock = f"2026-05-{1 + second // 86400:02}T{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}Z"
    return json.dumps({"@timestamp": clock, "host": {"name": "h"}, "user": {"name": user},
                       "event": {"category": ["process"], "action": "exec"},
                       "process": {"name": name, "args": args, "pid": 7}})


def dataset(folder, name, rows, episodes, use="develop", more=""):
    write(folder / "corpus" / name / "events.jsonl", "".join(row + "\n" for row in rows))
    write(folder / "corpus" / name / "corpus.yaml", f"name: {name}\nformat: json\ndialect: ecs\nfiles: [events.jsonl]\n"
          f"use: {use}\norigin: synthetic, made by a test\nlicense: CC0-1.0\ndefault: benign\n{more}"
          + ("episodes:\n" + "".join(episodes) if episodes else ""))


def episode(name, first, last, label, expects, gap=None):
    return (f"  - name: {yaml_text(name)}\n    lines: [{first}, {last}]\n    label: {label}\n    expects: [{', '.join(expects)}]\n"
            + (f"    gap: {yaml_text(gap)}\n" if gap else ""))


def hostile(folder):
    catalog = folder / "catalog"
    for name, severity in (("noisy", "critical"), ("missing", "high"), ("quiet", "informational")):
        write(catalog / f"detections/{name}.yaml",
              detection(name, severity, name, HOSTILE, HOSTILE, ["T1611", "T1552.007"]))
    exception = ("exceptions:\n  - {name: old, detections: [noisy], condition: 'user.name == \"x\"', reason: %s, owner: o,"
                 " expires: 2020-01-01}\n  - {name: soon, detections: [noisy], condition: 'user.name == \"y\"', reason: r, owner: o,"
                 " expires: 2026-06-11}\n" % yaml_text(HOSTILE))
    write(catalog / "organizations/shop.yaml", f"name: shop\ntitle: {yaml_text(HOSTILE)}\nbudget: {{alert_groups_per_day: 0.5}}\n{exception}")
    write(catalog / "organizations/farm.yaml", "name: farm\nmonitor: {disable: [missing], minimum_severity: low}\n")
    arguments = [HOSTILE, *FORMULAS]
    rows = [execution(i * 3600, "noisy", arguments, user=(FORMULAS + [HOSTILE])[i % 7]) for i in range(30)]
    rows += [execution(120000 + i, "other", ["x"]) for i in range(10)]
    rows += [execution(130000, "quiet", [HOSTILE])]
    dataset(folder, "set", rows, [episode(HOSTILE, 31, 35, "malicious", ["missing"]),
                                  episode("=cmd|' /C calc'!A0", 36, 40, "malicious", ["missing"], gap=HOSTILE),
                                  episode("seen", 41, 41, "malicious", ["quiet", "noisy"])])


def big(folder):
    choice = random.Random(20260601)
    catalog = folder / "catalog"
    severities = ["informational", "low", "medium", "high", "critical"]
    names = [f"detection-with-a-long-name-{i:03}" for i in range(150)]
    for i, name in enumerate(names):
        write(catalog / f"detections/{name}.yaml", detection(
            name, severities[i % 5], f"d{i}", f"Detection {i}", "words " * 40,
            choice.sample(["T1611", "T1610", "T1609", "T1613", "T1552.007", "T1528", "T1059", "T1098.006"], 2)))
    for i in range(5):
        write(catalog / f"organizations/organization-{i}.yaml", f"name: organization-{i}\ntitle: Organization {i}\n"
              "budget: {alert_groups_per_day: 10}\n" + ("monitor: {minimum_severity: medium}\n" if i == 4 else ""))
    rows, episodes = [], []
    for i, name in enumerate(names):
        first = len(rows) + 1
        rows += [execution(len(rows) * 40 + k, f"d{i}" if i % 4 else "other", ["run", str(k)]) for k in range(3)]
        episodes.append(episode(f"attack-{i}", first, len(rows), "malicious", [name],
                                gap="a known gap, " + "and why it is one, " * 10 if i % 8 == 0 else None))
    rows += [execution(len(rows) * 40, f"d{choice.randrange(150)}", ["work", "x" * 200]) for _ in range(4000)]
    dataset(folder, "held", rows, episodes, use="hold-out")


GATES = """catalog: catalog
corpus: corpus
store: mews.db
gates:
  minimum_recall: {critical: 0.9, informational: 0.1}
  lost_episodes: 0
  new_false_positives: 0
  new_blind: 0
  exceptions: {limit: not_expired, within: 30d}
  maximum_alert_groups_per_day: budget
  maximum_cost_growth: 1.5x
"""


def change(folder):
    write(folder / "mews.yaml", GATES)
    path = folder / "catalog/detections/quiet.yaml"  # loses its episode, for a reason that is hard to write down
    text = path.read_text().replace('process.name == "quiet"', 'process.name == "a|b`<c>@all`"').replace(
        "process.name: quiet,", 'process.name: "a|b`<c>@all`",')
    write(path, text)
    missing = (folder / "catalog/detections/missing.yaml").read_text()
    (folder / "catalog/detections/missing.yaml").unlink()
    write(folder / "catalog/detections/renamed.yaml", missing.replace("name: missing", "name: renamed", 1).replace(
        'process.name == "missing"', 'process.name == "other"').replace("process.name: missing,", "process.name: other,"))
    for path in (folder / "catalog/organizations/farm.yaml", folder / "corpus/set/corpus.yaml"):
        write(path, path.read_text().replace("[missing]", "[renamed]"))


def empty(folder):
    write(folder / "catalog/detections/some.yaml",
          detection("some", "low", "x", "Some", "Some.", ["T1611"]))
    dataset(folder, "nothing", [], [])


def manifests(path, count):
    pod = ("apiVersion: v1\nkind: Pod\nmetadata: {name: p%d}\nspec:\n  hostPID: true\n  hostNetwork: true\n  containers:\n"
           "    - name: c%d\n      image: a:1\n      securityContext: {privileged: true}\n")
    write(pathlib.Path(path), "---\n".join(pod % (i, i) for i in range(int(count))))


if __name__ == "__main__":
    kind, where = sys.argv[1:3]
    if kind == "manifests":
        manifests(where, sys.argv[3])
    else:
        {"hostile": hostile, "big": big, "empty": empty, "change": change}[kind](pathlib.Path(where))
