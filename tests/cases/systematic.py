#!/usr/bin/env python3
"""Writes tests/cases/systematic.yaml: operators × types × missing fields × lists × case × wildcards × Unicode ×
numbers and dates at their limits × networks, with the answers of the small evaluator below, which was written from
docs/conditions.md and shares nothing with the C code.

    tests/cases/systematic.py >tests/cases/systematic.yaml
"""
import datetime
import ipaddress
import json
import re

MISSING = object()
LEAST, MOST = -2**63, 2**63 - 1


def fold(text):
    return "".join(c.lower() if "A" <= c <= "Z" else c for c in text)


def quoted(text):
    out = "".join({'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}.get(c, c) for c in text)
    return f'"{out}"'


# --- what a comparison of one value with one literal says ---

def like(value, pattern):
    out, at = "", 0
    while at < len(pattern):
        c = pattern[at]
        if c == "\\" and at + 1 < len(pattern):
            at += 1
            out += re.escape(pattern[at])
        else:
            out += ".*" if c == "*" else "." if c == "?" else re.escape(c)
        at += 1
    return re.fullmatch(out, value, re.S) is not None


def regex(value, pattern):
    return re.fullmatch(pattern, value, re.A) is not None


def folded(test):
    return lambda value, literal: test(fold(value), fold(literal))


TEXT = {
    "==": lambda v, l: v == l,
    "like": like,
    "regex": regex,
    "startswith": lambda v, l: v.startswith(l),
    "endswith": lambda v, l: v.endswith(l),
    "stringcontains": lambda v, l: l in v,
}
ORDER = {
    "==": lambda v, l: v == l,
    "<": lambda v, l: v < l,
    "<=": lambda v, l: v <= l,
    ">": lambda v, l: v > l,
    ">=": lambda v, l: v >= l,
}


def holds(values, literals, test, negated):
    """A field's values against any of the literals; a missing field never holds, not even negated."""
    if values is MISSING:
        return False
    hit = any(test(v, l) for v in values for l in literals)
    return not hit if negated else hit


# --- writing ---

class Table:
    def __init__(self):
        self.lines, self.seen = [], set()

    def heading(self, text):
        self.lines.append(f"# ---- {text} ----")

    def case(self, category, expression, events, answers):
        if expression in self.seen:
            return
        self.seen.add(expression)
        sides = {True: [], False: []}
        for event, answer in zip(events, answers):
            sides[answer].append(event)
        condition = json.dumps(f"{category} where {expression}", ensure_ascii=False)
        lists = ", ".join(f"{str(side).lower()}: {json.dumps(sides[side], ensure_ascii=False)}" for side in (True, False))
        self.lines.append(f"- {{condition: {condition}, {lists}}}")


table = Table()


def events_of(field, values):
    """(event, what the field's values are)"""
    out = [({}, MISSING)]
    for value in values:
        items = value if isinstance(value, list) else [value]
        there = items if not items or any(i != "" for i in items) else MISSING
        out.append(({field: value}, there))
    return out


def spelling(function, op, fold_mark, field, literals):
    text = ", ".join(literals)
    if function:
        return f"{op}{fold_mark}({field}, {text})"
    if op == "==" and (len(literals) > 1 or fold_mark):
        return f"{field} in{fold_mark} ({text})"
    return f"{field} {op}{fold_mark} {text}" if len(literals) == 1 else f"{field} {op}{fold_mark} ({text})"


def texts(field, values, literals_of):
    """Every operator on keywords, with and without case."""
    events = events_of(field, values)
    for op, sets in literals_of.items():
        test = TEXT[op]
        function = op in ("startswith", "endswith", "stringcontains")
        for literals in sets:
            for mark in ("", "~"):
                one = folded(test) if mark else test
                if op == "regex" and mark:
                    one = lambda v, l: re.fullmatch(l, v, re.A | re.I) is not None
                expression = spelling(function, op, mark, field, [quoted(l) for l in literals])
                table.case("process", expression, [e for e, _ in events],
                           [holds(v, literals, one, False) for _, v in events])
                if op == "==":
                    negated = f"{field} not in{mark} ({', '.join(quoted(l) for l in literals)})"
                    if len(literals) == 1 and not mark:
                        negated = f"{field} != {quoted(literals[0])}"
                    table.case("process", negated, [e for e, _ in events],
                               [holds(v, literals, one, True) for _, v in events])


def ordered(category, field, values, literals, spell, key, operators=ORDER):
    events = events_of(field, values)
    read = [(e, v if v is MISSING else [key(i) for i in v]) for e, v in events]
    for literal in literals:
        for op, test in operators.items():
            for negated in (False, True) if op == "==" else (False,):
                sign = "!=" if negated else op
                table.case(category, f"{field} {sign} {spell(literal)}", [e for e, _ in read],
                           [holds(v, [key(literal)], test, negated) for _, v in read])
    some = literals[:3]
    for negated in (False, True):
        expression = f"{field} {'not in' if negated else 'in'} ({', '.join(spell(l) for l in some)})"
        table.case(category, expression, [e for e, _ in read],
                   [holds(v, [key(l) for l in some], ORDER["=="], negated) for _, v in read])


def null(category, field, values):
    events = events_of(field, values)
    table.case(category, f"{field} == null", [e for e, _ in events], [v is MISSING for _, v in events])
    table.case(category, f"{field} != null", [e for e, _ in events], [v is not MISSING for _, v in events])


# --- keywords ---

NAMES = ["a", "A", "b", "ab", "aB", "ba", "abc", "é", "É", "aé", "K", "k", "\u212a", "ſ", "s", "a*b", "a?b", "a\\b", "axb",
         "[a]", "a.b", " a", "a ", "a\nb", "a\n", "\t", "😀", "😀a", "e\u0301", "-1", "1", "true", "null", "", "%", "'", '"']
table.heading("keywords: one value")
null("process", "process.name", NAMES)
texts("process.name", NAMES, {
    "==": [["a"], ["A"], ["é"], ["k"], ["s"], ["a*b"], ["a\\b"], ["1"], ['"', "'"], ["a", "😀", "a\nb"]],
    "like": [["a"], ["a*"], ["*a"], ["*B"], ["?"], ["??"], ["*"], ["a?b"], ["a\\*b"], ["a\\?b"], ["a\\\\b"], ["*é*"], ["[a]"],
             ["a.b"], ["K"], ["a*b", "?a"], ["*\n*"], ["\\a"], ["😀*"], ["**a**"]],
    "regex": [["a"], ["a.b"], ["[a-c]+"], ["[^a]"], ["a|b"], ["\\w+"], ["\\W"], ["\\s*a\\s*"], ["a?b?c?"], ["(?:a|é){1,2}"],
              ["\\d"], [".*b"], ["a\\*b"], ["k", "[x-z]"]],
    "startswith": [["a"], ["A"], ["é"], ["a*"], ["😀"], [" ", "b"]],
    "endswith": [["b"], ["B"], ["é"], ["\n"], ["a", "\\b"]],
    "stringcontains": [["a"], ["B"], ["*"], ["é"], ["\\"], ["?", "😀"]],
})

table.heading("keywords: lists")
LISTS = [[], ["a"], ["A"], ["a", "b"], ["b", "c"], ["", "b"], ["b", ""], [""], ["ab", "a b"], ["é", "É"], ["a", "a"]]
null("process", "process.args", LISTS)
texts("process.args", LISTS, {
    "==": [["a"], ["b"], ["a b"], ["a", "b"]],
    "like": [["a*"], ["*"], ["*b"], ["?"]],
    "regex": [["[ab]"], [".*"], ["a b"]],
    "startswith": [["a"]],
    "endswith": [["b"]],
    "stringcontains": [["b"]],
})

table.heading("lengths, in characters")
for field, values in (("process.name", ["a", "é", "😀", "ab", "e\u0301", "abc", ""]), ("process.args", [[], ["a", "abc"], ["", "ab"], ["😀"]])):
    pairs = events_of(field, values)
    for op, test in list(ORDER.items()) + [("!=", None)]:
        for literal in (0, 1, 2):
            answers = [holds(v if v is MISSING else [len(i) for i in v], [literal], test or ORDER["=="], test is None) for _, v in pairs]
            table.case("process", f"length({field}) {op} {literal}", [e for e, _ in pairs], answers)

table.heading("numbers that texts are")
SPELLED = ["5", "05", "-5", "6", "x", "5.0", "0x5", "5 ", str(MOST), str(MOST + 1), str(LEAST), str(LEAST - 1), ""]


def whole(text):
    number = int(text) if re.fullmatch(r"-?[0-9]+", text) else None
    return number if number is not None and LEAST <= number <= MOST else None


pairs = events_of("process.name", SPELLED)
for op, test in ORDER.items():
    for literal in (5, LEAST, MOST):
        table.case("process", f"number(process.name) {op} {literal}", [e for e, _ in pairs],
                   [holds(v if v is MISSING else [whole(i) for i in v if whole(i) is not None], [literal], test, False) for _, v in pairs])

# --- numbers, truths, dates ---

table.heading("longs, at their limits")
NUMBERS = [0, 1, -1, 2, LEAST, LEAST + 1, MOST, MOST - 1]
null("process", "process.pid", NUMBERS)
ordered("process", "process.pid", NUMBERS, [0, 1, -1, LEAST, MOST], str, int)

table.heading("truths")
null("process", "process.in_container", [True, False])
ordered("process", "process.in_container", [True, False], [True, False], lambda t: str(t).lower(), bool, {"==": ORDER["=="]})
table.case("process", "process.in_container", [{}, {"process.in_container": True}, {"process.in_container": False}], [False, True, False])

table.heading("dates, at their limits")


def nanoseconds(text):
    """RFC 3339, with nine digits of fraction."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d:\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)?)?", text)
    day, time, fraction, zone = match.groups()
    moment = datetime.datetime.fromisoformat(f"{day}T{time or '00:00:00'}").replace(tzinfo=datetime.timezone.utc)
    seconds = (moment - datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)) // datetime.timedelta(seconds=1)
    if zone and zone != "Z":
        seconds -= (1 if zone[0] == "+" else -1) * (int(zone[1:3]) * 3600 + int(zone[4:]) * 60)
    return seconds * 10**9 + int((fraction or "0").ljust(9, "0"))


DATES = ["2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "2026-01-31T12:00:00.000000001Z", "2026-01-31", "2026-01-31T00:00:00Z",
         "1970-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "1677-09-21T00:12:44Z", "2262-04-11T23:47:16Z", "2024-02-29T23:59:59-12:00"]
ordered("process", "@timestamp", DATES, ["2026-01-31T12:00:00Z", "2026-01-31", "1970-01-01", "2024-03-01T11:59:59Z"], quoted, nanoseconds)

# --- addresses ---

table.heading("addresses and networks")


def address(text):
    read = ipaddress.ip_address(text)
    return read.ipv4_mapped if read.version == 6 and read.ipv4_mapped else read


ADDRESSES = ["10.0.0.1", "10.255.255.255", "11.0.0.0", "0.0.0.0", "255.255.255.255", "127.0.0.1", "::1", "::", "fd00::1", "fe80::1",
             "::ffff:10.0.0.1", "::ffff:a00:1", "0:0:0:0:0:0:0:1", "2001:db8::ff", "2001:DB8::FF"]
null("network", "destination.ip", ADDRESSES)
ordered("network", "destination.ip", ADDRESSES, ["10.0.0.1", "::1", "2001:db8::ff", "::ffff:127.0.0.1"], quoted, address,
        {"==": ORDER["=="]})


def inside(value, network):
    """IPv4 addresses lie in ::ffff:0:0/96, so that ::/0 holds them too."""
    net = ipaddress.ip_network(network)
    if value.version == 4 and net.version == 6:
        return ipaddress.ip_address(b"\0" * 10 + b"\xff\xff" + value.packed) in net
    return value.version == net.version and value in net


pairs = [(e, v if v is MISSING else [address(i) for i in v]) for e, v in events_of("destination.ip", ADDRESSES)]
for networks in (["10.0.0.0/8"], ["10.0.0.1/32"], ["10.0.0.1"], ["0.0.0.0/0"], ["::/0"], ["::1/128"], ["fd00::/8"], ["fe80::/10", "127.0.0.0/8"],
                 ["2001:db8::/120"], ["128.0.0.0/1"], ["::ffff:10.0.0.0/104"]):
    table.case("network", f"cidrmatch(destination.ip, {', '.join(map(quoted, networks))})", [e for e, _ in pairs],
               [holds(v, networks, inside, False) for _, v in pairs])

# --- two fields ---

table.heading("two fields")
PAIRS = [(MISSING, MISSING), ("a", MISSING), (MISSING, "a"), ("a", "a"), ("a", "A"), ("ab", "a"), ("ab", "b"), ("xaby", "ab"), ("aB", "Ab"),
         ("é", "É"), ("a*b", "a*"), ("ab", "a*"), ("a", "ab"), ("", "a")]
events, answers = [], []
for left, right in PAIRS:
    events.append({f: v for f, v in (("process.name", left), ("process.parent.name", right)) if v is not MISSING})


def two(test, negated=False):
    return [holds(MISSING if l is MISSING or l == "" else [l], [] if r is MISSING else [r], test, negated) and r is not MISSING
            for l, r in PAIRS]


table.case("process", "process.name == process.parent.name", events, two(TEXT["=="]))
table.case("process", "process.name != process.parent.name", events, two(TEXT["=="], True))
table.case("process", "process.name : process.parent.name", events, two(folded(TEXT["=="])))
table.case("process", "process.name not in~ process.parent.name", events, two(folded(TEXT["=="]), True))
for op in ("startswith", "endswith", "stringcontains"):
    for mark in ("", "~"):
        table.case("process", f"{op}{mark}(process.name, process.parent.name)", events,
                   two(folded(TEXT[op]) if mark else TEXT[op]))

print("""# Written by tests/cases/systematic.py: change that, and write this anew. The same shape as conditions.yaml; the answers
# are those of the script's own evaluator.
cases:""")
print("\n".join(table.lines))
