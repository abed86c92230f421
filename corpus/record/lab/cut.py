#!/usr/bin/python3
"""Cuts one scenario out of a raw audit log.

usage: cut.py LOG FORKS FROM TO ROOT[,PID…]  > scenario.log

Keeps whole events (all records of one serial, unchanged and in their order)
that happened between FROM and TO (seconds since the epoch) and whose process
descends from ROOT, the lab's init, or is one of the further PIDs or descends
from them (what the kernel started for the lab, as a release_agent).
Everything else on the machine is not the lab's and is left out.
"""
import re
import sys

log, forks, start, end, roots = sys.argv[1:6]
start, end = float(start), float(end)
states = {int(p): [(0.0, True)] for p in roots.split(",") if p}
extra = set(states) - {int(roots.split(",")[0])}


def ours(pid, when):
    found = False
    for t, yes in states.get(pid, ()):
        if t > when + 0.02:                   # audit's clock is a coarse one
            break
        found = yes
    return found


for line in open(forks):
    if line.startswith("#"):
        sys.stderr.write("cut: forks were lost: " + line)
        continue
    t, parent, child = line.split()
    t, parent, child = float(t), int(parent), int(child)
    if child in extra:
        continue
    yes = ours(parent, t)
    if yes or child in states:
        states.setdefault(child, []).append((t, yes))

stamp = re.compile(rb"msg=audit\((\d+\.\d+):(\d+)\)")
pidof = re.compile(rb" pid=(\d+)")
keep, lines = {}, []
for line in open(log, "rb"):
    m = stamp.search(line)
    if not m or not start <= float(m[1]) <= end:
        continue
    lines.append((m[0], line))
    p = pidof.search(line)
    if p and m[0] not in keep:
        keep[m[0]] = ours(int(p[1]), float(m[1]))
sys.stdout.buffer.writelines(line for key, line in lines if keep.get(key))
