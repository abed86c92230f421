#!/usr/bin/python3
"""Cuts one scenario out of a raw audit log.

usage: cut.py LOG FORKS FROM TO ROOT[,PID…] [LOG-OFFSET FORKS-OFFSET]  > scenario.log

Keeps whole events (all records of one serial, unchanged and in their order)
that happened between FROM and TO (seconds since the epoch) and whose process
descends from ROOT, the lab's init, or is one of the further PIDs or descends
from them (what the kernel started for the lab, as a release_agent).
Everything else on the machine is not the lab's and is left out. What stands
before the offsets was written before the window, and before the lab.
"""
import re
import sys

log, forks, start, end, roots = sys.argv[1:6]
log_offset, forks_offset = map(int, sys.argv[6:8] or (0, 0))
start, end = float(start), float(end)
states = {int(p): [(0.0, True)] for p in roots.split(",") if p}
given = set(states)                            # ours whoever forked them


def ours(pid, when):
    found = False
    for t, yes in states.get(pid, ()):
        if t > when + 0.02:                   # audit's clock is a coarse one
            break
        found = yes
    return found


told = open(forks)
told.seek(forks_offset)
for line in told:
    if not line.endswith("\n"):
        break                                 # being written
    if line.startswith("#"):
        sys.stderr.write("cut: forks were lost: " + line)
        continue
    t, parent, child = line.split()
    t, parent, child = float(t), int(parent), int(child)
    if child in given:
        continue
    yes = ours(parent, t)
    if yes or child in states:
        states.setdefault(child, []).append((t, yes))

# A log of hours holds tens of millions of lines: most are settled by the serial of the line before, and decisions are
# forgotten after a while (records of one event stand together, give or take the other processor's).
pidof = re.compile(rb" pid=(\d+)")
recent, older, waiting = {}, {}, {}
kept, number, last, yes = [], 0, None, None
records = open(log, "rb")
records.seek(log_offset)
for line in records:
    number += 1
    at = line.find(b"audit(")
    if at < 0:
        continue
    serial = line[at + 6:line.find(b")", at)]
    if serial != last:
        last, yes = serial, recent.get(serial, older.get(serial))
        if yes is None:
            when = float(serial.split(b":")[0])
            if when > end + 10:
                break
            if not start <= when <= end:
                yes = recent[serial] = False
            if len(recent) > 100000:
                recent, older = {}, recent
    if yes is None:
        p = pidof.search(line)
        if p:
            yes = recent[serial] = ours(int(p[1]), float(serial.split(b":")[0]))
            before = waiting.pop(serial, ())
            if yes:
                kept.extend(before)
        else:                                 # before the record that has the pid
            waiting.setdefault(serial, []).append((number, line))
    if yes:
        kept.append((number, line))
kept.sort()
sys.stdout.buffer.writelines(line for _, line in kept)
