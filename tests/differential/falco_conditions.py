#!/usr/bin/env python3
"""Gives every condition of Falco packs to sysdig, which holds the real, older filter compiler.

usage: falco_conditions.py CAPTURE REFERENCE|- RULES.yaml...

What the old compiler lacks is replaced by something of the same shape before it is asked: a field that it does
not know by proc.name, the operator regex by =, an event type by open, a value that is too long for it by a short one,
a network of IPv6 by one of IPv4. Conditions are asked many at once, and told apart where one of them is refused.
Fields and event types are checked against the newer engine's own lists (REFERENCE/fields-syscall.json,
events.json) and listed by name. Standard library only; the files are ours, so their layout is known.
"""
import ipaddress
import json
import re
import subprocess
import sys

TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|<=|>=|[=<>(),]|[^\s()"\'=,<>]+', re.S)
QUOTED = r"""'(?:''|[^'])*'|"(?:\\.|[^"\\])*\""""
LONGEST = 250
FIELD = re.compile(r"[a-z][a-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)+$")
OPERATORS = {"=", "in", "contains", "icontains", "startswith", "endswith", "glob", "regex", "exists", "<", ">", "<=", ">="}


def unquote(text):
    text = text.strip()
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return json.loads(text) if text.startswith('"') else text


def items(text):
    """Words between commas, with quotes as they stand."""
    return [unquote(word) for word in re.findall(QUOTED + r"|[^,\[\]\s][^,\[\]]*", text)]


class Pack:
    def __init__(self, path):
        self.path, self.lists, self.macros, self.rules = path, {}, {}, []
        name, condition, block, entry = None, [], None, None
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                line = line.rstrip("\n")
                if line.startswith("- list: "):
                    name = line[8:]
                elif line.startswith("- macro: "):
                    name, block = line[9:], "macro"
                elif block == "macro" and line.startswith("    "):
                    self.macros[name] = " ".join([*self.macros.get(name, "").split(), line.strip()])
                elif line.startswith("  items: ["):
                    self.lists[name] = line[10:-1]
                elif line.startswith("- rule: "):
                    self.rules.append([unquote(line[8:]), "", []])
                elif line.startswith("  condition: >-") and block != "macro":
                    block, condition = "condition", []
                elif block == "condition" and line.startswith("    "):
                    condition.append(line.strip())
                    self.rules[-1][1] = " ".join(condition)
                elif line.startswith("  exceptions:"):
                    block = "exceptions"
                elif block == "exceptions" and line.startswith("    - name: "):
                    entry = {"values": []}
                    self.rules[-1][2].append(entry)
                elif block == "exceptions" and line.startswith("      fields: "):
                    entry["fields"] = items(line[14:])
                elif block == "exceptions" and line.startswith("      comps: "):
                    entry["comps"] = items(line[13:])
                elif block == "exceptions" and line.startswith("        - "):
                    entry["values"].append(line[11:-1])
                elif not line.startswith("  "):
                    block = None

    def expanded(self, rule):
        """The condition as Falco itself puts it together: macros put in, lists pasted, exceptions negated."""
        text = self.with_names(rule[1])
        rows = [row for entry in rule[2] for row in self.rows(entry)]
        return f"({text}) and not ({' or '.join(rows)})" if rows else text

    def with_names(self, text):
        """The text with macros in brackets and lists' values in place of their names, outside of quotes."""
        def put(found):
            name = found.group()
            if name in self.macros:
                return f"({self.with_names(self.macros[name])})"
            return self.with_names(self.lists[name]) if name in self.lists else name

        return re.sub(rf"{QUOTED}|[A-Za-z_][\w.-]*", put, text)

    @staticmethod
    def rows(entry):
        for values in entry["values"]:
            parts = re.findall(rf"\[(?:{QUOTED}|[^\]'\"])*\]|{QUOTED}", values)
            tests = []
            for field, comparison, value in zip(entry["fields"], entry["comps"], parts):
                value = f"({', '.join(items(value))})" if value.startswith("[") else unquote(value)
                tests.append(f"{field} {comparison} {value}")
            yield "(" + " and ".join(tests) + ")"


class Engine:
    TOGETHER = 24

    def __init__(self, capture):
        self.capture, self.known = capture, {}

    def refused(self, conditions):
        """Those that it does not take, with the reason of each."""
        if len(conditions) > self.TOGETHER:
            parts = [conditions[at:at + self.TOGETHER] for at in range(0, len(conditions), self.TOGETHER)]
        else:
            accepted, why = self.accepts(" or ".join(f"({condition})" for condition in conditions))
            if accepted:
                return {}
            if len(conditions) == 1:
                return {conditions[0]: self.accepts(conditions[0])[1] or why}
            parts = [conditions[:len(conditions) // 2], conditions[len(conditions) // 2:]]
        return {condition: why for part in parts for condition, why in self.refused(part).items()}

    def accepts(self, condition):
        run = subprocess.run(["sysdig", "-r", self.capture, condition], capture_output=True, text=True)
        return run.returncode == 0, run.stderr.strip().replace("\n", " ")

    def knows(self, field):
        if field not in self.known:
            self.known[field] = self.accepts(f"{field} exists")[0]
        return self.known[field]

    def knows_event(self, name):
        if name not in self.known:
            self.known[name] = self.accepts(f"evt.type = {name}")[0]
        return self.known[name]


class Reference:
    """What the newer engine says of itself; without it everything passes."""

    def __init__(self, folder):
        self.fields = self.events = None
        if folder == "-":
            return
        with open(folder + "/fields-syscall.json", encoding="utf-8") as file:
            self.fields = {field["name"] for group in json.load(file)["fieldclasses"] for field in group["fields"]}
        with open(folder + "/events.json", encoding="utf-8") as file:
            self.events = set(self.names(json.load(file)))

    @staticmethod
    def names(node):
        """Names of everything that has parameters, however it is grouped."""
        if isinstance(node, dict) and "params" in node:
            yield node["name"]
        elif isinstance(node, (dict, list)):
            for child in node.values() if isinstance(node, dict) else node:
                yield from Reference.names(child)

    def has_field(self, field):
        if self.fields is None or field in self.fields:
            return True
        return field.startswith("evt.arg.") and "evt.arg" in self.fields

    def has_event(self, name):
        return self.events is None or name in self.events


class Reduction:
    def __init__(self, engine, reference, lacking):
        self.engine, self.reference, self.lacking, self.wrong = engine, reference, lacking, []

    def field(self, word):
        if not self.reference.has_field(word):
            self.wrong.append(f"{word} is no field of the engine")
        if self.engine.knows(word):
            return word
        self.lacking.add(word)
        return "proc.name"

    def event(self, word):
        if not self.reference.has_event(word):
            self.wrong.append(f"{word} is no event of the engine")
        if self.engine.knows_event(word):
            return word
        self.lacking.add("event type " + word)
        return "open"

    def value(self, word, field):
        if field == "evt.type" and word not in "(),":
            return self.event(word)
        if re.fullmatch(r"[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/[0-9]+", bare := word.strip("\"'")):
            try:
                ipaddress.IPv6Network(bare)
            except ValueError as error:
                self.wrong.append(str(error))
            self.lacking.add("networks of IPv6")
            return "127.0.0.0/8"
        if word[0] in "\"'" and ("'" in word[1:-1] or '"' in word[1:-1]):
            self.lacking.add("quotes within quotes")
            return '"x"'
        if len(word) > LONGEST:
            self.lacking.add(f"values of more than {LONGEST} bytes")
            return '"x"'
        return word

    def of(self, condition):
        if "basename(" in condition:
            self.lacking.add("transformer basename")
            condition = re.sub(r"\bbasename\(([a-z.]+)\)", r"\1", condition)
        words = TOKEN.findall(condition)
        out, field = [], None
        for word, following in zip(words, words[1:] + [""]):
            if FIELD.match(word) and following in OPERATORS:
                field = word
                out.append(self.field(word))
            elif word == "regex":
                self.lacking.add("operator regex")
                out.append("=")
            elif word in OPERATORS or word in ("and", "or", "not"):
                out.append(word)
            else:
                out.append(self.value(word, field))
        return " ".join(out)


def engine_regex():
    """What compiles a regular expression as the engine does: RE2 in POSIX syntax, where Python has it."""
    try:
        import re2
    except ImportError:
        return None
    options = re2.Options()
    options.posix_syntax = options.longest_match = True
    options.log_errors = False
    return lambda text: re2.compile(text, options)


def compiles(condition, engine):
    """Every regular expression, as the engine unescapes it. Its POSIX syntax has no (?, no \\s \\d \\w, and no lazy forms."""
    for text in re.findall(r"""regex ("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')""", condition):
        text = json.loads(text if text[0] == '"' else '"' + text[1:-1].replace('"', '\\"') + '"')
        plain = re.sub(r"\[:[a-z]+:\]", "a", text)  # Python has no classes by name
        bare = re.sub(r"\[\^?\]?(?:\\.|[^\]\\])*\]", "x", plain)
        found = re.search(r"\(\?|[*+?}]\?|\\[A-Zsdwb]", re.sub(r"\\[^A-Za-z]", "x", bare)) or re.search(r"\[[^\]]*\\[sdwSDW]", plain)
        if found:
            raise ValueError(f"{found.group()} is not in RE2's POSIX syntax")
        engine(text) if engine else re.compile(re.sub(r"\\x\{10ffff\}", "\\\\U0010ffff", plain))


def prepared(paths, engine, reference, lacking):
    """Each rule as (path, name, the condition for the engine, what is wrong with it already)."""
    re2 = engine_regex()
    if re2 is None:
        print("skipped: Python's re2 is not here, so regular expressions were only compiled by re")
    reduced = {}  # organizations have most conditions in common
    for path in paths:
        names = set()
        for name, *rest in (pack := Pack(path)).rules:
            condition = pack.expanded([name, *rest])
            if condition not in reduced:
                reduction = Reduction(engine, reference, lacking)
                try:
                    compiles(condition, re2)
                except Exception as error:
                    reduction.wrong.append(f"a regular expression is wrong: {error}")
                reduced[condition] = reduction.of(condition), reduction.wrong
            text, wrong = reduced[condition]
            yield path, name, text, wrong + (["the name is there twice"] if name in names else [])
            names.add(name)
        if not pack.rules:
            yield path, "", None, ["no rules were found"]


def main():
    engine, reference, lacking = Engine(sys.argv[1]), Reference(sys.argv[2]), set()
    rules = list(prepared(sys.argv[3:], engine, reference, lacking))
    refused = engine.refused(sorted({text for _, _, text, _ in rules if text is not None}))
    passed = failed = 0
    for path, name, text, wrong in rules:
        if not wrong and text not in refused:
            passed += 1
            continue
        failed += 1
        print(f"{path}: {name}: {'; '.join(wrong) or refused[text]}")
    if reference.fields is None:
        print("skipped: the engine's own lists are not here, so what sysdig lacks was not checked")
    print(f"not in this sysdig, checked against the engine's own list: {', '.join(sorted(lacking)) or 'nothing'}")
    print(f"{passed} passed, {failed} failed, {0 if reference.fields is not None else len(lacking)} skipped")
    return 1 if failed or not passed else 0


sys.exit(main())
