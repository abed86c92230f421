"""What a command costs, medians of interleaved rounds, growth, and tables as text, Markdown and JSON."""
import json
import math
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

BUILD = os.environ.get("BUILD", "build")
MEWS = os.path.abspath(os.environ.get("MEWS", os.path.join(BUILD, "mews")))
FULL, QUICK = os.environ.get("BENCH") == "full", os.environ.get("BENCH") == "quick"
PERF = ["perf", "stat", "-x,", "-e", "instructions:u", "-o"]
ROUNDS = 5 if FULL else 1 if QUICK else 3


def helper(name):
    return os.path.join(BUILD, "tests", "bench", name)


class Cost:
    """Of one run: processor seconds of all its threads, seconds on the clock, peak MiB, instructions or None."""

    def __init__(self, cpu, wall, peak, instructions, output):
        self.cpu, self.wall, self.peak, self.instructions, self.output = cpu, wall, peak, instructions, output


def counts_instructions():
    """Virtual machines often have no counters."""
    with tempfile.NamedTemporaryFile() as out:
        try:
            subprocess.run([*PERF, out.name, "true"], check=True, capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            return False
        return bool(re.search(r"(?m)^\d+,", open(out.name, encoding="utf-8").read()))


COUNTERS = counts_instructions()


def run(command, fine=(0, 1)):
    """Runs it once. Its output is kept whole; a status that is not fine ends the bench with what the command said."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors, tempfile.NamedTemporaryFile() as counted:
        if COUNTERS:
            command = [*PERF, counted.name, *command]
        before = time.monotonic()
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            try:
                os.execvp(command[0], command)
            finally:
                os._exit(127)
        status, usage = os.wait4(child, 0)[1:]
        wall = time.monotonic() - before
        out.seek(0)
        errors.seek(0)
        if os.waitstatus_to_exitcode(status) not in fine:
            sys.exit(f"{' '.join(command)}: status {os.waitstatus_to_exitcode(status)}: {errors.read().decode()[:600]}")
        found = re.search(r"(?m)^(\d+),", open(counted.name, encoding="utf-8").read()) if COUNTERS else None
        instructions = int(found.group(1)) if found else None
        return Cost(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024, instructions, out.read())


def in_turn(commands, rounds=ROUNDS):
    """{name: command or function that gives a number} → {name: median}: A B C A B C …, so that what disturbs one disturbs
    all."""
    taken = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            taken[name].append(command() if callable(command) else run(command).cpu)
    return {name: statistics.median(values) for name, values in taken.items()}


def exponent(points):
    """The slope of log(y) over log(x), by least squares: 1 is linear, 0 does not grow."""
    points = [(math.log(x), math.log(y)) for x, y in points if x > 0 and y > 0]
    if len(points) < 2:
        return None
    middle_x, middle_y = (sum(point[i] for point in points) / len(points) for i in (0, 1))
    spread = sum((x - middle_x) ** 2 for x, _ in points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / spread


def rate(value):
    """Events a second, short."""
    if not value:
        return "–"
    return f"{value / 1e6:.2f} M" if value >= 1e6 else f"{value / 1e3:.0f} k" if value >= 1e4 else f"{value / 1e3:.1f} k"


def times(value):
    return "–" if not value else f"{value:,.0f}×" if value >= 20 else f"{value:.1f}×" if value >= 2 else f"{value:.2f}×"


class Table:
    """Columns with a title; rows as they come. `note`: a sentence or two that say what is compared with what."""

    def __init__(self, name, title, columns, note=""):
        self.name, self.title, self.columns, self.note = name, title, columns, note
        self.rows, self.figures = [], []

    def add(self, cells, **figures):
        """What is printed, and the same as numbers for --json."""
        self.rows.append([str(cell) for cell in cells])
        self.figures.append(figures)

    def text(self):
        rows = [self.columns, *self.rows]
        widths = [max(len(row[i]) for row in rows) for i in range(len(self.columns))]
        lines = ["  ".join([row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip()
                 for row in rows]
        note = ["  " + self.note.replace("\n", "\n  ")] if self.note else []
        return "\n".join([self.title, *note, *("  " + line for line in lines)]) + "\n"

    def markdown(self):
        lines = [f"### {self.title}", ""] + ([self.note.replace("\n", " "), ""] if self.note else [])
        lines += ["| " + " | ".join(self.columns) + " |", "|---|" + "---:|" * (len(self.columns) - 1)]
        return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in self.rows]) + "\n"


class Report:
    """Prints each table as soon as it stands, and keeps all for the files. What is aimed at is gathered for a table of its own."""

    def __init__(self, markdown=False):
        self.tables, self.skipped, self.markdown, self.aims = [], [], markdown, []

    def aim(self, what, asked, seen, form="{:.2f}", most=False):
        """`seen` should be at least `asked`, or at most. What BENCH=quick sees says nothing of it."""
        if seen is not None and not QUICK:
            self.aims.append((what, asked, seen, form, most))

    def show_aims(self):
        if not self.aims:
            return
        table = Table("aims", "What is aimed at, and what was seen", ["what", "aim", "seen", "holds"])
        for what, asked, seen, form, most in self.aims:
            holds = seen <= asked if most else seen >= asked
            table.add([what, f"{'at most' if most else 'at least'} {form.format(asked)}", form.format(seen), "yes" if holds else "NO"],
                      what=what, aim=asked, seen=seen, holds=holds)
        self.show(table)
        self.tables.insert(0, self.tables.pop())  # where a reader begins

    def show(self, table):
        self.tables.append(table)
        self.doing("")
        print(table.markdown() if self.markdown else table.text(), flush=True)

    def doing(self, what):
        """On a terminal, where nothing else is seen for a while."""
        if sys.stderr.isatty():
            print(f"\r\033[K… {what}", end="\r", file=sys.stderr, flush=True)

    def skip(self, what, missing):
        self.skipped.append({"what": what, "missing": missing})
        print(f"skipped: {what}: {missing}\n", flush=True)

    def write(self, path, about):
        document = {"about": about, "skipped": self.skipped, "tables": [
            {"name": table.name, "title": table.title, "note": table.note, "columns": table.columns, "cells": table.rows,
             "rows": table.figures}
            for table in self.tables]}
        with open(path, "w", encoding="utf-8") as out:
            json.dump(document, out, indent=2, ensure_ascii=False)
            out.write("\n")


def machine():
    """What sort of machine this is, in a line: figures of another differ, ratios less so."""
    model = re.search(r"(?m)^model name\s*: (.*)$", open("/proc/cpuinfo", encoding="utf-8").read())
    memory = int(re.search(r"MemTotal:\s+(\d+)", open("/proc/meminfo", encoding="utf-8").read()).group(1)) / 2 ** 20
    name, cores = model.group(1) if model else os.uname().machine, len(os.sched_getaffinity(0))
    return f"{name}, {cores} cores, {memory:.0f} GiB, Linux {os.uname().release.split('-')[0]}"
