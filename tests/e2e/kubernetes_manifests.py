#!/usr/bin/env python3
"""Kubernetes manifests of others against our catalog: what their names say is in them, and what our detections find.

kubernetes_manifests.py checkov|badpods|goat|examples CORPORA MEWS RULESETS
kubernetes_manifests.py reasons PAGE

A disagreement is a row of a table below, with its reason; one that is not in its table, or that is there and no longer
happens, fails. docs/third-party.md shows the same tables.
"""
import collections
import os
import re
import sys
import tempfile

import kubernetes_audit
from kubernetes_audit import Tally, make_project, replay

# --- checkov: a folder is a check, a file's name says passed or failed ---

CHECKOV = {
    "AllowPrivilegeEscalation": ["privilege-escalation-allowed"],
    "AllowedCapabilities": ["pod-capability-beyond-baseline"],
    "AllowedCapabilitiesSysAdmin": ["dangerous-capability-added"],
    "ApiServerAdmissionControlAlwaysAdmit": ["cluster-authentication-weakened"],
    "ApiServerAnonymousAuth": ["cluster-authentication-weakened"],
    "ApiServerAuditLog": ["api-server-without-audit-log"],
    "ApiServerAuthorizationModeNotAlwaysAllow": ["cluster-authentication-weakened"],
    "ApiServerBasicAuthFile": ["cluster-authentication-weakened"],
    "ApiServerInsecureBindAddress": ["cluster-authentication-weakened"],
    "ApiServerInsecurePort": ["cluster-authentication-weakened"],
    "ApiServerKubeletHttps": ["cluster-authentication-weakened"],
    "ApiServerSecurePort": ["cluster-authentication-weakened"],
    "ApiServerServiceAccountLookup": ["cluster-authentication-weakened"],
    "ApiServerTokenAuthFile": ["cluster-authentication-weakened"],
    "ControllerManagerBindAddress": ["control-plane-open-to-network"],
    "DangerousGitSync": ["git-sync-runs-own-program"],
    "DefaultServiceAccountBinding": ["default-account-bound"],
    "DockerSocketVolume": ["docker-socket-mount"],
    "DropCapabilities": ["pod-raw-sockets"],
    "EtcdAutoTls": ["cluster-authentication-weakened"],
    "EtcdClientCertAuth": ["cluster-authentication-weakened"],
    "HostPort": ["pod-host-port"],
    "ImageTagFixed": ["image-tag-moves"],
    "KubeletAnonymousAuth": ["cluster-authentication-weakened"],
    "KubeletAuthorizationModeNotAlwaysAllow": ["cluster-authentication-weakened"],
    "KubeletReadOnlyPort": ["cluster-authentication-weakened"],
    "KubernetesDashboard": ["kubernetes-dashboard-deployed"],
    "NginxIngressCVE202125742": ["ingress-snippet-written"],
    "PeerClientCertAuthTrue": ["cluster-authentication-weakened"],
    "PrivilegedContainers": ["privileged-container"],
    "RbacApproveCertificateSigningRequests": ["escalating-role-written"],
    "RbacBindRoleBindings": ["escalating-role-written"],
    "RbacControlWebhooks": ["webhook-writing-role-written"],
    "RbacEscalateRoles": ["escalating-role-written"],
    "ReadOnlyFilesystem": ["pod-root-filesystem-writable"],
    "Requests_Limits": ["pod-resources-unlimited"],
    "RootContainers": ["pod-may-run-as-root", "pod-runs-as-root"],
    "SchedulerBindAddress": ["control-plane-open-to-network"],
    "Seccomp": ["pod-seccomp-unset", "container-confinement-disabled"],
    "Secrets": ["secret-in-pod-environment"],
    "ServiceAccountTokens": ["pod-account-token-mounted"],
    "ShareHost": ["host-namespaces-shared"],
    "Tiller": ["tiller-deployed"],
    "TillerDeploymentListener": ["tiller-deployed"],
    "TillerService": ["tiller-deployed"],
    "WildcardRoles": ["wildcard-role-written"],
}
BENCHMARK = "a setting of the CIS benchmark that a part of the control plane lacks: a scan of the cluster's settings, no request that anybody makes"
POLICY = "PodSecurityPolicy left Kubernetes in 1.25"
CHECKOV_OUTSIDE = {
    "DefaultNamespace": "a convention: nothing is wrong with what runs there",
    "NoDefaultNamespace": "a convention: nothing is wrong with what runs there",
    "DefaultServiceAccount": "that the default account keeps its token is judged where a pod takes it (pod-account-token-mounted)",
    "ImageDigest": "a digest is asked of every image: nearly every pod would alert; image-tag-moves takes the tags that are meant to move",
    "ImagePullPolicy": "whose image lies on a node already: a matter of admission, not of what is asked for",
    "LivenessReadiness": "availability",
    "SecurityContexts": "asks for any security context at all; what it would say is judged setting by setting",
    "RootContainersHighUID": "user ids above 10,000: a convention, against mix-ups with users of the host",
    "Suppressed": "tests the tool's own comments",
    "WildcardEntities": "tests the tool's own names of resources",
    "PSP": POLICY,
    "RootContainersPSP": POLICY,
    "KubeletHostnameOverride": BENCHMARK,
}
for name in ("ApiServerAdmissionControlEventRateLimit ApiServerAlwaysPullImagesPlugin ApiServerAuditLogMaxAge ApiServerAuditLogMaxBackup "
             "ApiServerAuditLogMaxSize ApiServerAuthorizationModeNode ApiServerAuthorizationModeRBAC ApiServerEncryptionProviders "
             "ApiServerEtcdCaFile ApiServerEtcdCertAndKey ApiServerKubeletClientCertAndKey ApiServerNamespaceLifecyclePlugin "
             "ApiServerNodeRestrictionPlugin ApiServerPodSecurityPolicyPlugin ApiServerProfiling ApiServerRequestTimeout "
             "ApiServerSecurityContextDenyPlugin ApiServerServiceAccountKeyFile ApiServerServiceAccountPlugin "
             "ApiServerStrongCryptographicCiphers ApiServerTlsCertAndKey ApiServerkubeletCertificateAuthority EtcdCertAndKey EtcdPeerFiles "
             "KubeControllerManagerBlockProfiles KubeControllerManagerRootCAFile KubeControllerManagerServiceAccountCredentials "
             "KubeControllerManagerServiceAccountPrivateKeyFile KubeControllerManagerTerminatedPods KubeletClientCa "
             "KubeletCryptographicCiphers KubeletKeyFilesSetAppropriate KubeletMakeIptablesUtilChains KubeletProtectKernelDefaults "
             "KubeletStreamingConnectionIdleTimeout KubletEventCapture KubletRotateCertificates RotateKubeletServerCertificate "
             "SchedulerProfiling").split():
    CHECKOV_OUTSIDE[name] = BENCHMARK
# Files whose name says neither or both, as the tool's own test counts them.
CHECKOV_NAMES = {"kubernetes-dashboard-deployment.yaml": True, "annotation3-alias.yaml": True, "tiller-services.yaml": True, "template.yaml": False}
NONE_THERE = "the API refuses it: there is no container in it"
CHECKOV_DIFFERENCES = {
    "AllowedCapabilitiesSysAdmin/pod-FAILED2.yaml": NONE_THERE,
    "RootContainers/rootContainersFAILED-malformed-spec.yaml": NONE_THERE,
    "ApiServerAnonymousAuth/ApiServer-AnonymousAuth-Missing-FAILED.yaml":
        "that anonymous requests reach the authorizer is the default of every cluster; ours takes it where somebody asks for it",
    "ApiServerServiceAccountLookup/ApiServer-FAILED-2.yaml": "theirs is wrong: the lookup is on unless somebody turns it off",
    "EtcdClientCertAuth/Etcd-FAILED-2.yaml": "etcd without a word about clients listens on its own machine alone",
    "PeerClientCertAuthTrue/PeerClientCertAuthTrue-PASSED.yaml": "the check is about peers; the file also lets any client in without encryption, and ours says that",
    "PeerClientCertAuthTrue/PeerClientCertAuthTrue-UNKNOWN.yaml": "the same: any client is let in without encryption",
    "WildcardRoles/role-failed-3.yaml": "a star for the group of a named resource: Panther's tests want silence there, and ours is with them",
}


def expected_of(file):
    """True: it fails the check; False: it passes; None: its name says neither."""
    name = os.path.basename(file)
    if name in CHECKOV_NAMES:
        return CHECKOV_NAMES[name]
    if re.search(r"fail", name, re.I):
        return True
    return False if re.search(r"pass|unkn?own", name, re.I) else None


def manifests(folder):
    found = []
    for base, _, names in os.walk(folder):
        found += [os.path.join(base, name) for name in names if name.endswith((".yaml", ".yml", ".json"))]
    return sorted(found)


def alerts_of(corpora, folder, mews, rulesets):
    files = manifests(os.path.join(corpora, folder))
    with tempfile.TemporaryDirectory() as project:
        make_project(project, rulesets, {})
        found, report = replay(mews, project, files, "kubernetes")
    return files, found, report


def print_figures(figures):
    total = collections.Counter()
    for name in sorted(figures):
        total.update(figures[name])
        hits, misses, wrong = (figures[name][key] for key in ((True, True), (True, False), (False, True)))
        print(f"    {name:48} found {hits} of {hits + misses}, {wrong} more")
    hits, misses, wrong = total[(True, True)], total[(True, False)], total[(False, True)]
    return f"recall {hits}/{hits + misses}, precision {hits}/{hits + wrong}"


def checkov(corpora, mews, rulesets):
    files, found, _ = alerts_of(corpora, "manifests-checkov", mews, rulesets)
    tally, figures, outside = Tally(CHECKOV_DIFFERENCES), collections.defaultdict(collections.Counter), 0
    for file in files:
        check = re.search(r"example_([^/]+)/", file).group(1)
        expected = expected_of(file)
        if check in CHECKOV_OUTSIDE:
            outside += 1
            continue
        if check not in CHECKOV:
            tally.check(check, False, f"{check}: neither mapped nor outside")
            continue
        if expected is None:
            tally.check(file, False, f"{file}: passed or failed?")
            continue
        alerts = set(found.get(file, {})) & set(CHECKOV[check])
        figures[check][(expected, bool(alerts))] += 1
        tally.check(f"{check}/{os.path.basename(file)}", bool(alerts) == expected,
                    f"{check}/{os.path.basename(file)}: expected {expected}, found {sorted(found.get(file, {}))}")
    text = print_figures(figures)
    print(f"manifests-checkov: {text}, {outside} files of {len(CHECKOV_OUTSIDE)} checks outside")
    return tally.finish()


# --- badPods: a folder is what the pod is allowed; those of one enter the namespaces of process 1 at once ---

BADPODS = {
    "everything-allowed": {"privileged-container", "host-namespaces-shared", "host-root-mount", "socket-parent-mount"},
    "priv-and-hostpid": {"privileged-container", "host-namespaces-shared", "host-namespace-entered"},
    "priv": {"privileged-container"},
    "hostpath": {"host-root-mount", "socket-parent-mount"},
    "hostpid": {"host-namespaces-shared"},
    "hostnetwork": {"host-namespaces-shared"},
    "hostipc": {"host-namespaces-shared"},
    "nothing-allowed": set(),
}


def severities(rulesets):
    found = {}
    folder = os.path.join(rulesets, "detections")
    for name in os.listdir(folder):
        with open(os.path.join(folder, name), encoding="utf-8") as text:
            found[name[:-len(".yaml")]] = re.search(r"^severity: (\w+)", text.read(), re.M).group(1)
    return found


# Half of the pods open a shell to the attacker besides, most with an image made for that. Folders do not say so.
REVERSE_SHELL = {"network-shell-opened", "attack-tool-image-started"}


def badpods(corpora, mews, rulesets):
    files, found, _ = alerts_of(corpora, "manifests-badpods", mews, rulesets)
    severity, tally, figures = severities(rulesets), Tally({}), collections.defaultdict(collections.Counter)
    for file in files:
        folder = file.split("/manifests-badpods/")[1].split("/")[0]
        alerts = {name for name in found.get(file, {}) if severity[name] in ("medium", "high", "critical")}
        alerts -= REVERSE_SHELL if "revshell" in file else set()
        for name in BADPODS[folder] | alerts:
            figures[name][(name in BADPODS[folder], name in alerts)] += 1
        tally.check(file, alerts == BADPODS[folder], f"{file}: expected {sorted(BADPODS[folder])}, found {sorted(alerts)}")
    print(f"manifests-badpods, {len(files)} pods, medium and above: {print_figures(figures)}")
    return tally.finish()


# --- Kubernetes Goat, and the examples of Kubernetes: what they ask for, by file ---

# Kubernetes Goat is made to be attacked: all of this is meant. The two of kube-bench look at the host by intent.
GOAT = {
    "docker-bench-security/deployment.yaml": ["attack-tool-image-started", "docker-socket-mount", "host-namespaces-shared", "privileged-container"],
    "health-check/deployment.yaml": ["docker-socket-mount", "privileged-container"],
    "hunger-check/deployment.yaml": ["wildcard-role-written"],
    "insecure-rbac/setup.yaml": ["cluster-admin-bound"],
    "kube-bench-security/master-job.yaml": ["control-plane-node-targeted", "host-namespaces-shared"],
    "kube-bench-security/node-job.yaml": ["host-namespaces-shared"],
    "system-monitor/deployment.yaml": ["host-namespaces-shared", "host-root-mount", "privileged-container", "socket-parent-mount"],
}
# The examples of Kubernetes are ordinary. All of these ask for what is named: agents (New Relic, Sysdig), storage, an API
# of a metrics adapter. They are benign true positives, which an organization excepts by image.
EXAMPLES = {
    "AI/vllm-deployment/hpa/prometheus-adapter.yaml": ["api-service-registered"],
    "_archived/elasticsearch/es-rc.yaml": ["privileged-container"],
    "_archived/newrelic-infrastructure/newrelic-infra-daemonset.yaml": [
        "docker-socket-mount", "host-namespaces-shared", "host-root-mount", "privileged-container", "sensitive-mount-rw", "socket-parent-mount"],
    "_archived/newrelic/newrelic-daemonset.yaml": ["docker-socket-mount", "host-namespaces-shared", "privileged-container", "sensitive-mount-rw"],
    "_archived/podsecuritypolicy/rbac/pod_priv.yaml": ["privileged-container"],
    "_archived/sysdig-cloud/sysdig-daemonset.yaml": ["docker-socket-mount", "host-namespaces-shared", "privileged-container", "sensitive-mount-rw"],
    "_archived/sysdig-cloud/sysdig-rc.yaml": ["docker-socket-mount", "host-namespaces-shared", "privileged-container", "sensitive-mount-rw"],
    "_archived/volumes/flexvolume/deploy/ds.yaml": ["privileged-container"],
    "_archived/volumes/nfs/nfs-server-deployment.yaml": ["privileged-container"],
}


def judged(corpora, mews, rulesets, folder, table):
    """Alerts of medium and above are those of the table, file by file."""
    files, found, report = alerts_of(corpora, folder, mews, rulesets)
    severity, tally = severities(rulesets), Tally({})
    base = os.path.join(corpora, folder) + "/"
    seen, counted = {}, collections.Counter()
    for file in files:
        names = {name for name in found.get(file, {}) if severity[name] in ("medium", "high", "critical")}
        counted.update(found.get(file, {}).keys())
        if names:
            seen[file[len(base):]] = names
    for file in sorted(set(seen) | set(table)):
        good = seen.get(file, set()) == set(table.get(file, ()))
        tally.check(file, good, f"{file}: expected {sorted(table.get(file, ()))}, found {sorted(seen.get(file, ()))}")
    rejected = sum(dataset["rejected"] for dataset in report["datasets"])
    print(f"{folder}: {len(files)} files, alerts of medium and above in {len(seen)}, {rejected} lines rejected; files by detection:")
    for name, number in sorted(counted.items(), key=lambda item: (-item[1], item[0])):
        print(f"    {number:4}  {severity[name]:13}  {name}")
    return tally.finish()


def goat(corpora, mews, rulesets):
    return judged(corpora, mews, rulesets, "manifests-kubernetes-goat", GOAT)


def examples(corpora, mews, rulesets):
    return judged(corpora, mews, rulesets, "manifests-kubernetes-examples", EXAMPLES)


def reasons(page):
    """Every reason of the tables stands on the page."""
    with open(page, encoding="utf-8") as text:
        written = text.read()
    tables = [kubernetes_audit.FALCO_DIFFERENCES, kubernetes_audit.PANTHER_DIFFERENCES, kubernetes_audit.PANTHER_OUTSIDE,
              CHECKOV_DIFFERENCES, CHECKOV_OUTSIDE]
    tally = Tally({})
    for reason in sorted({reason for table in tables for reason in table.values()}):
        tally.check(reason, f"| {reason} |" in written or f"outside: {reason} |" in written, f"{page} lacks: {reason}")
    return tally.finish()


if __name__ == "__main__":
    if sys.argv[1] == "reasons":
        sys.exit(0 if reasons(sys.argv[2]) else 1)
    run = {"checkov": checkov, "badpods": badpods, "goat": goat, "examples": examples}[sys.argv[1]]
    sys.exit(0 if run(*(os.path.realpath(argument) for argument in sys.argv[2:5])) else 1)
