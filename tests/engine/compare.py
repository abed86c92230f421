"""Is a container the same, whoever tells of it? Compares container facets of exports (mews export --as ecs), by name.

usage: compare.py NAME=EXPORT NAME=EXPORT…    the first is what the others are compared with
"""
import json, sys

# What an engine adds or leaves out, and why: (form, container or *, field) → reason.
KNOWN = {
    ("inspect", "*", "container.id"): "only an engine that made the container knows its id",
    ("inspect", "*", "container.namespaces.host cgroup"): "cgroup v1: the engine's own default is the host's cgroup namespace",
    ("inspect", "image-entry", "container.command"): "an inspected container has its image's CMD where none was asked for",
    ("inspect", "image-entry", "container.entrypoint"): "an inspected container has its image's ENTRYPOINT where none was asked for",
    ("*", "identity", "container.labels"): "a label without a value: a command line names it, an engine has name=",
    ("log", "*", "container.name"): "the body of a request does not say it",
    ("inspect", "*", "container.log_driver"): "an engine says its own default, json-file",
    ("inspect", "*", "container.oci_runtime"): "an engine says its own default runtime",
    ("inspect", "*", "container.namespaces.joined"): "a command line names the other container, an engine its id",
    ("*", "*", "container.restart_policy"): "a command line leaves the policy missing, an engine says no",
}

def flat(value, prefix=""):
    for key, item in value.items():
        if isinstance(item, dict):
            yield from flat(item, prefix + key + ".")
        else:
            yield prefix + key, sorted(item) if isinstance(item, list) else item

def containers(path, order=()):
    """By name; where the teller has none, in the order in which they were made."""
    found = {}
    for line in open(path):
        event = json.loads(line)
        if event["event"]["category"] == ["container"] and event["event"]["action"] == "create":
            found[event["container"].get("name") or order[len(found)]] = dict(flat({"container": event["container"]}))
    return found

def known(form, name, field):
    return any((f, n, field) in KNOWN for f in (form, "*") for n in (name, "*"))

def differences(form, name, one, other):
    for field in sorted(one.keys() | other.keys()):
        a, b = one.get(field), other.get(field)
        if isinstance(b, list) and known(form, name, field + " cgroup"):
            b = [item for item in b if item != "cgroup"] if "cgroup" not in (a or []) else b
        if a != b and not known(form, name, field):
            yield f"{name}: {field}: {a!r}, and {form} says {b!r}"

forms = [argument.split("=", 1) for argument in sys.argv[1:]]
reference = containers(forms[0][1])
failed = fields = 0
for form, path in forms[1:]:
    told = containers(path, list(reference))
    for name in sorted(reference.keys() | told.keys()):
        if name not in told or name not in reference:
            print(f"{name}: not in {form if name in reference else forms[0][0]}")
            failed += 1
            continue
        fields += len(reference[name])
        for difference in differences(form, name, reference[name], told[name]):
            print(difference)
            failed += 1
print(f"{len(reference)} containers, {fields} fields compared, {failed} differ")
sys.exit(failed > 0)
