"""Random changes to the shipped YAML files, and what `mews fmt` must make of them.

Comments are put at random places: the result keeps them all, each before the key that it was put before, means the same to
another reader of YAML, and is formatted. Canonical files are written otherwise (indentation, order of keys, quotes, blanks
in conditions, line ends): formatting gives back the same bytes.

usage: fmt_properties.py MEWS SEED ROUNDS FILE…
"""
import collections
import random
import re
import subprocess
import sys

sys.path.insert(0, "tests/differential")
import yaml_core  # noqa: E402

mews, seed, rounds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
files = sys.argv[4:]
chance = random.Random(seed)
passed = failed = 0
tried = collections.Counter()


def kind_of(path):
    name = path.split("/")[-1]
    for part, kind in (("detections/", "detection"), ("organizations/", "organization"), ("dialects/", "dialect")):
        if part in path:
            return kind
    return {"lists.yaml": "lists", "fields.yaml": "fields", "clients.yaml": "clients", "mews.yaml": "project",
            "corpus.yaml": "corpus"}[name]


def fmt(kind, text):
    done = subprocess.run([mews, "fmt", "--kind", kind, "-"], input=text.encode(), capture_output=True)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def verdict(good, what, detail=""):
    global passed, failed
    if good:
        passed += 1
        return
    failed += 1
    print(f"FAILED: {what}\n{detail[:1500]}")


def meaning(value, key="", condition=False):
    """The tree, with conditions by their words: blanks and the two spellings of strings do not count."""
    condition = condition or key in ("conditions", "macros", "condition", "where")
    if isinstance(value, dict):
        return {k: meaning(v, k, condition) for k, v in value.items()}
    if isinstance(value, list):
        return [meaning(v, key, condition) for v in value]
    if isinstance(value, str) and condition:
        return re.sub(r"\s+", "", value.replace('"""', '"').replace("\\\\", "\\").replace('\\"', '"'))
    return value


def comments_of(text):
    return sorted(re.findall(r"# ~\d+~.*", text))


def scan(lines):
    """For each line: is it inside a block of text, or a flow collection or quotes that began above?"""
    inside, block, depth = [], None, 0
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        if block is not None and (not line.strip() or indent > block):
            inside.append("block")
            continue
        block = None
        inside.append("flow" if depth > 0 else "")
        bare = re.sub(r"'(?:''|[^'])*'|\"(?:\\.|[^\"\\])*\"", "q", re.sub(r"(^|\s)#.*", "", line))
        if re.search(r"(^|[:\-]\s+)(&\S+ )?[|>][-+0-9]*\s*$", bare) and depth == 0:
            block = indent + (2 if line.lstrip().startswith("- ") and ": " in line else 0)
            block = indent if not line.lstrip().startswith("- ") else indent + 1
        if depth > 0 or re.search(r"(:|-)\s+(&\S+ )?[\[{]", bare):
            depth += sum(bare.count(c) for c in "[{") - sum(bare.count(c) for c in "]}")
            depth = max(depth, 0)
    return inside


def with_comments(text):
    """The text with comments at random places, and which key each stands before."""
    lines, out, before, number = text.split("\n"), [], {}, 0
    inside = scan(lines)
    for i, line in enumerate(lines):
        key = re.match(r"\s*(?:- )*([^\s#\[{|>&*!'\"-][^:\s]*):(\s|$)", line)
        if not inside[i] and key and chance.random() < 0.15:
            if chance.random() < 0.3:
                out.append("")
            indent = len(line) - len(line.lstrip(" "))
            for _ in range(chance.randint(1, 2)):
                number += 1
                out.append(" " * indent + f"# ~{number}~ what: [it is] 'not\"")
                before[number] = key.group(1)
        nothing_open = inside[i] != "block" and line.strip() and not line.lstrip().startswith("#") and " # " not in line
        quoted = re.search(r"\"\"\"|'[^']*$", line)
        if nothing_open and not quoted and chance.random() < 0.1 and (not inside[i] or line.rstrip().endswith((",", "]", "}"))):
            number += 1
            line += f" # ~{number}~ behind"
        out.append(line)
    return "\n".join(out), before, number


def check_comments(path, kind, text):
    changed, before, number = with_comments(text)
    try:
        wanted = meaning(yaml_core.load(changed))
    except Exception as reason:  # the change itself made no YAML
        verdict(False, f"{path}: the test's own change is no YAML: {reason}", changed)
        return
    status, first, errors = fmt(kind, changed)
    verdict(status == 0, f"{path}: comments at random places", errors)
    if status != 0:
        return
    verdict(comments_of(first) == comments_of(changed), f"{path}: all {number} comments are kept", first)
    verdict(meaning(yaml_core.load(first)) == wanted, f"{path}: another reader sees the same tree", first)
    status, second, errors = fmt(kind, first)
    verdict(status == 0 and first == second, f"{path}: formatted once is formatted", errors + diff(first, second))
    lines = first.split("\n")
    for i, line in enumerate(lines):
        found = re.match(r"\s*# ~(\d+)~ what", line)
        if not found:
            continue
        rest = [x for x in lines[i + 1:] if x.strip() and not x.lstrip().startswith("#")]
        key = before[int(found.group(1))]
        if not rest or not re.match(r"\s*(?:- )*[\"']?" + re.escape(key), rest[0]):
            verdict(False, f"{path}: the comment {found.group(1)} stands before {key}", "\n".join(lines[max(0, i - 2):i + 4]))


def diff(one, other):
    import difflib
    return "\n".join(difflib.unified_diff(one.split("\n"), other.split("\n"), lineterm="", n=1))


def shuffled(text):
    """Keys of the top level in another order, each with the comments and the empty line before it."""
    lines, parts, header = text.split("\n")[:-1], [], []
    first = next(i for i, line in enumerate(lines) if line and not line.startswith("#"))
    header, lines = lines[:first], lines[first:]
    inside, waiting = scan(lines), []
    for i, line in enumerate(lines):
        if not inside[i] and (line.startswith("#") or not line.strip()):
            waiting.append(line)
        elif not inside[i] and re.match(r"\S", line):
            parts.append(waiting + [line])
            waiting = []
        else:
            parts[-1] += waiting + [line]
            waiting = []
    if waiting:
        return text
    if not any(not re.match(r"\s*(#|$)", part[0]) for part in parts):
        return text
    while True:  # what stands above the first key is the file's own comment, so nothing may come there
        chance.shuffle(parts)
        if not re.match(r"\s*(#|$)", parts[0][0]):
            break
    return "\n".join(header + [line for part in parts for line in part]) + "\n"


def indented(text, factor):
    lines, out, inside = text.split("\n"), [], scan(text.split("\n"))
    base = 0
    for i, line in enumerate(lines):
        indent = len(line) - len(line.lstrip(" "))
        if inside[i] == "block" and line.strip():
            if i > 0 and inside[i - 1] != "block":
                base = indent
            out.append(" " * (base * factor + indent - base) + line.lstrip(" "))
        else:
            stripped = line.lstrip(" ")
            if stripped.startswith("- ") and factor > 1 and not inside[i]:
                stripped = "-" + " " * (2 * factor - 1) + stripped[2:]
            out.append(" " * (indent * factor) + stripped if line.strip() else line)
    return "\n".join(out)


def requoted(text):
    """Plain texts in quotes of either sort; only such as every reader takes for a text."""
    lines, inside = text.split("\n"), scan(text.split("\n"))

    def quote(found):
        mark = chance.choice("\"'")
        return found.group(1) + mark + found.group(2) + mark + found.group(3) if chance.random() < 0.4 else found.group(0)
    for i, line in enumerate(lines):
        if inside[i] == "block" or line.lstrip().startswith("#") or "'" in line or '"' in line or " #" in line:
            continue
        if not inside[i] and not re.match(r"\s*(- )*(\S+: )?[\[{]", line):  # brackets inside of a plain text
            line = line.replace("[", "\0")
        word = r"([A-Za-z/][A-Za-z/._-]*[A-Za-z/_]{2})"
        line = re.sub(r"(\[|, )" + word + r"([,\]])(?!:)", lambda m: m.group(0) if m.group(2) in WORDS else quote(m), line)
        line = re.sub(r"^(\s*(?:- )?[a-z_]+: )" + word + r"($)", lambda m: m.group(0) if m.group(2) in WORDS else quote(m), line)
        lines[i] = line.replace("\0", "[")
    return "\n".join(lines)


WORDS = {"true", "false", "null", "yes", "no", "on", "off", "True", "False"}


def spaced(text):
    """More blanks in conditions' lines, outside of their strings."""
    lines, inside = text.split("\n"), scan(text.split("\n"))
    for i, line in enumerate(lines):
        condition = re.match(r"(\s*(?:[a-z_-]+: )?)((?:process|file|container|network|api) where .*)", line)
        if condition and '"""' not in line:
            pieces = re.split(r'("(?:\\.|[^"\\])*")', condition.group(2))
            line = condition.group(1) + "".join(p if p.startswith('"') else p.replace(" ", "  ") for p in pieces)
        lines[i] = line
    return "\n".join(lines)


def loosened(text):
    """More empty lines where there is one, blanks at the ends of lines, CR LF."""
    lines, inside = text.split("\n"), scan(text.split("\n"))
    out = []
    for i, line in enumerate(lines):
        if not inside[i] and not line.strip() and 0 < i < len(lines) - 1 and not (i > 0 and inside[i - 1] == "block"):
            out += [""] * chance.randint(1, 3)
        elif not inside[i] and not line.rstrip().endswith(("|", ">", "|-", ">-")):
            out.append(line + " " * chance.randint(0, 2) if line.strip() else line)
        else:
            out.append(line)
    text = "\n".join(out)
    return text.replace("\n", "\r\n") if chance.random() < 0.3 else text


def check_rewritten(path, kind, canonical):
    for name, change in (("another order of keys", shuffled), ("wider indentation", lambda t: indented(t, chance.choice((2, 3)))),
                         ("other quotes", requoted), ("blanks in conditions", spaced), ("empty lines and CR LF", loosened),
                         ("all of that", lambda t: loosened(spaced(requoted(indented(shuffled(t), 2)))))):
        changed = change(canonical)
        if changed == canonical:
            continue
        if ("order" in name or "all" in name) and re.search(r"[:\-,\[] \*[a-z]", canonical):
            continue  # what aliases name must stand before them
        tried[name] += 1
        status, back, errors = fmt(kind, changed)
        verdict(status == 0 and back == canonical, f"{path}: {name}", errors + diff(canonical, back))


for path in files:
    kind = kind_of(path)
    source = open(path).read()
    status, canonical, errors = fmt(kind, source)
    verdict(status == 0, f"{path}: can be formatted", errors)
    if status != 0:
        continue
    verdict(meaning(yaml_core.load(canonical)) == meaning(yaml_core.load(source)), f"{path}: means the same", diff(source, canonical))
    verdict(fmt(kind, canonical)[1] == canonical, f"{path}: stays", "")
    for _ in range(rounds):
        check_comments(path, kind, canonical)
        check_rewritten(path, kind, canonical)
verdict(len(tried) == 6 and min(tried.values()) > 3, "each change was tried on several files", str(tried))
print(f"{passed} passed, {failed} failed")
