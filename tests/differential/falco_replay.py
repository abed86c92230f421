#!/usr/bin/env python3
"""The real Falco replays a capture: falco_replay.py fields|alerts|cut …

  fields HELPER FALCO PLUGIN CAPTURE…            values of each event, as scap.py compares sysdig's
  alerts HELPER FALCO PLUGIN CAPTURE RULES JSON ORG  alerts of a pack, and those of `mews replay --as falco --alerts -f json`
  cut CAPTURE MOST                               only the blocks within the first MOST bytes stay in the file

Events are matched in their order by time, thread and type; an event that is the beginning of a call has no result.
"""
import collections
import json
import os
import re
import subprocess
import sys
import tempfile

import scap

FIELDS = """evt.res evt.rawres evt.failed evt.is_open_read evt.is_open_write evt.is_open_create
proc.pid proc.ppid proc.name proc.exe proc.exepath proc.args proc.cmdline proc.exeline proc.cwd proc.pname proc.pexe proc.pexepath
proc.pcmdline proc.tty proc.vpid proc.sid proc.vpgid user.uid user.name user.loginuid user.loginname group.gid group.name
thread.cap_permitted thread.cap_effective container.id container.name container.type container.image.repository
container.image.tag container.privileged k8s.pod.name k8s.ns.name
fd.name fd.num fd.directory fd.filename fd.cip fd.cport fd.sip fd.sport fd.l4proto fs.path.name fs.path.source fs.path.target
evt.arg.name evt.arg.flags evt.arg.path evt.arg.addr evt.arg.tuple evt.arg.oldpath evt.arg.newpath evt.arg.target
evt.arg.linkpath evt.arg.dev evt.arg.dir evt.arg.type evt.arg.filename evt.arg.exe evt.arg.uid evt.arg.euid evt.arg.request
evt.arg.nstype evt.arg.sig evt.arg.status""".split()

# (fields, when, why), like scap.py's
KNOWN = [
    (r"fd\..*|fs\..*|evt\.arg\.(addr|tuple)", scap.failed, "a call that failed keeps what it was given"),
    (r"evt\.arg\..*", scap.absent, "Falco drops the beginnings of calls, and some of their arguments with them"),
    (r"evt\.arg\.e?uid", lambda o, t: True, "ids that are arguments stay numbers"),
    (r"(container|proc|user|group)\..*", scap.unknown, "of a thread that the capture does not introduce nothing is said"),
    (r"evt\.(failed|is_open_.*)|container\.privileged", scap.says("false"), "Falco says false where there is nothing to say"),
    (r"(user|group)\.(name|loginname)", lambda o, t: not o.get("user.name") or "group.name" not in o,
     "ids that the capture has no name for are looked up by Falco on its own machine"),
    (r"fd\.(l4proto|name)", lambda o, t: o["evt.type"] in ("bind", "connect") and t in ("<NA>", "<unknown>"),
     "Falco forgets the protocol of a socket of IPv6 that is bound to no port or is IPv4 after all"),
    (r"(container|user|group)\..*", lambda o, t: "/" in text(o["falco"].get("container.id")),
     "Falco takes the last part of a session's control group for a container"),
    (r"container\.image\.repository", scap.absent, "older captures have the image's name alone, which Falco leaves there"),
    (r"(user|group)\.name", lambda o, t: t == "<NA>" and o.get("container.id") != "host",
     "Falco looks up ids of containers in the container alone"),
    (r"proc\.ppid", scap.absent, "Falco has no number of a parent of which it knows nothing else"),
    (r"fd\.num", lambda o, t: t == "-100", "the working directory is no descriptor"),
    (r"fd\.directory", lambda o, t: t == "/" and "fd.name" not in o, "Falco has a directory of a descriptor that it does not know"),
]


def run_falco(falco, plugin, capture, rules, extra):
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "falco.yaml")
        with open(config, "w") as out:
            json.dump({
                "engine": {"kind": "replay", "replay": {"capture_file": os.path.abspath(capture)}},
                "load_plugins": ["container"],
                "plugins": [{"name": "container", "library_path": plugin, "init_config": ""}],
                "json_output": True, "stdout_output": {"enabled": True}, "rules_files": [os.path.abspath(rules)],
                "rule_matching": "all", "append_output": [{"extra_fields": extra}], "buffered_outputs": True,
            }, out)
        run = subprocess.run([falco, "-c", config], capture_output=True, cwd=folder)
    alerts = [json.loads(line) for line in run.stdout.decode("utf-8", "replace").splitlines() if line.startswith("{")]
    return alerts, run.stdout.decode("utf-8", "replace") + run.stderr.decode("utf-8", "replace")


def all_events(falco, plugin, capture, types, fields=()):
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as rules:
        rules.write("- rule: all\n  desc: all\n  condition: evt.type in (%s)\n  output: x\n  priority: DEBUG\n" % ", ".join(types))
        rules.flush()
        alerts, errors = run_falco(falco, plugin, capture, rules.name,
                                   ["evt.num", "evt.rawtime", "thread.tid", "evt.type", "evt.res"] + list(fields))
    return [alert["output_fields"] for alert in alerts], errors


def types_of(ours):
    return sorted({e["evt.type"] for e in ours} | {"execve", "accept4"})  # older captures call accept4 accept


def pairs_of(ours, theirs):
    """Events of both in order; None where Falco shows none."""
    at = 0
    for event in ours:
        for i in range(at, len(theirs)):
            other = theirs[i]
            same = (other["evt.rawtime"] == event["evt.rawtime"] and str(other["thread.tid"]) == event["thread.tid"] and
                    other["evt.type"] in (event["evt.type"], event["evt.type"] + "4"))
            begins = other.get("evt.res") is None and "evt.res" in event
            if same and not begins:
                at = i + 1
                yield event, other
                break
            if other["evt.rawtime"] > event["evt.rawtime"]:
                yield event, None
                break
        else:
            yield event, None


def text(value):
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def same(field, ours, theirs):
    if ours == theirs or (ours in scap.MISSING and theirs in scap.MISSING):
        return True
    return theirs in ("-1", "4294967295", "0") and ours == ""


def fields(helper, falco, plugin, captures):
    differing, known = collections.defaultdict(list), collections.Counter()
    events = values = 0
    patterns = [(re.compile("(?:%s)$" % p), when, why) for p, when, why in KNOWN]
    for capture in captures:
        ours, account = scap.ours_of(helper, capture)
        theirs, errors = all_events(falco, plugin, capture, types_of(ours), FIELDS[1:])
        if ours and not theirs:
            known["Falco cannot read the capture: %s" % (errors.strip().splitlines() or ["?"])[-1][-100:]] += 1
            continue
        for event, other in pairs_of(ours, theirs):
            events += 1
            if other is None:
                differing["event"].append((capture, event["evt.num"], event["evt.type"], "Falco shows no such event"))
                continue
            event["falco"] = other
            for field in FIELDS:
                a, b = text(event.get(field)), text(other.get(field))
                values += 1
                if same(field, a, b):
                    continue
                why = next((w for p, when, w in patterns if p.match(field) and when(event, b)), None)
                if why:
                    known[why] += 1
                else:
                    differing[field].append((capture, event["evt.num"], event["evt.type"], "%r, Falco: %r" % (a, b)))
    scap.report(known, differing)
    print("%d captures, %d events, %d values, %d differing" % (len(captures), events, values, sum(map(len, differing.values()))))
    return 1 if differing or not events else 0


def alerts(helper, falco, plugin, capture, rules, report, organization):
    ours, _ = scap.ours_of(helper, capture)
    theirs, errors = all_events(falco, plugin, capture, types_of(ours))
    line_of = {other["evt.num"]: event["evt.num"] for event, other in pairs_of(ours, theirs) if other}
    with open(report) as file:
        document = json.load(file)
    listed = [a for a in document["alerts"] if a["organization"] == organization]
    detections = {r["detection"] for r in document["results"]}
    given, errors = run_falco(falco, plugin, capture, rules, ["evt.num"])
    theirs, rule_of = collections.Counter(), {}
    for alert in given:
        # a rule of twins, which say the same, alerts for each of their detections
        for name in [tag for tag in alert["tags"] if tag in detections] or [alert["rule"]]:
            key = (name, line_of.get(alert["output_fields"]["evt.num"]))
            theirs[key] += 1
            rule_of[key] = alert["rule"]
    mine = {(a["detection"], a["line"]) for a in listed}
    missed, extra = sorted(mine - set(theirs)), sorted(set(theirs) - mine, key=str)
    types = {e["evt.num"]: e for e in ours}
    for title, places in (("mews alone", missed), ("Falco alone", extra)):
        named = [(rule_of.get(place) or place[0], place[1]) for place in places]
        for name, count in collections.Counter(n for n, _ in named).items():
            where = [line for n, line in named if n == name][:3]
            print("%s: %s in %d, as %s" % (title, name, count, "; ".join(
                "%s %s" % (w, types.get(w, {}).get("proc.cmdline", "")[:60]) for w in where)))
    print("%d alerts of both, %d of mews alone, %d of Falco alone" % (len(mine & set(theirs)), len(missed), len(extra)))
    return 1 if missed or extra or not mine else 0


def cut(capture, most):
    with open(capture, "rb") as file:
        whole = file.read()
    at = 0
    while at + 8 <= len(whole):
        end = at + int.from_bytes(whole[at + 4:at + 8], "little")
        if end > int(most) or end <= at:
            break
        at = end
    with open(capture, "wb") as file:
        file.write(whole[:at])
    print("%d of %d bytes" % (at, len(whole)))
    return 0


if __name__ == "__main__":
    what, rest = sys.argv[1], sys.argv[2:]
    if what == "cut":
        sys.exit(cut(*rest))
    sys.exit(fields(rest[0], rest[1], rest[2], rest[3:]) if what == "fields" else alerts(*rest))
