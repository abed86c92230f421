"""Judges conditions by the queries of a public EQL test suite.

    eql_suite.py QUERIES.toml EVENTS.json PROGRAM

The suite is written in EQL's first dialect. What is spelled otherwise today is spelled anew here, query by query
(class Spelling); pipes are no part of a condition, so head, tail and filter are carried out here. Each query then
must give the ids that the suite expects, or stand in DIFFERENCES with the reason why it does not; a row that
nothing needs is a fault too. Queries that say nothing of case are asked both ways.
"""
import collections
import json
import re
import subprocess
import sys
import tomllib

# Pattern in the query → whether conditions refuse it or answer it otherwise, and why.
DIFFERENCES = [
    (r"\b(descendant|child|event) of \[", "refused", "lineage is asked by derived fields (process.parent…), not by a subquery"),
    (r"\[\d\]", "refused", "items of a list have no numbers: a comparison holds if one of them fits"),
    (r"array(Contains|Search|Count)\(", "refused", "a comparison on a list is that already"),
    (r"\b(indexOf|substring|between|concat|string|safe)\(", "refused", "functions that we do not have"),
    (r"\b(add|subtract|multiply|divide|modulo)\(|serial_event_id [-+*/%] |unique_pid \* 2", "refused", "no arithmetic"),
    (r"number\(", "refused", "number asks a field, not a text that is written out"),
    (r"4\.5", "refused", "numbers are whole"),
    (r"process_name [<>]=? ", "refused", "texts have no order"),
    (r"^join\b", "refused", "join is sample today, and takes the oldest events: another question"),
    (r"fork=true", "refused", "fork is no more in EQL"),
    (r"\| *(unique|unique_count|sort|count)\b", "pipe", "a pipe over results, which a condition does not have"),
    (r"\| filter (events\[|count|percent)", "pipe", "a pipe over results, which a condition does not have"),
    (r"null == \(", "refused", "the third truth value cannot be asked for"),
    (r"not \(fake_field", "differs", "the third truth value: not of unknown is true here"),
    (r"in \(parent_process_name,", "refused", "a field and a text in one list: write or"),
    (r"\w+\('explorer\.exea|stringContains\('ABC", "refused", "a function begins with the field that it asks"),
    (r"10\.6\.48\.157/8", "refused", "a network has no bits behind its mask"),
    (r"true == \(", "refused", "an answer is no value"),
    (r"length\(bytes_written_string_list\)", "refused", "length is a value's, not a list's"),
]

TOKEN = re.compile(r"""
    (?P<space>\s+|//[^\n]*)
  | (?P<string>\?"[^"\n]*"|\?'[^'\n]*'|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')
  | (?P<name>[A-Za-z_][\w.]*)
  | (?P<number>(?:(?<=[<>=(,]\s)|(?<=where\s))-?\d+(?:\.\d+)?|\d+(?:\.\d+)?(?:ms|[smhd]\b)?)
  | (?P<sign>==|!=|<=|>=|.)
""", re.X)


class Token:
    def __init__(self, kind, text):
        self.kind, self.text = kind, text

    def value(self):
        """What a string says."""
        if self.text[0] == "?":
            return self.text[2:-1]
        escapes = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
        return re.sub(r"\\(.)", lambda m: escapes.get(m[1], m[1]), self.text[1:-1])


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'


def pattern(text):
    """Only * was a wildcard."""
    return quoted(text.replace("\\", "\\\\").replace("?", "\\?"))


class Spelling:
    """One query in today's spelling. `fold`: without regard to case, as the first dialect compared; `numbers`: fields."""

    def __init__(self, query, fold, numbers):
        self.fold, self.numbers = fold, numbers
        self.tokens = [Token(m.lastgroup, m[0]) for m in TOKEN.finditer(query) if m.lastgroup != "space"]
        self.out = []

    def pipes(self):
        parts = [[]]
        for token in self.tokens:
            if token.text == "|":
                parts.append([])
            else:
                parts[-1].append(token)
        return parts

    def equals(self, field, negated, string):
        text = string.value()
        if "*" in text:
            like = f"{field} {'like~' if self.fold else 'like'} {pattern(text)}"
            return f"({field} != null and not {like})" if negated else like
        if self.fold:
            return f"{field} {'not in~' if negated else 'in~'} ({quoted(text)})"
        return f"{field} {'!=' if negated else '=='} {quoted(text)}"

    def names(self, field, negated, other):
        if self.fold and field not in self.numbers:
            return f"{field} {'not in~' if negated else 'in~'} {other}"
        return f"{field} {'!=' if negated else '=='} {other}"

    def comparison(self, tokens, at):
        """FIELD = STRING and its like; returns the text and how many tokens it takes, or None."""
        if at + 2 >= len(tokens) or tokens[at + 1].text not in ("=", "==", "!="):
            return None
        left, sign, right = tokens[at:at + 3]
        negated = sign.text == "!="
        follows = tokens[at + 3].text if at + 3 < len(tokens) else ""
        word = {"null", "true", "false"}
        if left.kind == "name" and right.kind == "string" and left.text not in word:
            return self.equals(left.text, negated, right), 3
        if left.kind == "string" and right.kind == "name" and follows not in ("(", "[") and right.text not in word:
            return self.equals(right.text, negated, left), 3
        if left.kind == right.kind == "name" and not word & {left.text, right.text} and follows not in ("(", "["):
            return self.names(left.text, negated, right.text), 3
        return None

    FUNCTIONS = {"startsWith": "startswith", "endsWith": "endswith", "stringContains": "stringcontains"}

    def word(self, tokens, at):
        token, follows = tokens[at], tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.text in self.FUNCTIONS and follows == "(":
            return self.FUNCTIONS[token.text] + ("~" if self.fold else ""), 1
        if token.text == "cidrMatch":
            return "cidrmatch", 1
        if token.text in ("match", "matchLite") and follows == "(" and tokens[at + 3].text == ",":
            return f"{tokens[at + 2].text} {'regex~' if self.fold else 'regex'} {quoted(tokens[at + 4].value())}", 6
        if token.text == "in" and self.fold and tokens[at + 2].kind == "string":
            return "in~", 1
        return token.text, 1

    def spell(self, tokens):
        out, at, head, counting = [], 0, bool(tokens) and tokens[0].text == "sequence", False
        while at < len(tokens):
            token = tokens[at]
            counting = counting or token.text == "with"
            if head and token.text == "[":
                head = False
                out += [] if counting else ["with maxspan=36500d"]
            text, taken = self.comparison(tokens, at) or (None, 1)
            if text is None and token.kind == "name":
                text, taken = self.word(tokens, at)
            if text is None:
                text = quoted(token.value()) if token.kind == "string" else token.text
                text = "==" if text == "=" and not (head and counting) else text
            out.append(text)
            at += taken
        return " ".join(out).replace(" ~", "~")


class Query:
    def __init__(self, number, case, fold, numbers):
        self.number, self.source, self.expected, self.fold = number, case["query"], case["expected_event_ids"], fold
        spelling = Spelling(self.source, fold, numbers)
        first, *rest = spelling.pipes()
        self.sequence = bool(first) and first[0].text == "sequence"
        self.steps = sum(t.text == "[" for t in first) - any(t.text == "until" for t in first)
        self.conditions, self.stages, self.unknown = [spelling.spell(first)], [], None
        for part in rest:
            name = part[0].text
            if name in ("head", "tail") and len(part) == 2:
                self.stages.append((name, int(part[1].text)))
            elif name == "filter" and not self.sequence and not any(t.text in ("count", "percent") for t in part):
                self.stages.append((name, len(self.conditions)))
                self.conditions.append("any where " + spelling.spell(part[1:]))
            else:
                self.unknown = name

    def result(self, answers, key):
        """(kind, what): "error" and the sentence, or "ids" and the ids."""
        if self.unknown:
            return "pipe", self.unknown
        for answer in answers:
            if "error" in answer:
                return "refused", answer["error"]
        ids = answers[0][key]
        for name, number in self.stages:
            if name == "filter":
                ids = [i for i in ids if i in answers[number][key]]
            else:
                ids = ids[:number] if name == "head" else ids[-number:]
        return "ids", ids

    def wanted(self):
        """Of a sequence only the last event of each match is told."""
        ids = self.expected
        return sorted(set(ids[self.steps - 1::self.steps])) if self.sequence else ids


def main():
    queries_file, events_file, program = sys.argv[1:]
    with open(queries_file, "rb") as file:
        cases = tomllib.load(file)["queries"]
    with open(events_file, encoding="utf-8") as file:
        numbers = {name for event in json.load(file) for name, value in event.items() if isinstance(value, int)}
    queries = []
    for number, case in enumerate(cases):
        folds = [True] if case.get("case_insensitive") else [False] if case.get("case_sensitive") else [False, True]
        queries += [Query(number, case, fold, numbers) for fold in folds]
    asked = json.dumps([q.conditions for q in queries])
    answered = json.loads(subprocess.run([program, events_file], input=asked, capture_output=True, text=True, check=True).stdout)
    used, counts, failed, passed = collections.Counter(), collections.Counter(), 0, 0
    for query, answers in zip(queries, answered):
        rows = [row for row, (regex, kind, _) in enumerate(DIFFERENCES) if re.search(regex, query.source)]
        kinds = {DIFFERENCES[row][1] for row in rows}
        kind, got = query.result(answers, "ids")
        same = kind == "ids" and got == query.wanted() and query.result(answers, "engine") == (kind, got)
        what = "sequence" if query.sequence else "event query"
        if same:
            passed += 1
            counts[what] += 1
        elif (kind if kind != "ids" else "differs") in kinds:
            passed += 1
            for row in rows:
                if DIFFERENCES[row][1] == (kind if kind != "ids" else "differs"):
                    used[row] += 1
            counts["documented"] += 1
        else:
            failed += 1
            print(f"FAILED: query {query.number}{' (without case)' if query.fold else ''}: {' '.join(query.source.split())}")
            print(f"    as {query.conditions}")
            print(f"    expected {query.wanted()}, got {kind} {got}, the engine {query.result(answers, 'engine')}")
    for row, (regex, kind, reason) in enumerate(DIFFERENCES):
        if not used[row]:
            failed += 1
            print(f"FAILED: no query needs the difference {regex!r} ({reason})")
        else:
            print(f"{used[row]:4} {kind:8} {reason}")
    print(f"{len(cases)} queries asked {len(queries)} times: {counts['event query']} event queries and {counts['sequence']} "
          f"sequences give the expected ids, {counts['documented']} are documented differences")
    print(f"{passed} passed, {failed} failed, 0 skipped")
    sys.exit(failed > 0)


main()
