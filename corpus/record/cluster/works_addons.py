"""Add-ons that run in every cluster: they speak to the API as their own accounts, all day long."""
import base64

from lab import container, obj, workload

READ = ["get", "list", "watch"]


def account_of(namespace, name):
    return {"kind": "ServiceAccount", "namespace": namespace, "name": name}


def prepare(lab):
    """CoreDNS, a certificate manager, an ingress controller and a backup tool, with the roles that such have."""
    for namespace in ("cert-manager", "ingress-nginx", "backup"):
        lab.kubectl("admin", "create", "namespace", namespace)
    lab.kubectl("admin", "apply", "-f", "-", given=[
        obj("v1", "ConfigMap", "kube-system", "coredns", data={"Corefile": ".:53 {\n  errors\n  health\n  kubernetes cluster.local\n  forward . /etc/resolv.conf\n  cache 30\n}\n"}),
        obj("v1", "ServiceAccount", "kube-system", "coredns"),
        workload("Deployment", "kube-system", "coredns", [container("coredns", "registry.k8s.io/coredns/coredns:v1.12.1")], 1),
        workload("Deployment", "cert-manager", "cert-manager", [container("cert-manager", "quay.io/jetstack/cert-manager-controller:v1.18.2")]),
        workload("Deployment", "ingress-nginx", "ingress-nginx-controller", [container("controller", "registry.k8s.io/ingress-nginx/controller:v1.12.1")]),
    ])
    for namespace, name in (("kube-system", "coredns"), ("cert-manager", "cert-manager"), ("ingress-nginx", "ingress-nginx"), ("backup", "backup")):
        lab.account(namespace, name)
    lab.allow("coredns", [{"apiGroups": ["", "discovery.k8s.io"], "resources": ["endpoints", "services", "pods", "namespaces", "endpointslices"], "verbs": ["list", "watch"]}], account_of("kube-system", "coredns"))
    lab.allow("cert-manager", [
        {"apiGroups": [""], "resources": ["secrets"], "verbs": READ + ["create", "update", "patch", "delete"]},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]},
        {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update", "patch"]},
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses"], "verbs": READ}], account_of("cert-manager", "cert-manager"))
    lab.allow("ingress-nginx", [
        {"apiGroups": ["", "discovery.k8s.io"], "resources": ["configmaps", "endpoints", "nodes", "pods", "secrets", "services", "namespaces", "endpointslices"], "verbs": READ},
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses", "ingressclasses"], "verbs": READ},
        {"apiGroups": ["networking.k8s.io"], "resources": ["ingresses/status"], "verbs": ["update"]},
        {"apiGroups": ["coordination.k8s.io"], "resources": ["leases"], "verbs": ["get", "create", "update"]},
        {"apiGroups": [""], "resources": ["events"], "verbs": ["create", "patch"]}], account_of("ingress-nginx", "ingress-nginx"))
    lab.allow("backup", [
        {"apiGroups": ["*"], "resources": ["*"], "verbs": READ},
        {"apiGroups": [""], "resources": ["pods/exec"], "verbs": ["create", "get"]}], account_of("backup", "backup"))


def lease(lab, role, namespace, name, agent):
    """An elected add-on tells that it is still there."""
    path = f"/apis/coordination.k8s.io/v1/namespaces/{namespace}/leases"
    old = lab.call(role, "GET", f"{path}/{name}", agent=agent)
    body = old.json() if old.status_code == 200 else obj("coordination.k8s.io/v1", "Lease", namespace, name, spec={"holderIdentity": f"{name}-0", "leaseDurationSeconds": 60})
    body["spec"]["renewTime"] = lab.now()
    lab.call(role, "PUT" if old.status_code == 200 else "POST", f"{path}/{name}" if old.status_code == 200 else path, body, agent)


def certificates_kept(lab, _dice):
    agent = "cert-manager-controller/v1.18.2 (linux/amd64) cert-manager/1b8b5e5"
    lease(lab, "cert-manager", "cert-manager", "cert-manager-controller", agent)
    lab.watch("cert-manager", "/apis/networking.k8s.io/v1/ingresses", agent)


def certificate_renewed(lab, dice):
    """A certificate manager writes the secret of an ingress anew; the account's own tools read it back."""
    agent = "cert-manager-certificates-issuing/v1.18.2 (linux/amd64) cert-manager/1b8b5e5"
    namespace = dice.choice(lab.namespaces)
    name = dice.choice(["shop-tls", "www-tls", "api-tls"])
    path = f"/api/v1/namespaces/{namespace}/secrets"
    number = lab.next("certificate")
    value = base64.b64encode(f"certificate {number} of {namespace}, a stand-in".encode()).decode()
    secret = obj("v1", "Secret", namespace, name, type="kubernetes.io/tls", data={"tls.crt": value, "tls.key": value},
                 meta={"annotations": {"cert-manager.io/certificate-name": name, "cert-manager.io/issuer-name": "internal"}})
    if lab.call("cert-manager", "GET", f"{path}/{name}", agent=agent).status_code == 200:
        lab.call("cert-manager", "PUT", f"{path}/{name}", secret, agent)
    else:
        lab.call("cert-manager", "POST", path, secret, agent)


def secrets_watched(lab, _dice):
    """A certificate manager and an ingress controller keep the cluster's certificates in memory."""
    lab.call("cert-manager", "GET", "/api/v1/secrets?labelSelector=controller.cert-manager.io%2Ffao%3Dtrue&limit=500", agent="cert-manager-cainjector/v1.18.2")
    lab.watch("ingress-nginx", "/api/v1/secrets?fieldSelector=type%3Dkubernetes.io%2Ftls", "nginx-ingress-controller/v1.12.1 (linux/amd64) ingress-nginx/9d06a71")


def ingress_kept(lab, _dice):
    agent = "nginx-ingress-controller/v1.12.1 (linux/amd64) ingress-nginx/9d06a71"
    lease(lab, "ingress-nginx", "ingress-nginx", "ingress-nginx-leader", agent)
    for path in ("/apis/networking.k8s.io/v1/ingresses", "/apis/discovery.k8s.io/v1/endpointslices", "/api/v1/services"):
        lab.watch("ingress-nginx", path, agent, 1)


def names_resolved(lab, _dice):
    agent = "Go-http-client/2.0"
    lab.watch("coredns", "/api/v1/services", agent, 2)
    lab.watch("coredns", "/apis/discovery.k8s.io/v1/endpointslices", agent, 1)


def backed_up(lab, dice):
    """A backup lists what there is, secrets too, and dumps a data base from inside of its pod."""
    agent = "velero-server/v1.16.1 (linux/amd64) c5ed0d5"
    namespace = dice.choice(lab.namespaces)
    for path in ("/api/v1/namespaces/{}/configmaps", "/api/v1/namespaces/{}/secrets", "/apis/apps/v1/namespaces/{}/deployments",
                 "/api/v1/namespaces/{}/persistentvolumeclaims", "/apis/rbac.authorization.k8s.io/v1/namespaces/{}/rolebindings"):
        lab.call("backup", "GET", path.format(namespace) + "?limit=500", agent=agent)
    lab.kubectl("backup", "-n", lab.database[0], "exec", lab.database[1], "--", "sh", "-c", "echo dump of the data base > /tmp/dump.sql")


def probed(lab, _dice):
    """A load balancer asks whether the API is well."""
    import requests
    from lab import API, WORK
    for path in ("/healthz", "/readyz", "/version"):
        requests.get(API + path, verify=f"{WORK}/pki/ca.crt", headers={"User-Agent": "HealthChecker/2.0"}, timeout=5)


WORK = [(45, certificates_kept), (420, certificate_renewed), (240, secrets_watched), (60, ingress_kept), (70, names_resolved),
        (1500, backed_up), (120, probed)]
