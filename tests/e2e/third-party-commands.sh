#!/usr/bin/env bash
# Command lines of others (../shared/corpora/commands, or CORPORA) against the shipped catalog: everyday ones of tldr-pages,
# whose alerts at medium and above are all judged in docs/third-party.md, and attacks of Atomic Red Team, of which those on
# containers' walls must be seen. Nothing of the data is part of the project.
set -u
. tests/lib.sh
data=${CORPORA:-../shared/corpora}/commands
if [ ! -d "$data" ]; then
	skip "third-party data: no folder $data"
	finish
fi
cat >"$work/judge.py" <<'EOF'
import glob, json, re, subprocess, sys

data, mews, work, docs = sys.argv[1:5]
severity = {}
for path in glob.glob("rulesets/detections/*.yaml"):
    text = open(path, encoding="utf-8").read()
    name = re.search(r"^name: (\S+)", text, re.M).group(1)
    severity[name] = re.search(r"^severity: (\S+)", text, re.M).group(1)


def alerts(lines):
    with open(work + "/lines", "w", encoding="utf-8") as out:
        out.write("\n".join(lines) + "\n")
    # The organization has no exception that a command line alone could meet.
    said = subprocess.run([mews, "replay", "-r", "commands", "-f", "json", "--alerts", "--max-rejected", "100%", "-O", "web-shop",
                           work + "/lines"], capture_output=True, check=False, stdin=subprocess.DEVNULL).stdout
    return [(a["line"], a["detection"]) for a in json.loads(said)["alerts"] if a["line"]]


def rows(name):
    with open(f"{data}/{name}", encoding="utf-8") as lines:
        return [line.rstrip("\n").split("\t") for line in lines if "\t" in line][1:]


everyday = []
for row in rows("tldr_commands.tsv"):
    line = re.sub(r"\{\{\[([^|\]]*)\|?[^\]]*\]\}\}", r"\1", row[1])
    everyday.append(re.sub(r"\{\{([^}]*)\}\}", lambda m: m.group(1).split("|")[0].replace(" ", "_"), line))
judged = set(re.findall(r"^\| ([a-z-]+) \|", open(docs, encoding="utf-8").read().split("## Commands")[1], re.M))
loud = sorted({d for _, d in alerts(everyday) if severity[d] in ("medium", "high", "critical")})
for name in loud:
    print("ok" if name in judged else "missing", f"everyday commands alert by {name}, which docs/third-party.md judges")

lines, tests = [], []
for row in rows("art_linux_commands.tsv"):
    for line in row[5].split("\\n"):
        if line.strip():
            lines.append(line)
            tests.append((row[0], row[1]))
seen = {tests[line - 1] for line, d in alerts(lines) if severity[d] != "informational"}
for technique in ("T1611", "T1552.007", "T1548.001", "T1556.003"):
    for test in sorted({t for t in tests if t[0] == technique}):
        print("ok" if test in seen else "missing", "seen:", *test)
EOF
run python3 "$work/judge.py" "$data" "$MEWS" "$work" docs/third-party.md
expect "the command lines are replayed" [ "$status" -eq 0 ]
while read -r word what; do
	expect "$what" [ "$word" = ok ]
done < <(cat "$work/out")
finish
