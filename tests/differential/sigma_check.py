#!/usr/bin/env python3
"""`sigma check --fail-on-error --fail-on-issues` as SigmaHQ runs it, without a network: what pySigma and
SigmaHQ's validators would fetch comes from a file of facts (sigma_facts.json beside this one), or, where
SIGMAHQ_DATA names a folder with sigmahq_taxonomy.json and sigmahq_filename.json, from those.

usage: sigma_check.py [--exclude VALIDATOR]... FOLDER...
"""
import json
import os
import sys
import tempfile

import sigma.data.mitre_attack as attack
import sigma.data.mitre_d3fend as d3fend
import sigma.validators.sigmahq.data.data_filename as filename
import sigma.validators.sigmahq.data.data_taxonomy as taxonomy
import sigma.validators.sigmahq.data.data_windows_eventid as eventid
import sigma.validators.sigmahq.data.data_windows_provider as provider
from sigma.cli.main import main

HERE = os.path.dirname(os.path.abspath(__file__))


def stix(techniques):
    """Techniques by tactics in the shape of ATT&CK's own file."""

    def named(kind, name, number, **more):
        reference = {"source_name": "mitre-attack", "external_id": number}
        return {"type": kind, "name": name, "external_references": [reference], **more}

    objects = [{"type": "x-mitre-collection", "x_mitre_version": "19"}]
    tactics = sorted({tactic for key in techniques for tactic in key.split()})
    for number, tactic in enumerate(tactics):
        objects.append(named("x-mitre-tactic", tactic, f"TA{number:04}", x_mitre_shortname=tactic))
    for key, ids in techniques.items():
        phases = [{"kill_chain_name": "mitre-attack", "phase_name": tactic} for tactic in key.split()]
        objects += [named("attack-pattern", name, name, kill_chain_phases=phases) for name in ids.split()]
    return {"objects": objects}


def listed(entries):
    """Fields stand as one string in the facts."""
    made = json.loads(json.dumps(entries))
    for entry in made.values():
        entry["field"] = {"native": entry["field"]["native"].split(), "custom": [], "redundant": []}
    return made


def offline(folder):
    """Every source of data that validators have, as a local file."""
    with open(os.path.join(HERE, "sigma_facts.json"), encoding="utf-8") as file:
        facts = json.load(file)
    given = os.environ.get("SIGMAHQ_DATA", "")
    made = {
        "attack": stix(facts["attack"]),
        "taxonomy": {"version": "facts", "taxonomy": listed(facts["taxonomy"])},
        "filename": {"version": "facts", "pattern": facts["filename"]},
        "windows": {"version": "none", "category_no_eventid": [], "category_provider_name": {}},
        "d3fend": {"@graph": []},
    }
    for name, module in (("attack", attack), ("taxonomy", taxonomy), ("filename", filename), ("windows", eventid),
                         ("windows", provider), ("d3fend", d3fend)):
        path = os.path.join(folder, name + ".json")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(made[name], file)
        theirs = os.path.join(given, f"sigmahq_{name}.json")
        module.set_cache_dir(os.path.join(folder, name + module.__name__))
        module.set_url(theirs if given and os.path.exists(theirs) else path)


with tempfile.TemporaryDirectory() as work:
    offline(work)
    sys.argv = ["sigma", "check", "--fail-on-error", "--fail-on-issues", *sys.argv[1:]]
    sys.exit(main())
