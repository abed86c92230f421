"""Public Sigma rules by mews and by rsigma (Rust, crates.io), over the same processes: verdicts by rule, and time."""
import collections
import glob
import json
import os
import re
import subprocess

from inputs import PIECE, import_sigma, lines_of, logsource, sigma_sets
from matching import MEGABYTES, START, many_enough, per_event, replay
from measuring import QUICK, Table, in_turn, rate, run, times

VERSION = "0.23.0"
EVENTS = 4000 if QUICK else 50000


def program():
    """RSIGMA, or one that was built before; RSIGMA_INSTALL=1 builds it with cargo, which takes a quarter of an hour."""
    root = os.path.join(os.environ.get("XDG_CACHE_HOME", os.path.expanduser("~/.cache")), "mews/rsigma")
    found = os.environ.get("RSIGMA") or os.path.join(root, "bin/rsigma")
    if not os.access(found, os.X_OK) and os.environ.get("RSIGMA_INSTALL"):
        subprocess.run(["cargo", "install", "rsigma", "--locked", "--version", VERSION, "--root", root], check=False,
                       capture_output=True)
    return found if os.access(found, os.X_OK) else None


def theirs(rsigma, rules, path):
    return [rsigma, "engine", "eval", "-r", rules, "--logsource-routing", "--input-format", "json", "-q", "-e", "@" + path]


def their_counts(rsigma, rules, path):
    """Events by the rule's id. An event is a line for each rule."""
    counts = collections.Counter()
    for line in run(theirs(rsigma, rules, path)).output.decode().splitlines():
        found = json.loads(line)
        counts[found.get("rule_id") or found.get("id") or found.get("header", {}).get("rule_id")] += 1
    return counts


def linux_alone(path):
    piece = path + ".linux"
    with open(path, "rb") as source, open(piece, "wb", PIECE) as out:
        out.writelines(line for line in source if b'"os":{"type":"linux"' in line)
    return piece


def rules_for_linux(files):
    texts = [open(path, encoding="utf-8").read() for path in files]
    return {re.search(r"(?m)^id: *(\S+)", text).group(1) for text in texts if logsource(text, "product") == "linux"}


def our_counts(catalog, path):
    ids = {}
    for file in glob.glob(os.path.join(catalog, "detections", "*.yaml")):
        found = re.search(r"(?m)^id: (\S+)$", open(file, encoding="utf-8").read())
        ids[os.path.basename(file)[:-5]] = found.group(1)
    document = json.loads(run([*replay(catalog, path), "--format", "json"]).output)
    alerts = ("tp", "btp", "fp", "unattributed", "unknown")
    return {ids[one["detection"]]: sum(one[key] for key in alerts) for one in document["results"]}


def bench(inputs, report):
    sets, rsigma = sigma_sets(), program()
    if not sets:
        report.skip("rsigma", "SIGMA_RULES names no folder of Sigma rules")
        return
    if rsigma is None:
        report.skip("rsigma", "RSIGMA names no program (RSIGMA_INSTALL=1 builds it with cargo)")
        return
    table = Table("rsigma", f"The same Sigma rules by rsigma {VERSION}, with its routing by log source, one thread's worth of processor",
                  ["rules", "events", "mews, events/s", "rsigma, events/s", "rsigma takes", "rules that alert", "verdicts"],
                  "Same processes; mews reads them as ECS, rsigma with the flat names that the rules have. Verdicts: alerts counted by rule.\n"
                  "Rules for Linux are counted over Linux's events: rsigma asks them of no others, mews of all. Events: so many that a run\n"
                  "takes about a second, of mews; of rsigma; verdicts are of the latter.")
    ecs, flat = inputs.events("ecs", MEGABYTES), inputs.events("sigma", 64 if not QUICK else 8)
    for name in ("Linux process_creation", "all process_creation"):
        if name not in sets:
            continue
        catalog, rules, count = import_sigma(inputs, name, sets[name])
        pieces = {size: (inputs.first(ecs, size), inputs.first(flat, size)) for size in (START, EVENTS)}
        many = many_enough(inputs, lambda piece, catalog=catalog: replay(catalog, piece), ecs, lines_of(ecs))
        mine = our_counts(catalog, pieces[EVENTS][0])
        on_linux = our_counts(catalog, linux_alone(pieces[EVENTS][0]))
        mine.update({rule: on_linux[rule] for rule in rules_for_linux(sets[name]) & set(mine)})
        other = their_counts(rsigma, rules, pieces[EVENTS][1])
        differing = {rule: (mine.get(rule, 0), other.get(rule, 0)) for rule in {*mine, *other}
                     if mine.get(rule, 0) != other.get(rule, 0)}

        def their_seconds(size, rules=rules, pieces=pieces):
            return run(theirs(rsigma, rules, pieces[size][1])).cpu

        found = in_turn({"mews": per_event(inputs, catalog, ecs, many),
                         "rsigma": lambda: (their_seconds(EVENTS) - their_seconds(START)) / (EVENTS - START)})
        table.add([f"{count:,} {name}", f"{many:,}; {EVENTS:,}", rate(1 / found["mews"]), rate(1 / found["rsigma"]),
                   times(found["rsigma"] / found["mews"]), sum(1 for value in other.values() if value),
                   "equal" if not differing else f"{len(differing)} rules differ"],
                  rules=count, name=name, mews=found["mews"], rsigma=found["rsigma"], differing=differing,
                  alerts=sum(other.values()))
        report.aim(f"{count:,} Sigma rules: times as fast as rsigma", 10, found["rsigma"] / found["mews"], "{:.1f}")
    report.show(table)
    for row in table.figures:
        for rule, (ours, their) in sorted(row["differing"].items()):
            print(f"  {rule}: mews {ours}, rsigma {their}")
