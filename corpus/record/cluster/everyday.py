#!/usr/bin/env python3
"""A working hour of an organization's cluster, scripted and seeded: people, pipelines and add-ons do what they do all day.

usage: everyday.py ORGANIZATION SEED SECONDS       (by cluster.sh, inside of the lab)

What each kind of work looks like stands in works_*.py: functions of (lab, random) that act once. Here is when they act:
at random moments with the mean distances that the tables give. Add-ons speak to the API as their own accounts and
under their own names; that these are scripts, and not the add-ons themselves, is said in the dataset's origin.
"""
import heapq
import importlib
import random
import sys
import time

from lab import Lab


def main():
    organization, seed, seconds = sys.argv[1], sys.argv[2], float(sys.argv[3])
    dice = random.Random(f"{organization}-{seed}")
    work = importlib.import_module("works_" + organization.replace("-", "_"))
    lab = Lab(dice, variant=seed)
    work.prepare(lab)
    print("begin", lab.now(), flush=True)
    end = time.monotonic() + seconds
    queue = []
    for number, (mean, act) in enumerate(work.WORK):
        heapq.heappush(queue, (time.monotonic() + dice.uniform(0.05, 0.9) * min(mean, seconds), number, mean, act))
    acts = 0
    while queue and queue[0][0] < end:
        at, number, mean, act = heapq.heappop(queue)
        time.sleep(max(0.0, at - time.monotonic()))
        acts += 1
        try:
            act(lab, dice)
        except Exception as error:  # an add-on that fails does not end everybody's day
            print("failed", act.__name__, error, file=sys.stderr, flush=True)
        heapq.heappush(queue, (max(at, time.monotonic()) + mean * dice.choice((0.4, 0.7, 1.0, 1.0, 1.3, 1.6)), number, mean, act))
    time.sleep(max(0.0, end - time.monotonic()))
    print("end", lab.now(), acts, flush=True)


main()
