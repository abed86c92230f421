#!/usr/bin/env python3
"""Writes a catalog of N made detections for the benches: tests/bench/make-catalog.py N FOLDER [RULESETS [KIND]]

Fields, lists, clients and dialects are copied from RULESETS (default: rulesets). The same call gives the same bytes.

KIND usual  (default) in the proportions of public process_creation rules (of 1,615 in SigmaHQ: 4.1 predicates a rule, of
            which half ask what the command line contains, a quarter how the program's path ends, a tenth the name in the
            file, one in twelve the parent; each list 3 to 4 values; one rule in five excludes something; one predicate in a
            hundred is a regex). One detection in twelve asks for files, connections or containers instead.
     hard   none has a literal that an index could use: regexes of classes, wildcards at both ends of one or two letters
     evil   regexes that backtrack until the match limit stops them
     every  each detection holds for every process that is started
     none   each is looked at for every process that is started, and holds for none
"""
import random
import shutil
import sys
import uuid
from pathlib import Path

NAMESPACE = uuid.UUID("5f0e1d9c-5a52-5d0f-8e57-6d0a3c1b2e4f")
# Programs that rules ask for: some run on every host all day (tests/bench/programs.h), most never.
WINDOWS = """cmd.exe powershell.exe rundll32.exe reg.exe net.exe schtasks.exe sc.exe msiexec.exe wmic.exe certutil.exe mshta.exe
regsvr32.exe bitsadmin.exe cscript.exe wscript.exe vssadmin.exe whoami.exe nltest.exe netsh.exe wevtutil.exe tasklist.exe
taskkill.exe procdump.exe psexec.exe ntdsutil.exe esentutl.exe forfiles.exe hh.exe installutil.exe msbuild.exe odbcconf.exe
regasm.exe csc.exe cmstp.exe makecab.exe expand.exe robocopy.exe xcopy.exe adfind.exe dsquery.exe fsutil.exe bcdedit.exe
svchost.exe explorer.exe winword.exe excel.exe node.exe git.exe chrome.exe conhost.exe""".split()
LINUX = """bash sh curl wget nc socat perl python3 base64 chattr crontab iptables mount nsenter insmod setfacl systemctl tar useradd
xxd strace tcpdump find grep sed cat ps id whoami docker rsync sshd node java chmod chown dd touch at ufw""".split()
# What command lines of many programs hold.
COMMON = ["http://", "https://", "\\AppData\\Local\\Temp\\", "\\Users\\Public\\", "C:\\Windows\\Temp\\", "/tmp/", "/dev/shm/", ".exe", ".dll",
          ".ps1", " -c ", " /c ", " -e ", " -enc", "-NoP", "hidden", "bypass", "Invoke-", "DownloadString", "/etc/passwd", "/etc/shadow",
          "/dev/tcp/", "base64", "-decode", "urlcache", "lsass", "shadows", "delete", "/add", "localgroup", " user ", "export", "query"]
FOLDERS = ["/etc", "/root", "/var/spool/cron", "/usr/lib/systemd", "/opt", "/srv", "/tmp", "/dev/shm", "/boot"]
SEVERITIES = ["informational", "low", "medium", "high", "critical"]
CAPABILITIES = ["CAP_SYS_ADMIN", "CAP_SYS_MODULE", "CAP_SYS_PTRACE", "CAP_NET_ADMIN", "CAP_BPF", "CAP_SYSLOG"]
EXEC = {"event.category": "process", "event.action": "exec"}


def word(rng):
    return "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(5, 9)))


def quote(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def listed(values):
    return ", ".join(quote(value) for value in values)


def part(rng):
    """What a rule looks for in a command line: two in seven are words of every day."""
    kind = rng.random()
    if kind < 0.28:
        return rng.choice(COMMON)
    if kind < 0.5:
        return rng.choice([" -", " --", " /"]) + word(rng)
    if kind < 0.65:
        return word(rng) + rng.choice([".exe", ".dll", ".ps1", ".sh", ".py", "("])
    return word(rng).capitalize() if kind < 0.8 else word(rng)


def several(rng, low=1, high=6):
    return [part(rng) for _ in range(rng.randint(low, high))]


def path_of(windows, name):
    return "\\" + name if windows else "/" + name


# Each gives a condition and an event that it matches.

def started(rng, windows, parent):
    """A program by its path's end, what its command line contains, perhaps its parent, perhaps exclusions."""
    names = rng.sample(WINDOWS if windows else LINUX, rng.randint(1, 3))
    hit = dict(EXEC, **{"host.os.type": "windows" if windows else "linux"})
    image = f"endswith~(process.executable, {listed(path_of(windows, name) for name in names)})"
    hit["process.executable"] = ("C:\\Windows" if windows else "/usr/bin") + path_of(windows, names[0])
    if windows and rng.random() < 0.5:
        image = f"({image} or OriginalFileName in~ ({listed(names)}))"
    asked = [f'host.os.type == "{hit["host.os.type"]}"', 'event.action == "exec"', image]
    groups = [several(rng) for _ in range(rng.choice([1, 1, 1, 2, 2, 3]))]
    asked += [f"stringcontains~(process.command_line, {listed(group)})" for group in groups]
    hit["process.command_line"] = " ".join(group[0] for group in groups)
    if parent:
        above = rng.sample(WINDOWS if windows else LINUX, rng.randint(1, 4))
        asked.insert(2, f"endswith~(process.parent.executable, {listed(path_of(windows, name) for name in above)})")
        hit["process.parent.executable"] = "/x" + path_of(windows, above[0])
    if rng.random() < 0.2:
        asked.append(f"not stringcontains~(process.command_line, {listed(word(rng) for _ in range(rng.randint(1, 3)))})")
    return "process where " + " and ".join(asked), hit


def started_windows(rng):
    return started(rng, True, rng.random() < 0.25)


def started_linux(rng):
    return started(rng, False, rng.random() < 0.15)


def line_alone(rng):
    """Whatever the program: what its command line contains, in two lists of which each must have one in it."""
    windows = rng.random() < 0.6
    groups = [several(rng, 1, 4), several(rng, 2, 8)]
    condition = (f'process where host.os.type == "{"windows" if windows else "linux"}" and event.action == "exec" and ' +
                 " and ".join(f"stringcontains~(process.command_line, {listed(group)})" for group in groups))
    return condition, dict(EXEC, **{"host.os.type": "windows" if windows else "linux",
                                    "process.command_line": " ".join(group[0] for group in groups)})


def parent_alone(rng):
    above, below = rng.sample(WINDOWS, rng.randint(1, 3)), rng.sample(WINDOWS, rng.randint(2, 8))
    condition = (f'process where host.os.type == "windows" and event.action == "exec" and endswith~(process.parent.executable, '
                 f'{listed(path_of(True, name) for name in above)}) and (endswith~(process.executable, '
                 f'{listed(path_of(True, name) for name in below)}) or stringcontains~(process.parent.command_line, {quote(word(rng))}))')
    return condition, dict(EXEC, **{"host.os.type": "windows", "process.parent.executable": "C:" + path_of(True, above[0]),
                                    "process.executable": "C:" + path_of(True, below[0])})


def by_regex(rng):
    stem = word(rng)
    condition = (f'process where event.action == "exec" and process.command_line regex~ '
                 f'{quote(".*" + stem + "(-[a-z]+)? +(-e|--eval) .*")}')
    return condition, dict(EXEC, **{"process.command_line": f"{stem}-x --eval 1"})


def file_written(rng):
    path = f"{rng.choice(FOLDERS)}/{word(rng)}"
    condition = (f'file where event.action in ("create", "modify", "rename") and file.path like '
                 f'({quote(path + "/*")}, {quote("*/" + word(rng) + ".conf")}) and process.name != {quote(rng.choice(LINUX))}')
    return condition, {"event.category": "file", "event.action": "modify", "file.path": f"{path}/a", "process.name": "vi"}


def connection(rng):
    port, net = rng.randint(1025, 65535), f"10.{rng.randint(0, 255)}.{rng.randint(0, 255)}"
    tools = [rng.choice(LINUX) for _ in range(rng.randint(2, 4))]
    condition = (f'network where event.action == "connect" and (destination.port == {port} or '
                 f'cidrmatch(destination.ip, "{net}.0/24")) and process.name in ({listed(tools)})')
    return condition, {"event.category": "network", "event.action": "connect", "destination.ip": net + ".7", "process.name": tools[0]}


def container(rng):
    source = f"{rng.choice(FOLDERS)}/{word(rng)}"
    condition = (f'container where event.action in ("create", "run") and (container.mounts like {quote(source + ":*:rw")} or '
                 f'container.capabilities.added == {quote(rng.choice(CAPABILITIES))} and container.image.name like '
                 f'{quote("*/" + word(rng) + "*")})')
    return condition, {"event.category": "container", "event.action": "run", "container.mounts": [f"{source}:/data:rw"]}


def hard(rng):
    letters, digits = word(rng)[:2], rng.randint(3, 9)
    forms = [
        (f'process.command_line regex~ {quote(f".*[{letters}x-z]{{{digits}}}[0-9]+[^a-z ]{{2}}.*")}', letters[0] * digits + "0$$"),
        (f'process.command_line like~ {quote(f"*{letters[0]}?{letters[1]}*")} and process.executable like~ "*{letters[1]}*"', "@".join(letters)),
        (f'not stringcontains~(process.command_line, {quote(part(rng))}) and process.command_line regex {quote(".*[A-Z]{3}[0-9]{%d}" % digits)}',
         "QQQ" + "1" * digits)]
    asked, line = forms[rng.randrange(3)]
    return f'process where event.action == "exec" and {asked}', dict(EXEC, **{"process.command_line": line, "process.executable": letters})


def evil(rng):
    last = rng.choice("QJX#!@")
    asked = f"(([a-z/. -]+)+[a-z/. ]*)+[A-Z]{{3}}[0-9{last}]{{2}}"  # no text that must be there, and many ways to fail
    return (f'process where event.action == "exec" and process.command_line regex {quote(asked)}',
            dict(EXEC, **{"process.command_line": f"aAAA{last}{last}"}))


def every(_):
    return 'process where event.action == "exec" and process.pid > 0', dict(EXEC, **{"process.pid": "7"})


def none(_):
    hit = dict(EXEC, **{"process.pid": "9007199254740991"})
    return 'process where event.action == "exec" and process.pid > 4194304', hit


KINDS = {
    "usual": [(started_windows, 46), (started_linux, 18), (line_alone, 14), (parent_alone, 8), (by_regex, 4), (file_written, 4), (connection, 3),
              (container, 3)],
    "hard": [(hard, 1)], "evil": [(evil, 1)], "every": [(every, 1)], "none": [(none, 1)]}
FIELDS = """# Of the benches: a name that Windows' logs have and that public rules ask for.
fields:
  OriginalFileName: {type: keyword, list: true, native: [sigma, ecs], about: The name in the program's file.}
"""


def flow(value):
    """A value in YAML's flow style, always quoted."""
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return quote(str(value))


def event(fields):
    return "{" + ", ".join(f"{name}: {flow(value)}" for name, value in fields.items()) + "}"


def detection(index, rng, kind):
    makers, weights = zip(*KINDS[kind])
    condition, hit = rng.choices(makers, weights)[0](rng)
    name = f"bench-{index:05d}"
    return name, (
        f"id: {uuid.uuid5(NAMESPACE, name)}\nname: {name}\ntitle: Detection {index} of the Bench\n"
        f"description: Made by tests/bench/make-catalog.py.\nstatus: test\nseverity: {rng.choice(SEVERITIES)}\n"
        f"techniques: [T{rng.randint(1001, 1660)}]\nsurface: {rng.choice(['host', 'runtime', 'workload'])}\n"
        f"author: mews project\ndate: 2026-11-23\nreferences: [https://example.com/{name}]\nconditions:\n"
        f"  main: |\n    {condition}\ntests:\n"
        f"  - {{name: hit, event: {event(hit)}, expect: match}}\n"
        f"  - {{name: other, event: {{event.category: log, event.action: message}}, expect: no-match}}\n")


def main():
    if len(sys.argv) not in (3, 4, 5) or not sys.argv[1].isdigit() or sys.argv[4:] and sys.argv[4] not in KINDS:
        sys.exit(__doc__)
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    rulesets = Path(sys.argv[3] if len(sys.argv) > 3 else "rulesets")
    rng = random.Random(611)
    (folder / "detections").mkdir(parents=True, exist_ok=True)
    (folder / "fields").mkdir(exist_ok=True)
    (folder / "fields" / "bench.yaml").write_text(FIELDS, encoding="utf-8")
    for name in ("fields.yaml", "lists.yaml", "clients.yaml"):
        if (rulesets / name).exists():
            shutil.copy(rulesets / name, folder / name)
    if (rulesets / "dialects").is_dir():
        shutil.copytree(rulesets / "dialects", folder / "dialects", dirs_exist_ok=True)
    for index in range(count):
        name, text = detection(index, rng, sys.argv[4] if len(sys.argv) > 4 else "usual")
        (folder / "detections" / f"{name}.yaml").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
