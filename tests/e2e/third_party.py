#!/usr/bin/env python3
"""Third-party data for third-party.sh.

third_party.py count REPLAY.json N   alerts of `mews replay --alerts`, per 100 of N inputs, by detection
third_party.py files REPLAY.json     DETECTION FILE for each alert, once a file
"""
import collections
import json
import sys

def alerts(path):
    with open(path, encoding="utf-8") as text:
        return json.load(text)["alerts"]


def count(path, inputs):
    found = collections.Counter(alert["detection"] for alert in alerts(path))
    for detection, number in sorted(found.items(), key=lambda item: (-item[1], item[0])):
        print(f"    {number:4} {100 * number / inputs:6.1f} per 100  {detection}")
    if not found:
        print("    no alerts")


def files(path):
    for detection, file in sorted({(alert["detection"], alert["file"]) for alert in alerts(path)}):
        print(detection, file)


if __name__ == "__main__":
    if sys.argv[1] == "count":
        count(sys.argv[2], max(int(sys.argv[3]), 1))
    else:
        files(sys.argv[2])
