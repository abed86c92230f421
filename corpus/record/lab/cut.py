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

stamp = re.compile(rb"msg=audit\((\d+\.\d+):(\d+)\)")
pidof = re.compile(rb" pid=(\d+)")
keep, lines = {}, []
records = open(log, "rb")
records.seek(log_offset)
for line in records:
    m = stamp.search(line)
    if not m or not start <= float(m[1]) <= end:
        if m and float(m[1]) > end + 10:
            break
        continue
    p = pidof.search(line)
    if p and m[0] not in keep:
        keep[m[0]] = ours(int(p[1]), float(m[1]))
    if keep.get(m[0], True):                  # records without a pid may come before the one that has it
        lines.append((m[0], line))
sys.stdout.buffer.writelines(line for key, line in lines if keep.get(key))
