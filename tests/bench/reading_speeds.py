"""Reading alone: each format as records and as events, beside reading its lines and beside other libraries on the same bytes."""
import os
import re
import subprocess

from inputs import lines_of
from matching import per_event
from measuring import FULL, QUICK, Table, helper, in_turn, run, times

MEGABYTES = 256 if FULL else 8 if QUICK else 64
WALK = "libauparse over the file"  # what audit_read calls it
WANTED = ("event.category event.action event.outcome @timestamp host.name user.id user.name process.pid process.name "
          "process.executable process.args process.command_line process.working_directory process.parent.pid "
          "process.parent.name process.parent.executable").split()


def figure(*arguments):
    """GB/s of one pass of tests/bench/reading.c, and lines a second."""
    size, lines, _, seconds, *_ = run([helper("reading"), *arguments]).output.decode().split()
    return int(size) / float(seconds) / 1e9, int(lines) / float(seconds)


def bench(inputs, report):
    table = Table("reading", "Reading, one thread", ["what", "GB/s", "lines/s", "of its lines alone", "of the library"],
                  f"Records and events with {len(WANTED)} wanted fields, best of three passes. The library: jansson for JSON, libcsv with\n"
                  "empty callbacks for CSV, on the same bytes.")

    def section(path, what, ways, library=None):
        lines = figure("lines", path)[0]
        beside = figure(library, path)[0] if library else None
        table.add([f"{what}: lines alone", f"{lines:.2f}", "", "1.00", ""], what=what, way="lines", gigabytes=lines)
        for name, arguments in ways.items():
            speed, each = figure(*arguments)
            of_library = speed / beside if beside else None
            table.add([f"{what}: {name}", f"{speed:.2f}", f"{each / 1e6:.2f} M", f"{speed / lines:.2f}", times(of_library) if beside else ""],
                      what=what, way=name, gigabytes=speed, lines=each, of_lines=speed / lines, of_library=of_library)

    path = inputs.events("ecs", MEGABYTES)
    section(path, "JSON, ECS", {"records": ("records", "ecs", path, *WANTED), "events": ("events", "json", "ecs", path, *WANTED)},
            "jansson")
    path = inputs.events("ecs", MEGABYTES // 2, "shuffled")
    section(path, "JSON, keys shuffled", {"events": ("events", "json", "ecs", path, *WANTED)})
    path = inputs.events("falco", MEGABYTES // 2)
    section(path, "JSON, Falco's alerts", {"events": ("events", "json", "falco", path, *WANTED)})
    path = inputs.events("csv", MEGABYTES)
    section(path, "CSV", {"rows": ("rows", "ecs", path, *WANTED), "events": ("events", "csv", "ecs", path, *WANTED)}, "csv")
    path = inputs.path("syslog.log")
    subprocess.run([helper("reading"), "make", "syslog", path, str(MEGABYTES // 2)], check=True)
    section(path, "syslog", {"events": ("events", "syslog", "syslog", path)})
    report.show(table)
    audit(inputs, report)


def audit(inputs, report):
    log = inputs.audit(MEGABYTES)
    if log is None:
        report.skip("reading audit logs", "no recorded log is in corpus/")
        return
    table = Table("audit", "Audit log, tiled with fresh serials, one thread",
                  ["what", "records/s", "MB/s", "of libauparse's walk"],
                  "libauparse walks all fields of the same records and does nothing with them; decoded: values as they are meant\n"
                  "(exe=2F… as a path), as ours are. Replay: grouped to events, derivation, 150 made detections, measures.")
    size = os.path.getsize(log)
    form = re.compile(r"(?m)^audit +(.+?) +([\d.]+) s +(\d+) events +(\d+) records")

    def read(*more):
        return [(name, int(records) / float(seconds), int(records)) for name, seconds, _, records in
                form.findall(run([helper("audit_read"), "rulesets", log, *more]).output.decode())]

    found = read("3")
    count = max(records for _, _, records in found)
    library = any(name == WALK for name, _, _ in found)
    # What the ratio is of is taken in the same rounds, one after the other.
    ways = {"it": per_event(inputs, inputs.catalog(150), log, lines_of(log), reader=("-r", "auditd"))}
    if library:
        ways["walk"] = lambda: 1 / read("1", WALK)[0][1]
    seconds = in_turn(ways)
    each, walk = seconds["it"], 1 / seconds["walk"] if library else None
    found = [(name, walk if name == WALK else speed, records) for name, speed, records in found]
    found.append(("mews replay, 150 made detections", 1 / each, count))
    for name, speed, _ in found:
        table.add([name, f"{speed / 1e6:.2f} M", f"{size / count * speed / 1e6:,.0f}", times(speed / walk) if walk else "–"],
                  what=name, records_per_second=speed, of_libauparse=speed / walk if walk else None)
    if walk:
        report.aim("audit log, 150 detections: records/s, of libauparse's walk over the fields", 2, 1 / each / walk)
    if walk is None:
        report.skip("libauparse", "libauparse-dev, to compare with")
    report.show(table)
