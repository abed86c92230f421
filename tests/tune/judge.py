#!/usr/bin/env python3
"""Tunes a project that plant.py made, applies what is proposed, replays, and says what came of it.

    judge.py MEWS FOLDER        one JSON line of figures; exit 1 where a demand is not met
"""
import json
import pathlib
import subprocess
import sys
import time

mews, folder = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
truth = json.loads((folder / "truth.json").read_text())
organization = folder / "rulesets/organizations/planted.yaml"
DAY = "2026-10-01"


def run(*words):
    done = subprocess.run([mews, *words], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        sys.exit(f"mews {' '.join(words)}: status {done.returncode}\n{done.stderr}")
    return done.stdout


def figures(*where):
    results = json.loads(run("replay", "--no-store", "--as-of", DAY, "--format", "json", "--alerts", *where))
    alerts = results["alerts"]
    of_attacks = {(a["file"], a["line"], a["detection"]) for a in alerts if a["label"] == "malicious"}
    tp = {(a["episode"], a["detection"]) for a in alerts if a["outcome"] == "tp"}
    return {"fp": sum(a["outcome"] == "fp" for a in alerts), "attacks": of_attacks, "tp": tp}


before, later_before = figures(), figures("later")
started = time.time()
tuned = json.loads(run("tune", "--org", "planted", "--as-of", DAY, "--format", "json"))
seconds = time.time() - started
keys = ("name", "detections", "condition", "reason", "owner", "expires")  # JSON is YAML
lines = [f"  - {json.dumps({key: proposal[key] for key in keys})}\n" for proposal in tuned["proposals"]]
organization.write_text(organization.read_text().replace("exceptions: []\n", "exceptions:\n" + "".join(lines) if lines else "exceptions: []\n"))
after, later_after = figures(), figures("later")

k = len(truth["causes"])
removed = 1 - after["fp"] / before["fp"] if before["fp"] else 1.0
later = 1 - later_after["fp"] / later_before["fp"] if later_before["fp"] else 1.0
bare = [p["name"] for p in tuned["proposals"] if p["bare"]]
line = {"seed": truth["seed"], "k": k, "fp": before["fp"], "removed": round(removed, 4), "exceptions": len(tuned["proposals"]),
        "tp": len(before["tp"]), "tp_lost": len(before["tp"] - after["tp"]), "attack_alerts_lost": len(before["attacks"] - after["attacks"]),
        "look_alikes": len(later_before["tp"]), "look_alikes_hidden": len(later_before["tp"] - later_after["tp"]),
        "removed_later": round(later, 4), "bare": bare, "seconds": round(seconds, 2)}
faults = [text for wrong, text in [
    (removed < 0.9, "less than 90 % of the false positives are gone"),
    (line["tp_lost"] or line["attack_alerts_lost"], "an attack that was seen is not seen any more"),
    (line["exceptions"] > 1.5 * k, "more than 1.5 k exceptions"),
    (line["look_alikes_hidden"], "look-alikes of later are hidden: " + ", ".join(sorted(e for e, _ in later_before["tp"] - later_after["tp"]))),
    (bare, "an exception is one program or one user alone"),
    (line["look_alikes"] < truth["look_alikes"], "not every look-alike alerts to begin with"),
] if wrong]
line["faults"] = faults
print(json.dumps(line))
sys.exit(1 if faults else 0)
