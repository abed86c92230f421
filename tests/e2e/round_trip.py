#!/usr/bin/env python3
"""Compares the conditions of two catalogs that were taken in, detection by detection, by id.

usage: round_trip.py FIRST SECOND [NOTED…]     NOTED: ids that may differ

The order of what `and` and `or` join, and of the values of a list, does not count.
"""
import glob
import re
import sys

WORD = re.compile(r'"""(?:.|\n)*?"""+|"(?:\\.|[^"\\])*"|`[^`]*`|[()\[\],]|[^\s()\[\],"`]+')


class Reader:
    """A condition as a tree without order."""

    def __init__(self, text):
        self.words, self.at, self.text = WORD.findall(text), 0, text

    def peek(self):
        return self.words[self.at] if self.at < len(self.words) else None

    def next(self):
        self.at += 1
        return self.words[self.at - 1]

    def joined(self, kind, part):
        parts = set()
        while True:
            one = part()
            parts |= one[1] if one[0] == kind else {one}
            if self.peek() != kind:
                return next(iter(parts)) if len(parts) == 1 else (kind, frozenset(parts))
            self.next()

    def either(self):
        return self.joined("or", lambda: self.joined("and", self.negation))

    def negation(self):
        if self.peek() == "not":
            self.next()
            return ("not", self.negation())
        if self.peek() == "(":
            self.next()
            inside = self.either()
            assert self.next() == ")", self.text
            return inside
        return self.comparison()

    def comparison(self):
        words, depth = [], 0
        while self.peek() is not None and not (depth == 0 and self.peek() in ("and", "or", ")")):
            depth += {"(": 1, ")": -1}.get(self.peek(), 0)
            words.append(self.next())
        if "(" not in words or words[-1] != ")":
            return ("test", tuple(words))
        opened = words.index("(")
        values = [word for word in words[opened + 1:-1] if word != ","]
        kept = 1 if opened == 1 and words[0].rstrip("~") in ("startswith", "endswith", "stringcontains", "cidrmatch") else 0
        return ("test", (*words[:opened], *values[:kept], *sorted(set(values[kept:]))))

    def condition(self):
        if self.text.startswith(("sequence", "sample")):
            return self.text
        start = self.words.index("where") + 1
        self.at = start
        tree = self.either()
        assert self.peek() is None, self.text
        return (tuple(self.words[:start]), tree)


def unquoted(value):
    """A YAML text in double quotes, which may go on over several lines."""
    value = re.sub(r"\\\n\s*", "", value[1:-1])
    value = re.sub(r"\s*\n\s*", " ", value)
    named = {"n": "\n", "t": "\t", "r": "\r", "0": "\0", "e": "\x1b", "a": "\a", "b": "\b", "v": "\v", "f": "\f", "N": "\x85",
             "_": "\xa0", "L": "\u2028", "P": "\u2029"}
    return re.sub(r"\\(?:x(..)|u(....)|U(........)|(.))",
                  lambda found: chr(int(found.group(1) or found.group(2) or found.group(3), 16)) if not found.group(4)
                  else named.get(found.group(4), found.group(4)), value)


def conditions_of(path):
    text = open(path, encoding="utf-8").read()
    number = re.search(r"(?m)^id: (\S+)$", text).group(1)
    block = re.search(r"(?m)^conditions:\n((?: .*\n|\n)+)", text).group(1)
    found = set()
    for _, value in re.findall(r"(?m)^  ([a-z0-9-]+):((?: .*)?\n(?:    .*\n|\n)*)", block):
        value = value.strip()
        if value[:1] == '"':
            value = unquoted(value)
        value = " ".join(value.split())
        value = re.sub(r"^[|>][-+0-9]* ", "", value)
        if value[:1] == "'":
            value = value[1:-1].replace("''", "'")
        found.add(Reader(value).condition())
    return number, frozenset(found)


def main():
    first, second = (dict(conditions_of(path) for path in glob.glob(folder + "/detections/*.yaml")) for folder in sys.argv[1:3])
    noted, counts = set(sys.argv[3:]), {"same": 0, "different": 0, "noted": 0}
    for number, conditions in sorted(first.items()):
        same = second.get(number) == conditions
        kind = "same" if same else "noted" if number in noted else "different"
        counts[kind] += 1
        if kind == "different" and counts["different"] <= 8:
            print(f"{number}\n   first  {conditions}\n   second {second.get(number)}")
    print(f"{counts['same']} the same, {counts['different']} different, {counts['noted']} different with a note")
    return counts["different"] > 0


if __name__ == "__main__":
    sys.exit(main())
