"""Made corpora and catalogs of one run: each is made once, when it is first asked for, below one folder."""
import glob
import os
import re
import shutil
import subprocess

from measuring import MEWS, helper

PIECE = 1 << 20  # files are written in pieces as large as those that a copy is made of (events.c)
STAMP = re.compile(rb"audit\((\d+)\.(\d+):(\d+)\)")


def lines_of(path):
    return sum(block.count(b"\n") for block in iter(lambda source=open(path, "rb"): source.read(1 << 20), b""))


class Inputs:
    def __init__(self, work):
        self.work = work
        self.lines = {}  # of the files that were cut

    def path(self, name):
        return os.path.join(self.work, name)

    def events(self, form, megabytes, shape=""):
        """A file of made process events (tests/bench/events.c)."""
        path = self.path(f"{form}{shape}-{megabytes}")
        if not os.path.exists(path):
            subprocess.run([helper("events"), form, path, str(megabytes), *([shape] if shape else [])], check=True)
        return path

    def first(self, path, count):
        """The file's first lines, as a file; itself where it has no more."""
        if path not in self.lines:
            self.lines[path] = lines_of(path)
        if count >= self.lines[path]:
            return path
        piece = f"{path}.{count}"
        if not os.path.exists(piece):
            with open(path, "rb") as source, open(piece, "wb", PIECE) as out:
                for _, line in zip(range(count), source):
                    out.write(line)
        return piece

    def catalog(self, count, kind="usual"):
        """A folder of made detections (make-catalog.py)."""
        folder = self.path(f"catalog-{kind}-{count}")
        if not os.path.exists(folder):
            subprocess.run(["python3", "tests/bench/make-catalog.py", str(count), folder, "rulesets", kind], check=True)
        return folder

    def audit(self, megabytes):
        """Audit log: whole copies of recorded events one after the other, each an hour later, with fresh serials. None: no
        recording is there."""
        sources = sorted(glob.glob("corpus/everyday-*/events/*.log.zst"))
        path = self.path(f"audit-{megabytes}.log")
        if not sources or os.path.exists(path):
            return path if sources else None
        pieces = [subprocess.run(["zstd", "-qdc", source], check=True, stdout=subprocess.PIPE).stdout for source in sources]
        written, copy = 0, 0
        with open(path, "wb") as out:
            while written < megabytes << 20:
                def fresh(match, shift=copy):
                    seconds, fraction, serial = match.groups()
                    return b"audit(%d.%s:%d)" % (int(seconds) + 3600 * shift, fraction, int(serial) + 1000000 * shift)
                data = STAMP.sub(fresh, pieces[copy % len(pieces)])
                out.write(data)
                written += len(data)
                copy += 1
        return path


# --- real rules ---

def logsource(text, key):
    """What the rule's `logsource` says of category, product or service."""
    inside = False
    for line in text.splitlines():
        if inside and line[:1].strip():
            return None
        inside = inside or line.startswith("logsource:")
        name, colon, value = line.partition(":")
        if inside and colon and name.strip() == key and name[:1].isspace():
            return value.split("#")[0].strip().strip("'\"")
    return None


def sigma_sets():
    """Of the rules below SIGMA_RULES: {name: files}, small to large; {} where there are none."""
    source = os.environ.get("SIGMA_RULES")
    if not source:
        return {}
    rules = [path for path in sorted(glob.glob(os.path.join(source, "rules*", "**", "*.yml"), recursive=True)) or
             sorted(glob.glob(os.path.join(source, "**", "*.yml"), recursive=True)) if os.sep + "rules-placeholder" not in path]
    texts = {path: open(path, encoding="utf-8", errors="replace").read() for path in rules}
    processes = [path for path in rules if logsource(texts[path], "category") == "process_creation"]
    sets = {"Linux process_creation": [path for path in processes if logsource(texts[path], "product") == "linux"],
            "all process_creation": processes, "all rules": [path for path in rules if "\ndetection:" in texts[path]]}
    return {name: files for name, files in sets.items() if files}


def import_sigma(inputs, name, files):
    """The rules as a catalog; its folder and how many detections it holds."""
    slug = name.replace(" ", "-")
    source, catalog = inputs.path(f"sigma-{slug}"), inputs.path(f"catalog-{slug}")
    if not os.path.isdir(catalog):
        os.makedirs(source)
        for number, path in enumerate(files):
            shutil.copyfile(path, os.path.join(source, f"{number:05d}-{os.path.basename(path)}"))
        subprocess.run([MEWS, "--store", inputs.path("sigma.db"), "import", "sigma", source, "-o", catalog], check=False,
                       capture_output=True)
    return catalog, source, len(glob.glob(os.path.join(catalog, "detections", "*.yaml")))
