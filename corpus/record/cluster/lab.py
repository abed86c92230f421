"""The cluster as those see it who work with it: kubectl as somebody, or requests with an account's token."""
import datetime
import json
import os
import re
import subprocess

import requests

WORK = os.environ["WORK"]
BIN = os.environ["BIN"]
API = os.environ["API"]


def labels(name, **more):
    return {"app": name, **more}


def container(name, image, **more):
    return {
        "name": name,
        "image": image,
        "securityContext": {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "runAsNonRoot": True,
            "runAsUser": 10001,
            "capabilities": {"drop": ["ALL"]},
            "seccompProfile": {"type": "RuntimeDefault"},
        },
        "resources": {"requests": {"cpu": "5m", "memory": "16Mi"}, "limits": {"cpu": "200m", "memory": "128Mi"}},
        **more,
    }


def workload(kind, namespace, name, containers, replicas=1, pod=None, meta=None):
    """A Deployment, StatefulSet or DaemonSet."""
    spec = {
        "selector": {"matchLabels": labels(name)},
        "template": {"metadata": {"labels": labels(name)}, "spec": {"containers": containers, "automountServiceAccountToken": False, **(pod or {})}},
    }
    if kind != "DaemonSet":
        spec["replicas"] = replicas
    if kind == "StatefulSet":
        spec["serviceName"] = name
    return obj("apps/v1", kind, namespace, name, spec=spec, meta=meta)


def obj(version, kind, namespace, name, meta=None, **members):
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **(meta or {})}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, **members}


class Lab:
    def __init__(self, dice, variant):
        self.dice = dice
        self.variant = variant
        self.first = variant == "develop"
        self.count = {}

    @staticmethod
    def now():
        return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def next(self, what, start=1):
        self.count[what] = self.count.get(what, start - 1) + 1
        return self.count[what]

    def kubectl(self, role, *args, given=None, seconds=25):
        """kubectl as a person or an account; its standard output. What it is given is a list of objects for -f -."""
        text = None
        if given is not None:
            text = "\n---\n".join(json.dumps(one) for one in (given if isinstance(given, list) else [given]))
        try:
            done = subprocess.run(
                [f"{BIN}/kubectl", "--kubeconfig", f"{WORK}/config/{role}", *args],
                input=text, capture_output=True, text=True, timeout=seconds,
                env={"HOME": f"{WORK}/home", "PATH": os.environ["PATH"]}, check=False)
        except subprocess.TimeoutExpired:
            return ""
        if done.returncode:
            with open(f"{WORK}/log/refused", "a", encoding="utf-8") as log:
                print(role, *args, done.stderr.strip().replace("\n", " "), file=log)
        return done.stdout

    def token(self, role):
        with open(f"{WORK}/config/{role}", encoding="utf-8") as config:
            return re.search(r"token: ([^}]+)\}", config.read()).group(1)

    def call(self, role, method, path, body=None, agent="python-requests/2.31", form="application/json", seconds=10):
        """A request of a program that has an account's token."""
        try:
            return requests.request(
                method, API + path, data=None if body is None else json.dumps(body),
                headers={"Authorization": "Bearer " + self.token(role), "User-Agent": agent, "Content-Type": form, "Accept": "application/json"},
                verify=f"{WORK}/pki/ca.crt", timeout=seconds)
        except requests.exceptions.ReadTimeout:
            return None

    def watch(self, role, path, agent, seconds=3):
        """A watch as informers keep them, which ends by itself."""
        joint = "&" if "?" in path else "?"
        return self.call(role, "GET", f"{path}{joint}watch=true&timeoutSeconds={seconds}&allowWatchBookmarks=true", agent=agent)

    def account(self, namespace, name, role=None):
        """An account and a file with its token."""
        self.kubectl("admin", "-n", namespace, "create", "serviceaccount", name)
        token = self.kubectl("admin", "-n", namespace, "create", "token", name, "--duration=8h").strip()
        role = role or name
        with open(f"{WORK}/config/{role}", "w", encoding="utf-8") as config:
            config.write(
                "apiVersion: v1\nkind: Config\n"
                f"clusters: [{{name: lab, cluster: {{server: \"{API}\", certificate-authority: {WORK}/pki/ca.crt}}}}]\n"
                f"users: [{{name: {role}, user: {{token: {token}}}}}]\n"
                f"contexts: [{{name: lab, context: {{cluster: lab, user: {role}}}}}]\ncurrent-context: lab\n")

    def allow(self, name, rules, *subjects, namespace=None):
        """A role and who has it, made by the cluster's admin."""
        kind = "Role" if namespace else "ClusterRole"
        group = "rbac.authorization.k8s.io"
        self.kubectl("admin", "apply", "-f", "-", given=[
            obj(f"{group}/v1", kind, namespace, name, rules=rules),
            obj(f"{group}/v1", kind + "Binding", namespace, name, roleRef={"apiGroup": group, "kind": kind, "name": name}, subjects=list(subjects)),
        ])
