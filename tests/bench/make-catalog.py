#!/usr/bin/env python3
"""Writes a catalog of N detections for the benches: tests/bench/make-catalog.py N FOLDER [RULESETS]

Fields, lists, clients and dialects are copied from RULESETS (default: rulesets). The detections are made
from templates in the proportions of public rule sets: most ask for an exec by name and arguments, some
for files, connections and containers. The same N gives the same bytes.
"""
import random
import shutil
import sys
import uuid
from pathlib import Path

NAMESPACE = uuid.UUID("5f0e1d9c-5a52-5d0f-8e57-6d0a3c1b2e4f")
TOOLS = ["curl", "wget", "nc", "socat", "perl", "python3", "base64", "chattr", "crontab", "iptables", "mount",
         "nsenter", "insmod", "setfacl", "systemctl", "tar", "useradd", "xxd", "strace", "tcpdump"]
FOLDERS = ["/etc", "/root", "/var/spool/cron", "/usr/lib/systemd", "/opt", "/srv", "/tmp", "/dev/shm", "/boot"]
SEVERITIES = ["informational", "low", "medium", "high", "critical"]
CAPABILITIES = ["CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_BPF", "CAP_SYSLOG"]


def word(rng):
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(5, 9)))


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def several(rng, make, low, high):
    return "(" + ", ".join(quote(make()) for _ in range(rng.randint(low, high))) + ")"


def exec_arguments(rng):
    tool, flag = rng.choice(TOOLS), "--" + word(rng)
    condition = (f'process where event.action == "exec" and process.name == {quote(tool)} and '
                 f'process.args like {several(rng, lambda: "*" + word(rng) + "*", 1, 4)} and process.args : {quote(flag)}')
    return condition, None


def exec_line(rng):
    part = f"/{word(rng)}/{word(rng)}"
    condition = (f'process where event.action == "exec" and stringcontains~(process.command_line, {quote(part)}) and '
                 f'not process.parent.name in {several(rng, lambda: word(rng), 2, 6)}')
    match = {"event.category": "process", "event.action": "exec", "process.parent.name": "sh",
             "process.command_line": f"sh -c {part}"}
    return condition, match


def exec_regex(rng):
    stem = word(rng)
    condition = (f'process where event.action == "exec" and process.command_line regex~ '
                 f'{quote(".*" + stem + "(-[a-z]+)? +(-e|--eval) .*")}')
    match = {"event.category": "process", "event.action": "exec", "process.command_line": f"{stem}-x --eval 1"}
    return condition, match


def file_written(rng):
    path = f"{rng.choice(FOLDERS)}/{word(rng)}"
    condition = (f'file where event.action in ("create", "modify", "rename") and file.path like '
                 f'({quote(path + "/*")}, {quote("*/" + word(rng) + ".conf")}) and process.name != {quote(rng.choice(TOOLS))}')
    match = {"event.category": "file", "event.action": "modify", "file.path": f"{path}/a", "process.name": "vi"}
    return condition, match


def connection(rng):
    port, net = rng.randint(1025, 65535), f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}.0/24"
    condition = (f'network where event.action == "connect" and (destination.port == {port} or '
                 f'cidrmatch(destination.ip, {quote(net)})) and process.name in {several(rng, lambda: rng.choice(TOOLS), 2, 4)}'
                 f' and process.in_container == true')
    return condition, None


def container(rng):
    source = f"{rng.choice(FOLDERS)}/{word(rng)}"
    condition = (f'container where event.action in ("create", "run") and (container.mounts like {quote(source + ":*:rw")} or '
                 f'container.capabilities.added == {quote(rng.choice(CAPABILITIES))} and container.image.name like '
                 f'{quote("*/" + word(rng) + "*")})')
    match = {"event.category": "container", "event.action": "run", "container.mounts": [f"{source}:/data:rw"]}
    return condition, match


TEMPLATES = [(exec_arguments, 45), (exec_line, 20), (exec_regex, 6), (file_written, 14), (connection, 7), (container, 8)]


def flow(value):
    """A value in YAML's flow style, always quoted."""
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return quote(str(value))


def event(fields):
    return "{" + ", ".join(f"{name}: {flow(value)}" for name, value in fields.items()) + "}"


def detection(index, rng):
    makers, weights = zip(*TEMPLATES)
    condition, match = rng.choices(makers, weights)[0](rng)
    name = f"bench-{index:05d}"
    # A second condition that its own test can match, whatever the template's values were.
    marker = f"marker-{index:05d}"
    hit = match or {"event.category": "process", "event.action": "exec", "process.name": marker}
    extra = "" if match else f"  named: process where event.action == \"exec\" and process.name == {quote(marker)}\n"
    return name, (
        f"id: {uuid.uuid5(NAMESPACE, name)}\nname: {name}\ntitle: Detection {index} of the Bench\n"
        f"description: Made by tests/bench/make-catalog.py.\nstatus: test\nseverity: {rng.choice(SEVERITIES)}\n"
        f"techniques: [T{rng.randint(1001, 1660)}]\nsurface: {rng.choice(['host', 'runtime', 'workload'])}\n"
        f"author: mews project\ndate: 2026-11-23\nreferences: [https://example.com/{name}]\nconditions:\n"
        f"  main: |\n    {condition}\n{extra}tests:\n"
        f"  - {{name: hit, event: {event(hit)}, expect: match}}\n"
        f"  - {{name: other, event: {{event.category: log, event.action: message}}, expect: no-match}}\n")


def main():
    if len(sys.argv) not in (3, 4) or not sys.argv[1].isdigit():
        sys.exit(__doc__)
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    rulesets = Path(sys.argv[3] if len(sys.argv) == 4 else "rulesets")
    rng = random.Random(611)
    (folder / "detections").mkdir(parents=True, exist_ok=True)
    for name in ("fields.yaml", "lists.yaml", "clients.yaml"):
        if (rulesets / name).exists():
            shutil.copy(rulesets / name, folder / name)
    if (rulesets / "dialects").is_dir():
        shutil.copytree(rulesets / "dialects", folder / "dialects", dirs_exist_ok=True)
    for index in range(count):
        name, text = detection(index, rng)
        (folder / "detections" / f"{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
