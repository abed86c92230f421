"""Worst cases, what storing costs, and what a second thread brings."""
import os

from matching import START, lines_of, many_enough, per_event, replay, takes_jobs
from measuring import FULL, MEWS, QUICK, Table, in_turn, rate, run, times

MEGABYTES = 256 if FULL else 8 if QUICK else 96


def bench(inputs, report):
    worst(inputs, report)
    storing(inputs, report)
    threads(inputs, report)


def worst(inputs, report):
    """Each against the usual case: 300 made detections over usual events."""
    table = Table("worst", "Worst cases, one thread", ["what", "events/s", "MB/s", "time an event, of the usual"],
                  "Usual: 300 made detections over process events of 1.2 KB. The other catalogs have 300 detections, too, those that\n"
                  "backtrack 30.")
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
        size = os.path.getsize(path) / available
        first = first or each
        table.add([name, rate(1 / each), f"{size / each / 1e6:,.0f}", times(each / first)],
                  what=name, seconds=each, bytes=size, events=count)
    report.show(table)


def storing(inputs, report):
    """The same replay with its rows kept and not; of events that all alert, and of a catalog that alerts seldom."""
    table = Table("storing", "Storing a run's rows", 
                  ["catalog", "events/s, nothing stored", "events/s, stored", "speed when stored"],
                  "Into a new SQLite store each time. Every event alerts: one detection that holds for each process.")
    path = inputs.events("ecs", MEGABYTES)
    for name, catalog in (("300 made detections", inputs.catalog(300)), ("every event alerts", inputs.catalog(1, "every"))):
        count = many_enough(inputs, lambda piece, catalog=catalog: replay(catalog, piece), path, lines_of(path))
        small, large = inputs.first(path, START), inputs.first(path, count)

        def stored(piece, catalog=catalog):
            store = inputs.path("rows.db")
            for suffix in ("", "-wal", "-shm"):
                if os.path.exists(store + suffix):
                    os.remove(store + suffix)
            command = [word for word in replay(catalog, piece) if word != "--no-store"]
            command[command.index("--store") + 1] = store
            return run(command).cpu

        found = in_turn({"bare": per_event(inputs, catalog, path, count),
                         "kept": lambda: (stored(large) - stored(small)) / (count - START)})
        table.add([name, rate(1 / found["bare"]), rate(1 / found["kept"]), f"{found['bare'] / found['kept']:.2f}"],
                  catalog=name, **found)
    report.show(table)


def threads(inputs, report):
    if not takes_jobs():
        report.skip("two threads", "this mews has no --jobs")
        return
    if len(os.sched_getaffinity(0)) < 2:
        report.skip("two threads", "one processor")
        return
    table = Table("threads", "Two threads against one, seconds on the clock", ["catalog", "one thread", "two", "faster"])
    path = inputs.events("ecs", MEGABYTES * 4)
    for size in (100, 1000):
        catalog = inputs.catalog(size)
        count = lines_of(path)
        small, large = inputs.first(path, START), inputs.first(path, count)

        def seconds(jobs, catalog=catalog, small=small, large=large):
            return run(replay(catalog, large, jobs=jobs)).wall - run(replay(catalog, small, jobs=jobs)).wall

        found = in_turn({1: lambda: seconds(1), 2: lambda: seconds(2)})
        table.add([f"{size:,} detections, {count:,} events", f"{found[1]:.2f} s", f"{found[2]:.2f} s", times(found[1] / found[2])],
                  detections=size, one=found[1], two=found[2])
    report.show(table)
