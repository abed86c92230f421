#!/usr/bin/env python3
"""Kubernetes audit events of others, and what their owners expect of them, against our catalog.

kubernetes_audit.py falco CORPORA MEWS RULESETS     falco_k8s_audit_expect.tsv: rule, count and file
kubernetes_audit.py panther CORPORA MEWS RULESETS   panther_tests.jsonl: rule, event and true or false

Every disagreement is a row of a table below, with its reason; one that is not in the table, or that is there and no longer
happens, fails. docs/third-party.md shows the same tables.
"""
import collections
import csv
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

# --- Falco's rules, and which detection of ours sees the same ---

FALCO = {
    "Create Disallowed Pod": "image-from-unknown-registry",
    "Create Privileged Pod": "privileged-container",
    "Create HostNetwork Pod": "host-namespaces-shared",
    "Create Sensitive Mount Pod": "sensitive-mount-rw",
    "Disallowed K8s User": "unknown-cluster-user",
    "Create NodePort Service": "service-opened-on-node-port",
    "Create/Modify Configmap With Private Credentials": "credentials-in-configmap",
    "Anonymous Request Allowed": "anonymous-api-request-allowed",
    "Attach/Exec Pod": "pod-exec-or-attach",
    "Create Disallowed Namespace": "unknown-namespace-created",
    "Pod Created in Kube Namespace": "workload-in-system-namespace",
    "Service Account Created in Kube Namespace": "service-account-in-system-namespace",
    "System ClusterRole Modified/Deleted": "system-role-changed",
    "Attach to cluster-admin Role": "cluster-admin-bound",
    "ClusterRole With Wildcard Created": "wildcard-role-written",
    "ClusterRole With Write Privileges Created": "writing-role-written",
    "ClusterRole With Pod Exec Created": "pod-entering-role-written",
}
for kind in ("Deployment", "Service", "ConfigMap", "Namespace", "Serviceaccount", "Role/Clusterrole", "Role/Clusterrolebinding", "Secret"):
    FALCO[f"K8s {kind} Created"] = "cluster-resource-created"
    FALCO[f"K8s {kind} Deleted"] = "cluster-resource-deleted"

# What the tests' own rule files allow: as exceptions of an organization, or as edited lists of the catalog.
def excepting(name, detections, condition):
    return {"exceptions": [{"name": name, "detections": detections, "condition": condition, "reason": "the test allows it", "owner": "test"}]}


SETTINGS = {
    "allow_only_apache_container.yaml": {"lists": {"docker_hub_images": ["apache"]}},
    "allow_nginx_container.yaml": {"lists": {"docker_hub_images": ["nginx"]}},
    "trust_nginx_container.yaml": excepting("nginx", ["privileged-container", "host-namespaces-shared", "sensitive-mount-rw"],
                                            'container.image.name == "nginx"'),
    "allow_user_some-user.yaml": excepting("some-user", ["unknown-cluster-user"], 'user.name == "some-user"'),
    "allow_namespace_foo.yaml": excepting("foo", ["unknown-namespace-created"], 'orchestrator.resource.name == "foo"'),
    "disallow_kactivity.yaml": {"disable": ["cluster-resource-created", "cluster-resource-deleted"]},
}
# What a test that expects nothing does not speak of: the lists of users and images that we ship are no test's, and what
# Falco has no rule for.
UNASKED = {"unknown-cluster-user", "image-from-unknown-registry", "unknown-namespace-created"}
FALCO_DIFFERENCES = {
    "create_kube_system_secret": "ours alerts (informational): a bootstrap token that a person puts into kube-system admits nodes; "
                                 "Falco leaves the secrets of that namespace out",
    "json_pointer_correct_parse": "ours has no such rule: it tests how Falco reads its own expressions",
}

# --- Panther's rules ---

PANTHER = {
    "Kubernetes.AdmissionController.Created": ["admission-webhook-written"],
    "Kubernetes.API.AnonymousAccess": ["anonymous-api-request-allowed"],
    "Kubernetes.ClientCertificate.Created": ["client-certificate-requested"],
    "Kubernetes.ClusterRoleBinding.Privileged": ["cluster-admin-bound"],
    "Kubernetes.CronJob.CreatedOrModified": ["cronjob-written"],
    "Kubernetes.DaemonSet.Created": ["daemonset-created"],
    "Kubernetes.Pod.Exec": ["pod-exec-or-attach"],
    "Kubernetes.Ingress.NoTLS": ["ingress-without-tls"],
    "Kubernetes.Kubectl.CP.Operation": ["files-copied-out-of-pod"],
    "Kubernetes.API.Multiple403.PublicIP": ["api-forbidden-from-public-address"],
    "Kubernetes.Pod.SystemNamespace": ["workload-in-system-namespace"],
    "Kubernetes.Pod.Dangerous.Capabilities": ["dangerous-capability-added", "network-capability-added"],
    "Kubernetes.Pod.Host.IPC": ["host-namespaces-shared"],
    "Kubernetes.Pod.Host.Network": ["host-namespaces-shared"],
    "Kubernetes.Pod.Host.PID": ["host-namespaces-shared"],
    "Kubernetes.Pod.HostPath.Volume": ["sensitive-mount-rw", "sensitive-mount-ro", "host-root-mount", "pod-host-path-mounted"],
    "Kubernetes.Pod.Privileged.Created": ["privileged-container", "pod-runs-as-root"],
    "Kubernetes.Role.NodeProxyPermissions": ["node-proxy-role-written"],
    "Kubernetes.Role.PodExec": ["pod-entering-role-written"],
    "Kubernetes.Role.Wildcard": ["wildcard-role-written"],
    "Kubernetes.Role.WritePermissions": ["writing-role-written"],
    "Kubernetes.Secret.AccessDenied": ["secret-access-denied"],
    "Kubernetes.BulkSecretAccess": ["secrets-read", "secret-access-denied"],
    "Kubernetes.Secrets.DumpAllNamespaces": ["secrets-listed-in-all-namespaces"],
    "Kubernetes.Service.NodePort.Deployed": ["service-opened-on-node-port"],
    "Kubernetes.ServiceAccount.TokenCreated": ["service-account-token-requested"],
    "Kubernetes.Pod.StealServiceAccountToken": ["account-token-read-through-exec"],
    "Kubernetes.System.Principal.PublicIP": ["cluster-identity-from-public-address"],
    "Kubernetes.SystemRole.Modified": ["system-role-changed"],
}
PANTHER.update({
    "GCP.K8s.ExecIntoPod": PANTHER["Kubernetes.Pod.Exec"],
    "GCP.K8s.Pod.Attached.To.Node.Host.Network": ["host-namespaces-shared"],
    "GCP.K8s.Pod.Using.Host.PID.Namespace": ["host-namespaces-shared"],
    "GCP.K8S.Pod.Create.Or.Modify.Host.Path.Volume.Mount": ["sensitive-mount-rw", "sensitive-mount-ro", "host-root-mount"],
    "GCP.K8S.Privileged.Pod.Created": PANTHER["Kubernetes.Pod.Privileged.Created"],
    "GCP.K8S.Service.Type.NodePort.Deployed": ["service-opened-on-node-port"],
    "GCP.GKE.Kubernetes.Cron.Job.Created.Or.Modified": ["cronjob-written"],
    "GCP.K8s.New.Daemonset.Deployed": ["daemonset-created"],
})
PANTHER_OUTSIDE = {
    "Kubernetes.API.IOC.Activity": "asks a list of Tor's exits that Panther puts into the event",
    "GCP.K8s.IOC.Activity": "asks a list of Tor's exits that Panther puts into the event",
}
UPDATES = "ours also takes changes of a role: what it allows afterwards is the same"
CLOUD = "Panther asks who owns the address, which it looks up itself; the event says a public address and no more"
SYSTEM = "Panther leaves the system's namespaces and accounts out; ours leaves that to an organization's exceptions"
MANAGER = "these are events of Google's deployment manager; only a list of permissions in them speaks of Kubernetes"
ROOT = "runAsNonRoot: false is what holds where nothing is said: pod-may-run-as-root sees both, and says informational"
PANTHER_DIFFERENCES = {
    ("GCP.GKE.Kubernetes.Cron.Job.Created.Or.Modified", "create"): MANAGER,
    ("GCP.GKE.Kubernetes.Cron.Job.Created.Or.Modified", "update"): MANAGER,
    ("GCP.K8s.New.Daemonset.Deployed", "privilege-escalation"): MANAGER,
    ("GCP.K8S.Privileged.Pod.Created", "Run-As-Root Pod Created"): ROOT,
    ("GCP.K8S.Privileged.Pod.Created", "GCP Service Account Creating Privileged Pod (Excluded)"): SYSTEM,
    ("GCP.K8S.Privileged.Pod.Created", "Privileged Pod in System Namespace (Excluded)"): SYSTEM,
    ("Kubernetes.API.AnonymousAccess", "EKS Anonymous API Access"): "the event has no verb, which every audit event has",
    ("Kubernetes.ClusterRoleBinding.Privileged", "RoleBinding (not ClusterRoleBinding)"):
        "ours also takes cluster-admin bound in one namespace: it is the whole of that namespace",
    ("Kubernetes.Pod.Host.IPC", "System Namespace with HostIPC (Excluded)"): SYSTEM,
    ("Kubernetes.Pod.Privileged.Created", "Run-As-Root Pod Created"): ROOT,
    ("Kubernetes.Pod.Privileged.Created", "Privileged Pod in System Namespace (Excluded)"): SYSTEM,
    ("Kubernetes.Role.NodeProxyPermissions", "EKS Role with nodes wildcard"):
        "a star for resources is wildcard-role-written, which alerts; it allows all the rest as well",
    ("Kubernetes.Role.NodeProxyPermissions", "Updating existing role (not creating)"): UPDATES,
    ("Kubernetes.Role.PodExec", "Updating existing role (not creating)"): UPDATES,
    ("Kubernetes.Role.Wildcard", "Updating existing role (not creating)"): UPDATES,
    ("Kubernetes.Role.WritePermissions", "Updating existing role (not creating)"): UPDATES,
    ("Kubernetes.Secret.AccessDenied", "EKS failed secret get (404 Not Found)"):
        "404 is no denial: whoever gets it may read secrets, and installers ask for what is not there yet all the time",
    ("Kubernetes.Secret.AccessDenied", "List secrets operation (not get)"): "ours also takes a list that was refused",
    ("Kubernetes.System.Principal.PublicIP", "EKS Legitimate Node from AWS IP"): CLOUD,
    ("Kubernetes.System.Principal.PublicIP", "AKS CSI Disk Driver from Azure Node"): CLOUD,
    ("Kubernetes.System.Principal.PublicIP", "AKS CSI File Driver from Azure Node"): CLOUD,
    ("Kubernetes.System.Principal.PublicIP", "AKS System Node from Azure IP"): CLOUD,
}

# --- replaying ---


def make_project(folder, rulesets, settings):
    """A project with the shipped catalog and one organization that has these settings."""
    shutil.copytree(rulesets, os.path.join(folder, "rulesets"))
    for inside in ("organizations", "packs"):
        shutil.rmtree(os.path.join(folder, "rulesets", inside), ignore_errors=True)
        os.mkdir(os.path.join(folder, "rulesets", inside))
    organization = {"name": "anybody", "title": "Anybody", "description": "As the test says.",
                    "monitor": {"minimum_severity": "informational", "disable": settings.get("disable", []), "severity": {}},
                    "risky": "alert", "budget": {"alert_groups_per_day": 1000}, "exceptions": settings.get("exceptions", [])}
    with open(os.path.join(folder, "rulesets", "organizations", "anybody.yaml"), "w", encoding="utf-8") as out:
        json.dump(organization, out)  # JSON is YAML
    path = os.path.join(folder, "rulesets", "lists.yaml")
    with open(path, encoding="utf-8") as text:
        lists = text.read()
    for name, items in settings.get("lists", {}).items():
        lists, changed = re.subn(rf"^  {name}: .*$", f"  {name}: {json.dumps(items)}", lists, flags=re.M)
        if changed != 1:
            sys.exit(f"lists.yaml has no list {name} on one line")
    with open(path, "w", encoding="utf-8") as out:
        out.write(lists)
    with open(os.path.join(folder, "mews.yaml"), "w", encoding="utf-8") as out:
        out.write("catalog: rulesets\ncorpus: corpus\nstore: mews.db\nmax_rejected: 1.0\n")


def replay(mews, folder, files, reader="json"):
    """{file: {detection: events}}, and the report."""
    command = [mews, "replay", "--no-store", "--format", "json", "--alerts", "--max-rejected", "1", "--reader", reader]
    command += (["--dialect", "kubernetes-audit"] if reader == "json" else []) + files
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False)
    if done.returncode not in (0, 1) or not done.stdout:
        sys.exit(f"mews replay ended with {done.returncode}: {done.stderr[:2000]}")
    report = json.loads(done.stdout)
    found = collections.defaultdict(lambda: collections.defaultdict(set))
    for alert in report["alerts"]:
        found[alert["file"]][alert["detection"]].add(alert["line"])
    return {file: {name: len(lines) for name, lines in by.items()} for file, by in found.items()}, report


class Tally:
    def __init__(self, differences):
        self.differences, self.met, self.passed, self.failed = differences, set(), 0, 0

    def check(self, key, good, text):
        if good:
            self.passed += 1
        elif key in self.differences:
            self.met.add(key)
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED: {text}")

    def finish(self):
        for key in self.differences:
            if key not in self.met:
                self.failed += 1
                print(f"FAILED: the table names a difference that is none: {key}")
        print(f"{self.passed} passed, {self.failed} failed")
        return self.failed == 0


def settings_of(rules_files):
    merged = {"lists": {}, "exceptions": [], "disable": []}
    for name in rules_files:
        settings = SETTINGS.get(os.path.basename(name), {})
        merged["lists"].update(settings.get("lists", {}))
        merged["exceptions"] += settings.get("exceptions", [])
        merged["disable"] += settings.get("disable", [])
    return merged


def falco(corpora, mews, rulesets):
    base = os.path.join(corpora, "kubernetes-audit-falco")
    tally, found_by_settings = Tally(FALCO_DIFFERENCES), {}
    with open(os.path.join(base, "falco_k8s_audit_expect.tsv"), encoding="utf-8") as text:
        rows = list(csv.reader(text, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]
    files = sorted(os.path.join(base, "k8s_audit", name) for name in os.listdir(os.path.join(base, "k8s_audit")))
    exact = 0
    for test, trace, detect, level, counts, rules_files, *_ in rows:
        settings = settings_of(json.loads(rules_files))
        key = json.dumps(settings, sort_keys=True)
        if key not in found_by_settings:
            with tempfile.TemporaryDirectory() as folder:
                make_project(folder, rulesets, settings)
                found_by_settings[key] = replay(mews, folder, files)[0]
        found = found_by_settings[key].get(os.path.join(base, "k8s_audit", os.path.basename(trace)), {})
        expected = {FALCO.get(rule, f"({rule})"): number for one in json.loads(counts) or [] for rule, number in one.items()}
        if detect == "True":
            good = all(found.get(detection) == number for detection, number in expected.items())
            tally.check(test, good, f"{test}: expected {expected}, found {found}")
        else:
            # Nothing that Falco has a rule for; of what only tells who did what where the test speaks of that level.
            quiet = asked_by(test)
            if level == "null":
                quiet -= {"cluster-resource-created", "cluster-resource-deleted"}
            good = not quiet & set(found)
            tally.check(test, good, f"{test}: expected nothing, found {sorted(quiet & set(found))}")
        exact += good
    print(f"kubernetes-audit-falco: {exact} of {len(rows)} rows as Falco expects them")
    return tally.finish()


def asked_by(test):
    """The detections that a test which expects nothing is about; all but the lists' where its name does not say."""
    if test == "user_in_allowed_set":
        return {"unknown-cluster-user"}
    if test == "namespace_in_allowed_set":
        return {"unknown-namespace-created"}
    if test.endswith("create_allowed_pod"):
        return {"image-from-unknown-registry"}
    return set(FALCO.values()) - UNASKED


def panther(corpora, mews, rulesets):
    with open(os.path.join(corpora, "kubernetes-audit-panther", "panther_tests.jsonl"), encoding="utf-8") as text:
        rows = [json.loads(line) for line in text]
    rows = [row for row in rows if row["rule"].startswith(("Kubernetes.", "GCP."))]
    tally = Tally(PANTHER_DIFFERENCES)
    figures = collections.defaultdict(collections.Counter)
    outside = 0
    with tempfile.TemporaryDirectory() as folder:
        make_project(folder, rulesets, {})
        files = []
        for number, row in enumerate(rows):
            # Each in a file of its own: tests share their auditID.
            files.append(os.path.join(folder, f"{number:04}.json"))
            with open(files[-1], "w", encoding="utf-8") as out:
                json.dump(row["log"], out)
                out.write("\n")
        found, _ = replay(mews, folder, files)
        for file, row in zip(files, rows):
            if row["rule"] in PANTHER_OUTSIDE:
                outside += 1
                continue
            alerts = set(found.get(file, {})) & set(PANTHER[row["rule"]])
            figures[row["rule"]][(row["expected"], bool(alerts))] += 1
            tally.check((row["rule"], row["name"]), bool(alerts) == row["expected"],
                        f'{row["rule"]} | {row["name"]} | expected {row["expected"]}, found {sorted(found.get(file, {}))}')
    total = collections.Counter()
    for rule in sorted(figures):
        total.update(figures[rule])
        hits, misses, wrong = (figures[rule][key] for key in ((True, True), (True, False), (False, True)))
        print(f"    {rule:52} found {hits} of {hits + misses}, {wrong} more")
    hits, misses, wrong = total[(True, True)], total[(True, False)], total[(False, True)]
    print(f"kubernetes-audit-panther: recall {hits}/{hits + misses}, precision {hits}/{hits + wrong}, {outside} outside")
    return tally.finish()


if __name__ == "__main__":
    run = {"falco": falco, "panther": panther}[sys.argv[1]]
    sys.exit(0 if run(*(os.path.realpath(argument) for argument in sys.argv[2:5])) else 1)
