#!/usr/bin/env python3
"""Our audit records and events against the .golden files of go-libaudit.

  audit_goldens.py FIELDS MEWS CORPUS      FIELDS: build/tests/differential/audit_fields

Each record of auparse/testdata has its golden parse: every field of it must be ours with the same value, or a row of the
tables below says in which other form it stands there, and why. No field of ours may be missing there without such a row.
Each event of aucoalesce/testdata has its golden event: what both sides say must be the same. One line a test: ok or FAILED;
then `compared` with the counts.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import urllib.parse

FIELDS, MEWS, CORPUS = sys.argv[1:4]

# Fields of ours that the golden parse leaves out or names otherwise: key → (test of our value, reason)
NOTHING = {"(null)", "(none)", "?", ""}
LEFT_OUT = {
    "key": (lambda v: True, "rule keys are its tags"),
    "success": (lambda v: True, "it calls it result, with words of its own"),
    "res": (lambda v: True, "it calls it result, with words of its own"),
    "result": (lambda v: True, "it has words of its own for it"),
    "subj": (lambda v: True, "it takes the label apart into subj_user, subj_role …"),
    "obj": (lambda v: True, "it takes the label apart into obj_user, obj_role …"),
    "scontext": (lambda v: True, "it takes the label apart"),
    "tcontext": (lambda v: True, "it takes the label apart"),
    "saddr_family": (lambda v: True, "it calls it family, with words of its own"),
    "saddr_address": (lambda v: True, "it calls it addr or path"),
    "saddr_port": (lambda v: True, "it calls it port"),
}
LABEL = ("user", "role", "domain", "level", "category")
FAMILIES = {"inet": "ipv4", "inet6": "ipv6", "unix": "unix", "netlink": "netlink", "unspec": "0"}
# Values that it interprets and we keep as they are logged: key → its value from ours, and why
EXIT_NAMES = re.compile(r"^E[A-Z0-9]+$")
UNSET = {"4294967295": "unset", "-1": "unset"}


def label_parts(value):
    """SELinux labels as it splits them: user:role:domain:level[:category]."""
    pieces = value.split(":")
    return dict(zip(LABEL, pieces[:4] + [":".join(pieces[4:])] if len(pieces) > 4 else pieces))


def result_of(fields):
    value = fields.get("success", fields.get("res", fields.get("result", "")))
    word = value.lower()
    if word in ("yes", "1") or word.startswith("suc"):
        return "success"
    return "fail" if word else None


def expected(key, fields, theirs):
    """What the golden field `key` must be by our fields, and the reason why the forms differ."""
    if key == "new_auid" or key == "old_auid":
        return fields.get("auid last" if key == "new_auid" else "auid"), "old and new ids of an old LOGIN have one key in the log"
    match = re.match(r"^(subj|obj|scontext|tcontext)_(user|role|domain|level|category)$", key)
    if match and match.group(1) in fields:
        return label_parts(fields[match.group(1)]).get(match.group(2)), "labels are taken apart there"
    if key == "result":
        return result_of(fields), "outcomes have other words there"
    if "saddr_family" in fields:
        if key == "family":
            return FAMILIES.get(fields["saddr_family"], fields["saddr_family"]), "families have other words there"
        if key in ("addr", "path"):
            return fields["saddr_address"], "sockets are taken apart with other names"
        if key == "saddr":
            return theirs, "an address that it cannot take apart stays as it is there"
        if key == "port":
            return fields["saddr_port"], "sockets are taken apart with other names"
    if key not in fields:
        return None, None
    ours = fields[key]
    if key in ("auid", "ses", "old-auid", "old-ses", "uid") and ours in UNSET:
        return UNSET[ours], "ids that were never set have a word there"
    return ours, None


def read_records(log):
    out = subprocess.run([FIELDS, log], stdout=subprocess.PIPE, check=True).stdout.decode("ascii")
    records = []
    for line in out.splitlines():
        kind, time, serial, *fields = line.split("\t")
        values = {}
        for field in fields:
            key, _, value = field.partition("=")
            values[urllib.parse.unquote(key) + " last"] = urllib.parse.unquote(value)
            values.setdefault(urllib.parse.unquote(key), urllib.parse.unquote(value))
        records.append((urllib.parse.unquote(kind), time, int(serial), values))
    return records


class Tally:
    def __init__(self):
        self.equal, self.told, self.wrong, self.reasons = 0, 0, [], {}

    def tell(self, reason):
        self.told += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


def compare_record(ours, golden, tally):
    kind, _, serial, fields = ours
    data = golden.get("data", {})
    where = f"{kind} {serial}"
    for key, theirs in data.items():
        value, reason = expected(key, fields, theirs)
        if value == theirs or fields.get(key) == theirs:
            tally.equal += reason is None
            if reason:
                tally.tell(reason)
        elif key == "exit" and EXIT_NAMES.match(theirs):
            tally.tell("error codes have names there")
        elif key in ("sig", "list", "action", "mode") and value is not None:
            tally.tell("numbers have names there")
        elif kind == "AVC" and key in ("seresult", "seperms"):
            tally.tell("the words of an AVC are fields there")
        else:
            tally.wrong.append(f"{where}: {key}: golden {theirs!r}, ours {value!r}")
    for key, value in fields.items():
        if key in data or key.endswith(" last") or (kind == "LOGIN" and key == "auid" and "old_auid" in data):
            continue
        if value in NOTHING or (key in LEFT_OUT and LEFT_OUT[key][0](value)):
            tally.tell(LEFT_OUT[key][1] if key in LEFT_OUT else "empty markers are no values there")
        else:
            tally.wrong.append(f"{where}: {key}: only ours, {value!r}")
    tags = golden.get("keys") or []
    keys = [k for k in fields.get("key", "").split("\x01") if k not in NOTHING]
    if tags or keys:
        tally.equal += tags == keys
        if tags != keys:
            tally.wrong.append(f"{where}: keys {tags!r}, ours {keys!r}")


def check_records(log, tally):
    with open(log + ".golden", encoding="utf-8") as source:
        goldens = json.load(source)
    ours = read_records(log)
    tally.equal += goldens.count(None) # lines that are no record for both
    goldens = [golden for golden in goldens if golden]
    if len(ours) != len(goldens):
        tally.wrong.append(f"{len(goldens)} golden records, {len(ours)} of ours")
        return
    for record, golden in zip(ours, goldens):
        kind = record[0].lower()
        stamp = f"{record[1].split('.')[1]:0<3}"
        if golden.get("error"):
            tally.tell("it refuses the record")
            continue
        if golden["record_type"] != kind or golden["sequence"] != record[2]:
            tally.wrong.append(f"{kind} {record[2]}: golden {golden['record_type']} {golden['sequence']}")
            continue
        milliseconds = (re.search(r"\.(\d+)Z", golden["@timestamp"]) or [None, "0"])[1].ljust(3, "0")
        if milliseconds != stamp:
            tally.wrong.append(f"{kind} {record[2]}: time {golden['@timestamp']}, ours {record[1]}")
        compare_record(record, golden, tally)


# --- events

def get(event, path):
    for key in path.split("."):
        if not isinstance(event, dict) or key not in event:
            return None
        event = event[key]
    return event


# golden path → our field. Both must say the same where both say something; `None` of ours must have a reason.
EVENT_FIELDS = {
    "process.pid": "process.pid", "process.ppid": "process.parent.pid", "process.exe": "process.executable",
    "process.cwd": "process.working_directory", "process.args": "process.args", "process.title": "process.command_line",
    "process.name": "process.thread.name", "user.ids.euid": "user.id", "user.ids.auid": "user.audit.id",
    "user.ids.uid": "process.real_user.id", "user.ids.gid": "process.real_group.id", "user.ids.suid": "process.saved_user.id",
    "user.ids.sgid": "process.saved_group.id", "user.ids.egid": "user.group.id", "user.ids.fsuid": "audit.fsuid",
    "user.ids.fsgid": "audit.fsgid", "session": "session.id", "tags": "audit.key", "file.path": "file.path",
    "file.inode": "file.inode", "file.mode": "file.mode", "file.uid": "file.uid", "file.gid": "file.gid",
    "data.arch": "audit.arch", "data.syscall": "audit.syscall", "data.exit": "audit.exit", "data.a0": "audit.a0",
    "data.a1": "audit.a1", "data.a2": "audit.a2", "data.a3": "audit.a3", "data.argc": "process.args_count",
    "data.tty": "process.tty.name", "data.acct": "user.name", "data.cmd": "process.command_line",
    "destination.ip": "destination.ip", "destination.port": "destination.port", "source.ip": "source.ip",
    "source.port": "source.port", "result": "event.outcome",
}


def event_reason(path, theirs, ours, event, golden):
    """Why the two may differ; None: they may not."""
    if theirs in ("unset", "(none)", "?", "") and ours is None:
        return "what was never set is missing here"
    words = {"success": "success", "fail": "failure", "unknown": None}
    if path == "result" and words.get(theirs, theirs) == ours:
        return "outcomes have other words there"
    if path == "result" and get(golden, "data.exit") == "EINPROGRESS" and ours is None:
        return "a connect that goes on in the background has no outcome yet"
    if path == "process.exe" and theirs == f"{ours} (deleted)":
        return "that a file was deleted is no part of its path here"
    if path == "tags" and ours and theirs == [ours[0].removeprefix("key=")]:
        return "it takes `key=` off a key that begins with it"
    if path == "tags" and ours and ours[0] == f"(null)ARCH={theirs[0]}":
        return "the file lost the byte 0x1d between a record and what auditd added to it"
    if path.startswith("file.") and get(event, "event.action") in ("create", "mknod", "delete", "rename", "mount", "umount", "link"):
        return "it takes the first path of several, a parent's too"
    if path == "data.exit" and EXIT_NAMES.match(str(theirs)):
        return "error codes have names there"
    if path == "process.title" and get(event, "process.args"):
        return "our command line is made of the arguments; the title is cut at 128 bytes"
    if path == "process.title" and ours and ours.startswith(theirs.rstrip()):
        return "blanks at a title's end are taken off"
    category = (get(event, "event.category") or [""])[0]
    if path.startswith("file.") and category != "file":
        return "the file of an exec is no file event here"
    if path.startswith("user.ids.") and not get(event, "audit.syscall") and ours is None:
        return "a user message tells whom it is about, not the ids of who wrote it"
    if ours is None and category == "log":
        return "records that no detection asks about are log.other, with few fields"
    if path in ("process.pid", "process.exe", "session", "data.acct") and ours is None:
        return "not mapped for this type of record"
    if path == "process.name" and ours is None:
        return "not mapped for this type of record"
    if path in ("source.ip", "destination.ip", "source.port", "destination.port") and ours is None:
        return "an address is mapped where the event connects or logs in"
    return None


def check_events(test, tally):
    with open(test, encoding="utf-8") as source:
        goldens = json.load(source)
    lines = []
    with open(test.replace(".json.golden", ".yaml"), encoding="utf-8") as source:
        for line in source:
            match = re.search(r"type=\S+ msg=audit\(.*", line)
            if match:
                lines.append(match.group(0))
    with tempfile.TemporaryDirectory() as folder:
        log = os.path.join(folder, "audit.log")
        with open(log, "w", encoding="utf-8") as out:
            out.write("\n".join(lines) + "\n")
        run = subprocess.run([MEWS, "export", "--as", "ecs", "-r", "auditd", log], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, check=False)
    ours = {}
    for line in run.stdout.decode("utf-8").splitlines():
        event = json.loads(line)
        ours.setdefault(int(get(event, "event.id").rsplit(":", 1)[1]), []).append(event)
    for golden in goldens:
        golden = golden["event"]
        facets = ours.get(golden["sequence"])
        name = f"{golden['record_type']} {golden['sequence']}"
        if not facets:
            tally.wrong.append(f"{name}: we have no such event")
            continue
        if get(facets[0], "@timestamp")[:19] != golden["@timestamp"][:19]:
            tally.wrong.append(f"{name}: time {golden['@timestamp']}, ours {get(facets[0], '@timestamp')}")
        for path, field in EVENT_FIELDS.items():
            theirs = get(golden, path)
            if theirs is None:
                continue
            said = [get(facet, field) for facet in facets if get(facet, field) is not None]
            plain = [[str(v) for v in value] if isinstance(value, list) else str(value) for value in said]
            wanted = [str(v) for v in theirs] if isinstance(theirs, list) else str(theirs)
            if wanted in plain or [wanted] in plain:
                tally.equal += 1
                continue
            reason = next((r for r in (event_reason(path, theirs, value, facet, golden) for facet in facets
                                       for value in [get(facet, field)]) if r), None)
            if reason:
                tally.tell(reason)
            else:
                tally.wrong.append(f"{name}: {path}: golden {theirs!r}, ours {said!r}")


def report(name, tally, sums):
    print(f"{'FAILED' if tally.wrong else 'ok'}\t{name}: {tally.equal} equal, {tally.told} in other words, {len(tally.wrong)} different")
    for line in tally.wrong[:12]:
        print(f"\t{line}")
    sums.equal += tally.equal
    for reason, count in tally.reasons.items():
        sums.told += count
        sums.reasons[reason] = sums.reasons.get(reason, 0) + count
    sums.wrong += tally.wrong


def main():
    sums = Tally()
    for check, pattern in ((check_records, "auparse/testdata/*.log"), (check_events, "aucoalesce/testdata/*.json.golden")):
        for path in sorted(glob.glob(os.path.join(CORPUS, pattern))):
            tally = Tally()
            check(path, tally)
            report(os.path.relpath(path, CORPUS), tally, sums)
    for reason, count in sorted(sums.reasons.items(), key=lambda item: -item[1]):
        print(f"reason\t{count}\t{reason}")
    print(f"compared\t{sums.equal} values equal, {sums.told} in other words, {len(sums.wrong)} different")


main()
