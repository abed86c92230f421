"""Parses every query of rule files (NDJSON) with the reference implementation of EQL; prints one line a query that it refuses."""

import contextlib
import json
import sys

import eql
from eql import parser

FLAGS = ("elasticsearch_syntax", "allow_sample", "allow_negation")
# What it has not: addresses of IPv6 in cidrMatch.
KNOWN = ("Invalid argument to cidrMatch",)


def main():
    read, known, refused = 0, 0, 0
    for path in sys.argv[1:]:
        with open(path, encoding="utf-8") as file:
            for line in file:
                rule = json.loads(line)
                with contextlib.ExitStack() as stack:
                    for flag in FLAGS:
                        if hasattr(parser, flag):
                            stack.enter_context(getattr(parser, flag))
                    try:
                        eql.parse_query(rule["query"], implied_any=True, implied_base=True)
                        read += 1
                    except eql.EqlError as error:
                        if any(text in str(error) for text in KNOWN):
                            known += 1
                            continue
                        refused += 1
                        print(rule["name"], "|", " ".join(str(error).split())[:200])
    print(f"{read} read, {known} beyond it, {refused} refused")
    return refused > 0


sys.exit(main())
