#!/usr/bin/env python3
"""usage: cut.py AUDIT-LOG FROM TO OUT: the requests that ended between two times, in the order in which they did."""
import json
import sys


def main():
    log, begin, end, out = sys.argv[1:]
    kept = []
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            time = json.loads(line)["stageTimestamp"]
            if begin <= time <= end:
                kept.append((time, line))
    kept.sort(key=lambda pair: pair[0])
    with open(out, "w", encoding="utf-8") as file:
        file.writelines(line for _, line in kept)


main()
