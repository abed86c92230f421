"""The replay as a whole, at catalogs of several sizes, beside other ways to the same verdicts."""
import json
import os
import shutil
import statistics

from inputs import import_sigma, lines_of, sigma_sets
from measuring import FULL, MEWS, QUICK, ROUNDS, Table, exponent, helper, in_turn, rate, run, times

SIZES = [int(size) for size in os.environ.get("BENCH_SIZES", "100 300 1000" if QUICK else "100 300 1000 3000 10000").split()]
START = 1000  # events: loading, planning and calibration cost the same whatever follows
SECONDS = 4.0 if FULL else 0.2 if QUICK else 1.2  # of one run, about
MEGABYTES = 24 if QUICK else 1024  # events for SECONDS, where a million a second are replayed
SHORT = 1024 if FULL else 24 if QUICK else 384
TIMES_AS_MANY = 10 if FULL else 4  # of SHORT's megabytes, to see that memory stays and time grows with them
# Of catalogs of real rules: (least and most detections, share of read-and-parse, times SQL's speed).
AIMS = ((100, 200, 0.55, 60), (1200, 2000, 0.35, 300), (2500, 5000, 0.25, None))
PAIRS = 2 if QUICK else 12  # more rounds of reading and replay, for shares that are aimed at: a single one is off by 5 %


def takes_jobs():
    return b"--jobs" in run([MEWS, "help", "replay"]).output


def replay(catalog, path, *more, reader=("-r", "json", "-d", "ecs"), jobs=1):
    count = ["--jobs", str(jobs)] if takes_jobs() else []
    return [MEWS, "--catalog", catalog, "--store", os.path.join(os.path.dirname(path), "unused.db"), "replay",
            "--no-store", *reader, *count, *more, path]


def ask(catalog, path, seconds, *ways):
    """What tests/bench/verdicts.c says of the ways to verdicts: seconds of each an event."""
    return json.loads(run([helper("verdicts"), catalog, path, "json", "ecs", str(seconds), *ways]).output)


def many_enough(inputs, command_of, path, available, start=START):
    """So many events that one run takes about SECONDS beside its start: more and more until one takes a good part of that."""
    base, count = run(command_of(inputs.first(path, start))).cpu, start * 4
    while True:
        count = min(count, available)
        took = run(command_of(inputs.first(path, count))).cpu - base
        if count == available or took > SECONDS / 4:
            return int(min(available, max(start * 2, count * SECONDS / max(took, 1e-3))))
        count *= 4


def per_event(inputs, catalog, path, count, start=START, **how):
    """Seconds an event: a run over `count` events less one over the first `start`."""
    small, large = inputs.first(path, start), inputs.first(path, count)
    return lambda: max(1e-9, (run(replay(catalog, large, **how)).cpu - run(replay(catalog, small, **how)).cpu) / (count - start))


def measure(inputs, catalog, path, available, pairs=0):
    """{way: seconds an event} and ways' shares of the replay, as medians of rounds that go through all ways in turn; and what
    was compared. `pairs`: so many rounds more of reading and replay alone."""
    count = many_enough(inputs, lambda piece: replay(catalog, piece), path, available)
    once, found = per_event(inputs, catalog, path, count), []
    lines = [helper("reading"), "lines", inputs.first(path, min(available, 100000))]
    for _ in range(ROUNDS):
        asked = ask(catalog, path, SECONDS / 3)
        size, number, _, seconds, *_ = run(lines).output.split()
        one = dict(asked, replay=once(), lines=float(seconds) / int(number))
        one["plain"] += one["read"]
        found.append(dict(one, **{f"{way}_share": one[way] / one["replay"] for way in ("lines", "read", "plain", "sql")}))
    for _ in range(pairs):
        read, one = ask(catalog, path, SECONDS / 3, "read")["read"], once()
        found.append({"read": read, "replay": one, "read_share": read / one})
    taken = {key: statistics.median(one[key] for one in found if key in one) for key in found[0]}
    return dict(taken, count=count, differ=max(one.get("differ", 0) for one in found),
                sample=min(one["sample"] for one in found if "sample" in one))


def catalogs(inputs, report):
    """(name, detections, folder): made ones, and the public rules where they are."""
    found = [(f"{size:,} made", size, inputs.catalog(size)) for size in SIZES]
    sets = sigma_sets()
    if not sets:
        report.skip("public rules", "SIGMA_RULES names no folder of Sigma rules; all detections below are made")
    for name, files in sets.items():
        folder, _, count = import_sigma(inputs, name, files)
        found.append((f"{count:,} Sigma, {name}", count, folder))
    return found


def aim(report, count, share, sql):
    """Where the catalog is of real rules."""
    for least, most, asked, asked_sql in AIMS:
        if least <= count <= most:
            report.aim(f"{count:,} Sigma rules: speed, as a share of read-and-parse", asked, share)
            if asked_sql:
                report.aim(f"{count:,} Sigma rules: times as fast as SQL", asked_sql, sql, "{:,.0f}")


def bench(inputs, report):
    path = inputs.events("ecs", MEGABYTES)
    available = lines_of(path)
    size = os.path.getsize(path) / available
    table = Table("replay", f"mews replay, whole, one thread: process events of {size:,.0f} bytes, by catalog",
                  ["detections", "events", "events/s", "MB/s", "of reading lines", "of read-and-parse",
                   "plain takes", "SQL takes", "verdicts"],
                  "Of reading lines, of read-and-parse: the replay's speed as a share of reading the same lines alone, and of making\n"
                  "events of them with the fields that the detections ask for. Plain takes, SQL takes: how many times as long the plain\n"
                  "evaluator takes (reading included), over a sample, and one SELECT for each detection over an in-memory SQLite table that\n"
                  "is filled already with 100,000 of the events, so that no processor's cache holds it: over a table of 5,000 events SQLite\n"
                  "needs a third less. Of more than 150 detections SQL is asked every n-th there. Verdicts: detections whose counts were\n"
                  "compared between replay engine, plain evaluator and SQL, all over the sample.")
    made = []
    for name, count, folder in catalogs(inputs, report):
        report.doing(f"replay with {name} detections")
        found = measure(inputs, folder, path, available, PAIRS if "Sigma" in name else 0)
        each = max(found["replay"], 1e-9)
        compared = f"{count - found['left_out']:.0f} equal" if not found["differ"] else f"{found['differ']:.0f} DIFFER"
        table.add([name, f"{found['count']:,}", rate(1 / each), f"{size / each / 1e6:,.0f}", f"{found['lines_share']:.3f}",
                   f"{found['read_share']:.2f}", times(found["plain_share"]), times(found["sql_share"]), compared],
                  catalog=name, bytes_per_event=size, **found)
        if not name.endswith("made"):
            aim(report, count, found["read_share"], found["sql_share"])
        if name.endswith("made"):
            made.append((count, each))
    report.show(table)
    growth(inputs, report, path, available, made)


def growth(inputs, report, path, available, made):
    if len(made) < 2:
        report.skip("growth", "catalogs of two sizes (BENCH_SIZES)")
        return
    table = Table("growth", "Growth", ["what", "exponent", "over"],
                  "Slope in log-log: 1 is linear, 0 does not grow.")
    middle = [point for point in made if 300 <= point[0] <= 3000] or made
    slope = exponent(middle)
    sizes = " ".join(f"{count:,}" for count, _ in middle)
    table.add(["seconds an event by detections", "–" if slope is None else f"{slope:.2f}", f"{sizes} detections"],
              what="detections", exponent=slope)
    share = middle[0][1] / middle[-1][1]
    table.add([f"throughput at {middle[-1][0]:,} detections, of that at {middle[0][0]}", f"{share:.2f}", "aim: above 0.5"],
              what="throughput", share=share)
    if (middle[0][0], middle[-1][0]) == (300, 3000):
        report.aim("speed at 3,000 made detections, of that at 300", 0.5, share)
    catalog = inputs.catalog(1000)
    counts = [available // 16, available // 4, available]
    per = max(1e-7, made[-1][1])
    counts = [int(min(count, SECONDS * 2 / per * count / available)) for count in counts]
    costs = in_turn({count: per_event(inputs, catalog, path, count) for count in counts if count > START * 2})
    slope = exponent([(count - START, each * (count - START)) for count, each in costs.items()])
    sizes = " ".join(f"{count:,}" for count in costs)
    table.add(["seconds by events", "–" if slope is None else f"{slope:.2f}", f"{sizes} events, 1,000 detections"],
              what="events", exponent=slope)
    report.show(table)
    memory(inputs, report, path, counts)


def memory(inputs, report, path, counts):
    table = Table("memory", "Peak memory", ["what", "MiB"],
                  "The most that was resident, by the kernel's account; 1,000 detections unless said otherwise.")
    for count in (START, counts[0], counts[-1]):
        peak = run(replay(inputs.catalog(1000), inputs.first(path, count))).peak
        table.add([f"{count:,} events", f"{peak:.0f}"], events=count, mebibytes=peak)
    for size in (100, 10000):
        peak = run(replay(inputs.catalog(size), inputs.first(path, START))).peak
        table.add([f"{START:,} events, {size:,} detections", f"{peak:.0f}"], events=START, detections=size, mebibytes=peak)
    report.show(table)
    long_run(inputs, report, path)


def long_run(inputs, report, path):
    """The file, and one that is several times as long and goes on in time: memory and time beside its size."""
    large = SHORT * TIMES_AS_MANY
    if shutil.disk_usage(inputs.work).free < (large + 2048) << 20:
        report.skip("a long run", f"{large / 1024:.0f} GiB of room in {inputs.work} (TMPDIR names another folder)")
        return
    table = Table("long", "A file, and one that is several times as long", ["size", "events", "processor seconds", "events/s", "MiB"],
                  "1,000 made detections, one thread; made events whose time and processes go on.")
    costs = []
    for megabytes in (SHORT, large):
        piece = inputs.events("ecs", megabytes)
        costs.append(run(replay(inputs.catalog(1000), piece)))
        cost, count, size = costs[-1], lines_of(piece), os.path.getsize(piece)
        table.add([f"{size / 1e9:.1f} GB", f"{count:,}", f"{cost.cpu:.1f}", rate(count / cost.cpu), f"{cost.peak:.0f}"],
                  bytes=size, events=count, seconds=cost.wall, cpu=cost.cpu, mebibytes=cost.peak)
    os.remove(inputs.events("ecs", large))
    longer, more = costs[1].cpu / costs[0].cpu / TIMES_AS_MANY, costs[1].peak / costs[0].peak
    table.add(["of that which the size would give", "", f"{longer:.2f}", "", f"{more / TIMES_AS_MANY:.2f}"], time=longer, memory=more)
    report.aim(f"{TIMES_AS_MANY} times as many events: time an event, of that before", 1.1, longer, most=True)
    report.aim(f"{TIMES_AS_MANY} times as many events: memory, of that before", 1.2, more, most=True)
    report.show(table)
