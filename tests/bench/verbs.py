"""The other verbs: loading, importing, generating, verifying, sequences."""
import datetime
import glob
import json
import os
import random
import re
import shutil
import subprocess

from measuring import MEWS, QUICK, Table, exponent, helper, run


def timed(command):
    """Seconds on the clock and what it said, the better of two runs."""
    best = min((run(command) for _ in range(2)), key=lambda cost: cost.wall)
    return best.wall, best.output


def bench_load(inputs, report):
    table = Table("load", "Loading a catalog, and the plan of a replay",
                  ["detections", "from files", "into a new store", "again, nothing new", "plan"],
                  "Milliseconds. From files: read, parsed and checked. Plan: what a replay makes of it once, before the first event. Of both\n"
                  "the best of three.")
    points = []
    few = inputs.first(inputs.events("ecs", 4), 1)
    for count in (1000,) if QUICK else (300, 1000, 3000, 10000):
        folder, store = inputs.catalog(count), inputs.path("load.db")
        for stale in glob.glob(store + "*"):
            os.remove(stale)
        load = [MEWS, "--catalog", folder, "--store", store, "load"]
        new, again = run(load).wall, run(load).wall
        found = [json.loads(run([helper("verdicts"), folder, few, "json", "ecs", "0.01", "read"]).output) for _ in range(3)]
        parse, plan = (min(one[what] for one in found) for what in ("load_seconds", "plan_seconds"))
        points.append((count, parse, plan))
        table.add([f"{count:,}", *(f"{seconds * 1000:,.0f}" for seconds in (parse, new, again)), f"{plan * 1000:,.1f}"],
                  detections=count, parse=parse, store=new, again=again, plan=plan)
    if len(points) > 1:
        slopes = [exponent([(point[0], point[i]) for point in points[1:]]) for i in (1, 2)]
        table.add(["growth exponent from 1,000", f"{slopes[0]:.2f}", "", "", f"{slopes[1]:.2f}"], parse=slopes[0], plan=slopes[1])
        report.aim("loading 1,000 to 10,000 detections: growth exponent", 1.05, slopes[0], most=True)
        report.aim("planning 1,000 to 10,000 detections: growth exponent", 1.05, slopes[1], most=True)
    report.show(table)


SIGMA_COUNT = 3780 if not QUICK else 200


def sigma_rules(inputs):
    """A folder of SIGMA_COUNT rule files, and where they came from."""
    source = os.environ.get("SIGMA_RULES")
    if not source:
        packs = os.path.join(inputs.work, "packs")
        subprocess.run([MEWS, "--store", os.path.join(inputs.work, "packs.db"), "generate", "sigma", "--org", "plain", "-o", packs],
                       check=True, stdout=subprocess.DEVNULL)
        source = os.path.join(packs, "sigma", "plain", "rules")
    files = sorted(glob.glob(os.path.join(source, "**", "*.yml"), recursive=True))
    if not files:
        return None, 0
    folder = os.path.join(inputs.work, "sigma")
    os.makedirs(folder)
    for number in range(SIGMA_COUNT):
        shutil.copyfile(files[number % len(files)], os.path.join(folder, f"rule_{number:04d}.yml"))
    return folder, len(files)


def bench_import(inputs, table):
    folder, different = sigma_rules(inputs)
    if folder is None:
        return
    command = [MEWS, "--store", inputs.path("import.db"), "import", "sigma", folder, "--format", "json"]
    wall, output = timed(command)
    account = json.loads(output)
    bare = timed(["cat"] + sorted(glob.glob(os.path.join(folder, "*.yml"))))[0]
    table.add([f"import {SIGMA_COUNT:,} Sigma rules ({different:,} different)", f"{wall * 1000:,.0f} ms",
               f"{wall / bare:.0f}× reading their bytes; {account['taken']} taken exactly, {account['noted']} with a note, {account['refused']} refused"], what="import", seconds=wall)


def bench_generate(inputs, table):
    catalog = inputs.path("ten")
    shutil.copytree("rulesets", catalog, ignore=shutil.ignore_patterns("packs"))
    shipped = sorted(glob.glob(os.path.join(catalog, "organizations", "*.yaml")))
    texts = [(os.path.basename(path)[:-5], open(path, encoding="utf-8").read()) for path in shipped]
    for path in shipped:
        os.remove(path)
    for number in range(10):
        name, text = texts[number % len(texts)]
        with open(os.path.join(catalog, "organizations", f"{name}-{number}.yaml"), "w", encoding="utf-8") as out:
            out.write(re.sub(r"(?m)^name: .*$", f"name: {name}-{number}", text, count=1))
    project = inputs.path("ten.yaml")
    with open(project, "w", encoding="utf-8") as out:
        out.write("catalog: ten\nstore: ten.db\n")
    load = timed([MEWS, "--project", project, "load"])[0]
    command = [MEWS, "--project", project, "generate", "all", "--format", "json", "-o", inputs.path("out")]
    cost = run(command)
    wall, output = cost.wall, cost.output
    packs = json.loads(output)
    table.add([f"generate {len(packs)} packs, {sum(pack['rules'] for pack in packs):,} rules", f"{wall * 1000:,.0f} ms",
               f"{len({p['target'] for p in packs})} targets, plain and 10 organizations; {wall / load:.1f}× a load that finds nothing new"],
              what="generate", seconds=wall)


def bench_verify(inputs, table):
    """Every eighth detection: all take a minute."""
    names = [os.path.basename(path)[:-5] for path in sorted(glob.glob("rulesets/detections/*.yaml"))[::8]]
    command = [MEWS, "--store", inputs.path("verify.db"), "verify", "falco", "--org", "plain", "--made-only", "--format",
               "json", *(word for name in names for word in ("--rules", name))]
    cost = run(command)
    wall, output = cost.wall, cost.output
    packs = json.loads(output)
    packs = packs if isinstance(packs, list) else [packs]
    events = sum(pack["events"] for pack in packs)
    wrong = sum(len(pack["wrong_claims"]) for pack in packs)
    table.add([f"verify {len(names)} detections' Falco rules over {events:,} sights of made events", f"{wall * 1000:,.0f} ms",
               f"{events / wall / 1e3:,.0f} thousand a second, {wrong} wrong claims"], what="verify", seconds=wall, wrong=wrong)


SEQUENCES = {
    "alone": 'authentication where event.outcome == "failure" and user.name == "nobody"',
    "guessed": 'sequence by source.ip with maxspan=1h [authentication where event.outcome == "failure"] with runs=3 '
               '[authentication where event.outcome == "success"]',
    "sprayed": 'sequence by source.ip with maxspan=30m [authentication where true] with distinct(user.name)=10',
    "both": 'sample by user.name with maxspan=1m [authentication where event.outcome == "failure"] '
            '[authentication where event.outcome == "success"]',
}
DETECTION = """id: 2b0e0f3c-58a1-4d3e-9a55-0d5b8a5e1c11
name: x
title: X
status: experimental
severity: high
conditions: %s
tests:
  - {name: hit, event: {event.category: authentication, event.action: login, event.outcome: failure, user.name: nobody}, expect: match}
  - {name: miss, event: {event.category: log, event.action: other}, expect: no-match}
"""


def log_ins(path, count):
    """Several a second, a few of them out of order."""
    chance = random.Random(1)
    start = datetime.datetime(2026, 1, 1)
    with open(path, "w", encoding="utf-8") as out:
        for number in range(count):
            late = 3 if chance.random() < 0.01 else 0
            at = start + datetime.timedelta(seconds=number * 1.3 - late + 3)
            event = {"@timestamp": at.isoformat(timespec="milliseconds") + "Z",
                     "event": {"category": ["authentication"], "action": "login",
                               "outcome": "success" if chance.random() < 0.1 else "failure"},
                     "source": {"ip": f"10.{chance.randrange(4)}.{chance.randrange(256)}.{chance.randrange(256)}"},
                     "user": {"name": f"u{chance.randrange(500)}"}}
            out.write(json.dumps(event) + "\n")


def bench_sequences(inputs, table):
    count, walls, peaks = 20000 if QUICK else 200000, [], []
    events = inputs.path("log-ins.jsonl")
    log_ins(events, count)
    catalog = inputs.path("sequences")
    shutil.copytree("rulesets", catalog, ignore=shutil.ignore_patterns("packs", "detections", "organizations"))
    os.makedirs(os.path.join(catalog, "detections"))
    project = inputs.path("sequences.yaml")
    with open(project, "w", encoding="utf-8") as out:
        out.write("catalog: sequences\nstore: sequences.db\n")
    for names in (["alone"], list(SEQUENCES)):
        with open(os.path.join(catalog, "detections", "x.yaml"), "w", encoding="utf-8") as out:
            out.write(DETECTION % json.dumps({name: SEQUENCES[name] for name in names}))
        command = [MEWS, "--project", project, "replay", "--no-store", "-r", "json", "-d", "ecs", events]
        walls.append(timed(command)[0])
        peaks.append(run(command).peak)
    table.add([f"replay {count:,} log-ins with three sequences, 260,000 possible keys", f"{walls[1] * 1000:,.0f} ms",
               f"{walls[1] / walls[0]:.2f}× one plain condition, {(walls[1] - walls[0]) / count * 1e6:.1f} µs an event more; peak {peaks[1]:.0f} MiB "
               f"against {peaks[0]:.0f}"], what="sequences", seconds=walls[1], peak=peaks[1])


def bench(inputs, report):
    table = Table("verbs", "Other verbs, seconds on the clock", ["what", "time", "beside"])
    for part in (bench_import, bench_generate, bench_verify, bench_sequences):
        part(inputs, table)
    report.show(table)
