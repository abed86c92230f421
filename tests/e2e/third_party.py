#!/usr/bin/env python3
"""Third-party data for third-party.sh.

third_party.py commands FILE.tsv     command lines of tldr or Atomic Red Team → ECS events, one JSON a line
third_party.py count REPLAY.json N   alerts of `mews replay --alerts`, per 100 of N inputs, by detection
third_party.py files REPLAY.json     DETECTION FILE for each alert, once a file
"""
import collections
import json
import re
import shlex
import sys

SEPARATORS = {"|", "||", "&&", ";", "&", "|&"}
PREFIXES = {"sudo", "doas"}


def placeholders(line, which):
    """tldr's {{[-t|--tag]}} is two spellings, {{a|b}} two examples, {{text}} the text."""

    def one(match):
        words = match.group(1)
        if words.startswith("[") and words.endswith("]"):
            words = words[1:-1]
        parts = words.split("|")
        return parts[min(which, len(parts) - 1)]

    return re.sub(r"\{\{(.*?)\}\}", one, line)


def simple_commands(line):
    """The argument vectors of a line of shell, without its redirections; [] where it cannot be split."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    lexer.commenters = "#"
    try:
        words = list(lexer)
    except ValueError:
        return []
    commands, current, skip = [], [], False
    for word in words:
        if word in SEPARATORS or set(word) <= set("();|&"):
            commands.append(current)
            current = []
        elif skip:
            skip = False
        elif re.fullmatch(r"[<>&|]+", word):
            skip = True
        elif current or not re.fullmatch(r"\w+=.*", word):
            current.append(word)
    commands.append(current)
    for command in commands:
        while command and command[0] in PREFIXES:
            command.pop(0)
            while command and command[0].startswith("-"):
                option = command.pop(0)
                if option in ("-u", "-g", "-h", "-p", "-U", "-C") and command:
                    command.pop(0)
    commands = [command for command in commands if command]
    for command in list(commands):
        if command[0] in ("sh", "bash") and "-c" in command[:-1]:
            commands += simple_commands(command[command.index("-c") + 1])
    return commands


def event(args, note, contained):
    name = args[0].rsplit("/", 1)[-1]
    return {"event.category": "process", "event.action": "exec", "event.outcome": "success", "process.name": name,
            "process.args": args, "process.in_container": contained, "process.working_directory": "/srv/app", "message": note}


def tldr(columns):
    for which in (0, 1):
        for args in simple_commands(placeholders(columns[1], which)):
            yield event(args, f"{columns[0]}: {columns[1]}", False)


def atomic(columns):
    technique, title, platforms, script = columns[0], columns[1], columns[2], columns[5]
    script = script.replace("\\n", "\n").replace("\\t", "\t")
    note = f"{technique} {title}"
    contained = "containers" not in platforms and technique == "T1611"
    yield event(["sh", "-c", script], note, contained)
    for line in script.split("\n"):
        for args in simple_commands(line):
            yield event(args, note, contained)


def commands(path):
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            columns = line.rstrip("\n").split("\t")
            if columns[0] == "technique":
                continue
            seen = set()
            for made in atomic(columns) if len(columns) >= 6 else tldr(columns):
                text = json.dumps(made)
                if text not in seen:
                    print(text)
                seen.add(text)


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
    if sys.argv[1] == "commands":
        commands(sys.argv[2])
    elif sys.argv[1] == "count":
        count(sys.argv[2], max(int(sys.argv[3]), 1))
    else:
        files(sys.argv[2])
