#!/usr/bin/env python3
"""Compares what mews and sysdig say of the events of captures: scap.py HELPER SYSDIG FILE…

Each event that mews makes is looked up by its number in sysdig's own reading of the file, and each field that both have is
compared. KNOWN lists what differs and why; anything else is a failure.
"""
import collections
import gzip
import json
import re
import struct
import subprocess
import sys

FIELDS = """evt.type evt.dir evt.rawtime evt.res evt.rawres evt.failed evt.is_open_read evt.is_open_write
thread.tid proc.pid proc.ppid proc.name proc.exe proc.exepath proc.args proc.cmdline proc.exeline proc.cwd proc.pname proc.pcmdline
proc.tty proc.vpid proc.sid proc.vpgid user.uid user.name user.loginuid user.loginname group.gid group.name
container.id container.name container.type container.image.repository container.image.tag container.privileged container.mounts
fd.name fd.num fd.directory fd.filename fd.cip fd.cport fd.sip fd.sport fd.l4proto
evt.arg.name evt.arg.flags evt.arg.path evt.arg.mode evt.arg.addr evt.arg.tuple evt.arg.oldpath evt.arg.newpath
evt.arg.target evt.arg.linkpath evt.arg.dev evt.arg.dir evt.arg.type evt.arg.filename evt.arg.exe evt.arg.uid evt.arg.euid
evt.arg.request evt.arg.nstype evt.arg.sig evt.arg.status""".split()
MISSING = ("", "<NA>", "<none>", "none", "NULL", None)


def failed(ours, theirs):
    return ours.get("evt.failed") == "true"


def absent(ours, theirs):
    return theirs in MISSING


def unknown(ours, theirs):
    return "proc.name" not in ours


def follower(ours, theirs):
    return ours.get("thread.tid") != ours.get("proc.pid")


def says(*values):
    return lambda ours, theirs: theirs in values


# fields, when, why
KNOWN = [
    (r"fd\.|evt\.arg\.(addr|tuple)", failed, "a call that failed keeps what it was given"),
    (r"evt\.arg\.", absent, "the arguments of a call's beginning are found at its end"),
    (r"(container|proc|user|group)\.", unknown, "of a thread that the capture does not introduce nothing is said"),
    (r"proc\.p(name|cmdline|pid)", follower, "sysdig takes the process of a thread for the thread's parent"),
    (r"evt\.(failed|is_open_.*)|container\.privileged", says("false"), "sysdig says false where there is nothing to say"),
    (r"container\.type", lambda o, t: "container.type" not in o, "sysdig tells the engine from the control group's path"),
    (r"container\.image\.repository", absent, "older captures have the image's name alone, which sysdig leaves there"),
    (r"user\.loginname", says("root"), "older captures have no login user, which sysdig takes for 0"),
    (r"proc\.vpid", says("", "-1"), "older captures have no pid namespaces: a pid is that of the host"),
    (r"fd\.directory", lambda o, t: t == "/" and "fd.name" not in o, "sysdig has a directory of a descriptor that it does not know"),
    (r"fd\.name", lambda o, t: o["evt.type"] in ("setns", "finit_module") and "fd.name" not in o,
     "sysdig keeps the far end of a connection that failed"),
    (r"fd\.cport", says("0"), "sysdig has a port of a client that is not there"),
    (r"fd\.l4proto", lambda o, t: o["evt.type"] in ("bind", "connect") and absent(o, t),
     "sysdig forgets the protocol of a socket of IPv6 that is bound to no port or is IPv4 after all"),
    (r"fd\.(name|sip|sport)", lambda o, t: o["evt.type"] == "connect" and o.get("fd.name", "") == o.get("evt.arg.tuple"),
     "a socket of UDP that is connected again has a new far end, for which sysdig keeps the old one"),
    (r"evt\.arg\.flags", lambda o, t: o["evt.arg.flags"] == t + "|O_F_CREATED", "sysdig of Debian does not know this flag"),
    (r"evt\.arg\.mode", lambda o, t: t.startswith("S_"), "modes are written in octal"),
    (r"proc\.p(name|cmdline)", lambda o, t: "proc.pname" not in o, "sysdig takes a parent that it does not know for what its child is"),
    (r"group\.gid", says("8589934591"), "sysdig writes 33 bits of an id that is not there"),
]
KNOWN = [(re.compile("(?:%s)" % fields), when, why) for fields, when, why in KNOWN]


def text(value):
    if value is True or value is False:
        return "true" if value else "false"
    return "" if value is None else str(value)


EVENTS = {0x204: 2, 0x8010ABCD: 2, 0x208: 6, 0x216: 2, 0x217: 6, 0x221: 2, 0x222: 6}  # bytes before the time
SYSDIG_KNOWS = 336  # event types below this one; it does not count the others


def numbers_of(path):
    """Our numbers of events → sysdig's."""
    with open(path, "rb") as file:
        content = file.read()
    if content[:2] == b"\x1f\x8b":
        content = gzip.decompress(content)
    numbers, at, ours, theirs = {}, 0, 0, 0
    while at + 12 <= len(content):
        block, length = struct.unpack_from("<II", content, at)
        if length < 12:
            break
        if block in EVENTS:
            ours += 1
            if struct.unpack_from("<H", content, at + 8 + EVENTS[block] + 20)[0] < SYSDIG_KNOWS:
                theirs += 1
                numbers[ours] = theirs
        at += length
    return numbers


def theirs_of(sysdig, path):
    pattern = "*" + " ".join("%" + f for f in ["evt.num"] + FIELDS)
    run = subprocess.run([sysdig, "-r", path, "-j", "-p", pattern], capture_output=True)
    events = {}
    for line in run.stdout.decode("utf-8", "replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        events[event["evt.num"]] = event
    return events


def ours_of(helper, path):
    run = subprocess.run([helper, path], capture_output=True)
    return [json.loads(line) for line in run.stdout.decode().splitlines()], run.stderr.decode().splitlines()[0]


def same(field, ours, theirs):
    if ours == theirs or (ours in MISSING and theirs in MISSING):
        return True
    # sysdig says host or nothing where it knows no container, and 4294967295 or -1 for no id
    if field in ("proc.pid", "proc.ppid", "proc.vpid", "proc.sid", "proc.vpgid", "user.uid", "group.gid", "user.loginuid", "proc.tty"):
        return theirs in ("-1", "4294967295", "0") and ours in MISSING
    return False


def compare(helper, sysdig, path, differing, known):
    ours, account = ours_of(helper, path)
    theirs = theirs_of(sysdig, path)
    numbers = numbers_of(path)
    fields = 0
    if not theirs and ours:
        known["sysdig of Debian cannot read the capture"] += 1
        return 0, 0, account
    for event in ours:
        if event["evt.num"] not in numbers:
            known["sysdig of Debian does not know the call %s" % event["evt.type"]] += 1
            continue
        other = theirs.get(numbers[event["evt.num"]])
        if other is None:
            differing["event"].append((path, event["evt.num"], event["evt.type"], "sysdig shows no such event"))
            continue
        for field in FIELDS:
            a, b = text(event.get(field)), text(other.get(field))
            fields += 1
            if same(field, a, b):
                continue
            for pattern, when, why in KNOWN:
                if pattern.match(field) and when(event, b):
                    known[why] += 1
                    break
            else:
                differing[field].append((path, event["evt.num"], event["evt.type"], "%r, sysdig: %r" % (a, b)))
    return len(ours), fields, account


def report(known, differing):
    for why, count in known.items():
        print("known: %s (%d)" % (why, count))
    for field, places in sorted(differing.items()):
        print("DIFFERS %s in %d" % (field, len(places)))
        for place in places[:4]:
            print("   %s:%s %s: %s" % (place[0].rsplit("/", 1)[-1], *place[1:]))


def main():
    helper, sysdig, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    differing, known = collections.defaultdict(list), collections.Counter()
    events = fields = 0
    for path in paths:
        e, f, account = compare(helper, sysdig, path, differing, known)
        print("%s: %d events, %d values compared; %s" % (path.rsplit("/", 1)[-1], e, f, account))
        events += e
        fields += f
    report(known, differing)
    print("%d captures, %d events, %d values, %d differing" % (len(paths), events, fields, sum(map(len, differing.values()))))
    return 1 if differing or not events else 0


if __name__ == "__main__":
    sys.exit(main())
