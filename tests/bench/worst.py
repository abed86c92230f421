"""Worst cases, what storing costs, and what a second thread brings."""
import json
import os

from inputs import import_sigma, lines_of, sigma_sets
from matching import MEGABYTES as LARGE
from matching import SHORT, START, many_enough, per_event, replay, takes_jobs
from measuring import Table, in_turn, rate, run, times

MEGABYTES = max(8, SHORT // 4)


def bench(inputs, report):
    worst(inputs, report)
    storing(inputs, report)
    threads(inputs, report)


def marked(inputs, catalog, piece):
    """How many detections hit the match limit, as a replay's own statistics say; and the most that was resident, in MiB."""
    stats = inputs.path("stats.json")
    peak = run([*replay(catalog, piece), f"--stats={stats}"]).peak
    with open(stats, encoding="utf-8") as source:
        return sum(one["limited"] > 0 for one in json.load(source)["detections"]), peak


def worst(inputs, report):
    """Each against the usual case: 300 made detections over usual events."""
    table = Table("worst", "Worst cases, one thread",
                  ["what", "events/s", "MB/s", "time an event, of the usual", "MiB", "detections marked"],
                  "Usual: 300 made detections over process events of 1.2 KB. The other catalogs have 300 detections, too, those that\n"
                  "backtrack 30. Marked: they hit the match limit, the replay says so of each, and went on.")
    usual = inputs.events("ecs", MEGABYTES)
    cases = [("usual", inputs.catalog(300), usual),
             ("keys shuffled in each event", inputs.catalog(300), inputs.events("ecs", MEGABYTES // 2, "shuffled")),
             ("command lines of 64 KB", inputs.catalog(300), inputs.events("ecs", MEGABYTES * 2, "long")),
             ("no literal that an index could use", inputs.catalog(300, "hard"), usual),
             ("every event alerts, by every detection", inputs.catalog(300, "every"), usual),
             ("regexes that backtrack to their match limit", inputs.catalog(30, "evil"), usual)]
    first = None
    for name, catalog, path in cases:
        report.doing(f"worst cases: {name}")
        small = START // 10
        available = lines_of(path)
        count = min(available, many_enough(inputs, lambda piece, catalog=catalog: replay(catalog, piece), path, available, small))
        each = in_turn({"it": per_event(inputs, catalog, path, count, start=small)})["it"]
        limited, peak = marked(inputs, catalog, inputs.first(path, count))
        size = os.path.getsize(path) / available
        first = first or each
        table.add([name, rate(1 / each), f"{size / each / 1e6:,.2g}" if size / each < 1e7 else f"{size / each / 1e6:,.0f}",
                   times(each / first), f"{peak:.0f}", limited or "–"],
                  what=name, seconds=each, bytes=size, events=count, mebibytes=peak, limited=limited)
    report.show(table)


def storing(inputs, report):
    """The same events with rows kept and not, by a catalog that never alerts and by one that always does."""
    table = Table("storing", "Storing a run's rows",
                  ["catalog", "alerts an event", "events/s, nothing stored", "events/s, stored", "speed when stored, of none alerting"],
                  "Into a new SQLite store each time. The first two have one detection, that every event is asked for.")
    path, without = inputs.events("ecs", MEGABYTES), None
    for name, catalog in (("none alerts", inputs.catalog(1, "none")), ("every event alerts", inputs.catalog(1, "every")),
                          ("300 made detections", inputs.catalog(300))):
        report.doing(f"storing: {name}")
        count = many_enough(inputs, lambda piece, catalog=catalog: replay(catalog, piece), path, lines_of(path))
        small, large = inputs.first(path, START), inputs.first(path, count)

        def kept(catalog=catalog, small=small, large=large, count=count):
            return (stored(inputs, catalog, large).cpu - stored(inputs, catalog, small).cpu) / (count - START)

        found = in_turn({"bare": per_event(inputs, catalog, path, count), "kept": kept})
        alerts = json.loads(run([*replay(catalog, large), "--format", "json"]).output)["results"]
        alerts = sum(one[key] for one in alerts for key in ("tp", "btp", "fp", "unattributed", "unknown")) / count
        without = without or found["kept"]
        table.add([name, f"{alerts:.2f}", rate(1 / found["bare"]), rate(1 / found["kept"]), f"{without / found['kept']:.2f}"],
                  catalog=name, alerts=alerts, **found)
        if name == "every event alerts":
            report.aim("speed of a stored run that alerts on every event, of one that alerts on none", 0.5, without / found["kept"])
    report.show(table)


def stored(inputs, catalog, piece):
    store = inputs.path("rows.db")
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(store + suffix):
            os.remove(store + suffix)
    command = [word for word in replay(catalog, piece) if word != "--no-store"]
    command[command.index("--store") + 1] = store
    return run(command)


def corpora(inputs):
    """(name, catalog, file, its reader): public rules where they are, as they are what most will replay."""
    json_events = inputs.events("ecs", LARGE)
    found = [(f"{import_sigma(inputs, name, files)[2]:,} Sigma rules, JSON", import_sigma(inputs, name, files)[0], json_events,
              ("-r", "json", "-d", "ecs")) for name, files in sigma_sets().items() if name != "all rules"]
    if not found:
        found = [(f"{size:,} made, JSON", inputs.catalog(size), json_events, ("-r", "json", "-d", "ecs")) for size in (100, 1000)]
    log = inputs.audit(SHORT)
    if log:
        found.append(("150 made, audit log", inputs.catalog(150), log, ("-r", "auditd")))
    return [*found, ("150 made, CSV", inputs.catalog(150), inputs.events("csv", SHORT // 2), ("-r", "csv", "-d", "ecs"))]


def threads(inputs, report):
    if not takes_jobs():
        report.skip("two threads", "this mews has no --jobs")
        return
    if len(os.sched_getaffinity(0)) < 2:
        report.skip("two threads", "one processor")
        return
    table = Table("threads", "Two threads against one, seconds on the clock", ["detections", "bytes", "one thread", "two", "faster"],
                  "The whole command but what it takes for the first thousand lines. What else runs on the machine meanwhile counts\n"
                  "against two threads.")
    for name, catalog, path, reader in corpora(inputs):
        report.doing(f"two threads: {name}")
        small = inputs.first(path, START)

        def seconds(jobs, catalog=catalog, small=small, path=path, reader=reader):
            return (run(replay(catalog, path, jobs=jobs, reader=reader)).wall -
                    run(replay(catalog, small, jobs=jobs, reader=reader)).wall)

        found = in_turn({1: lambda: seconds(1), 2: lambda: seconds(2)})
        faster = found[1] / max(found[2], 1e-9)
        table.add([name, f"{os.path.getsize(path) / 1e6:,.0f} MB", f"{found[1]:.2f} s", f"{found[2]:.2f} s", times(faster)],
                  catalog=name, one=found[1], two=found[2])
        if "JSON" in name:
            report.aim(f"two threads, {name}: times one", 1.7, faster)
    report.show(table)
