#!/usr/bin/env python3
"""Writes the corpus.yaml of a dataset of the cluster: of attacks from the heads of the scenarios, of everyday work for an organization.

usage: datasets.py FOLDER develop|hold-out DATE KUBERNETES-VERSION [ORGANIZATION]
"""
import glob
import os
import re
import sys

HEAD = """\
# Written by corpus/record/cluster/datasets.py from the heads of corpus/record/cluster/scenarios/*.sh.
# Attacks on a cluster and bad practice, really done, one episode a file.
name: {name}
format: json
dialect: kubernetes-audit
files: [events/*.json.zst]
use: {use}
origin: >-
  Recorded with corpus/record/cluster/cluster.sh --run {use} on {date}: the audit log of a kube-apiserver {version}
  (etcd, kube-controller-manager, kube-scheduler, one kubelet over containerd beside it, all real), with the policy of
  corpus/record/cluster/policy.yaml, one scenario after the other. Pods run busybox under other names, or do not start.
license: CC0-1.0
episodes:
"""

EVERYDAY = """\
# Written by corpus/record/cluster/datasets.py.
# A working hour of an organization's cluster: scripted, seeded, and really run. All of it is normal there.
name: {name}
format: json
dialect: kubernetes-audit
files: [events/*.json.zst]
organizations: [{organization}]
use: {use}
origin: >-
  Recorded with corpus/record/cluster/cluster.sh --run {use} --everyday {organization} on {date}: the audit log of a
  kube-apiserver {version} (etcd, kube-controller-manager, kube-scheduler, one kubelet over containerd beside it, all real), with
  the policy of corpus/record/cluster/policy.yaml. People are kubectl run by a script at seeded moments; add-ons (certificates,
  ingress, backup, Helm, Prometheus, its operator, a GitOps controller) are scripts that send such requests under such names,
  with accounts and tokens of their own. Pods run busybox under other names.
license: CC0-1.0
default: benign
"""


def main():
    folder, use, date, version = sys.argv[1:5]
    if len(sys.argv) > 5 and sys.argv[5]:
        with open(os.path.join(folder, "corpus.yaml"), "w", encoding="utf-8") as out:
            out.write(EVERYDAY.format(name=os.path.basename(os.path.abspath(folder)), use=use, date=date, version=version, organization=sys.argv[5]))
        return
    here = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "corpus.yaml"), "w", encoding="utf-8") as out:
        out.write(HEAD.format(name=os.path.basename(os.path.abspath(folder)), use=use, date=date, version=version))
        for path in sorted(glob.glob(here + "/scenarios/*.sh")):
            with open(path, encoding="utf-8") as file:
                text = file.read()
            name = os.path.basename(path)[:-3]
            head = dict(re.findall(r"^# (what|label|expects|allows): (.*)$", text, re.M))
            out.write(f"  - name: {name}\n    # {head['what']}\n    files: [events/{name}.json.zst]\n    label: {head['label']}\n")
            out.write(f"    expects: {head['expects']}\n")
            if head.get("allows", "[]") != "[]":
                out.write(f"    allows: {head['allows']}\n")
        out.write("default: unknown\n")


main()
