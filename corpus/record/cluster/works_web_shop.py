"""A web shop's cluster: a few services, deployed by a pipeline and by people, looked after by one operator."""
import base64

import works_addons
from lab import container, obj, workload

SERVICES = {"web": "shop/web:2.{}", "cart": "shop/cart:1.{}", "search": "shop/search:4.{}", "payments": "shop/payments:3.{}"}
EVERYWHERE = ["shop", "shop-staging"]


def service(lab, namespace, name, version=None):
    image = "registry.shop.example/" + SERVICES[name].format(version or lab.next("version " + name, 3) % 6)
    return workload("Deployment", namespace, name, [container(
        name, image, ports=[{"containerPort": 8080}],
        env=[{"name": "LOG_LEVEL", "value": "info"}, {"name": "CATALOG_URL", "value": "http://search:8080"}],
        envFrom=[{"configMapRef": {"name": name + "-settings", "optional": True}}],
        volumeMounts=[{"name": "scratch", "mountPath": "/tmp"}])], 1, {"volumes": [{"name": "scratch", "emptyDir": {}}]},
        {"labels": {"app": name, "team": "shop"}})


def prepare(lab):
    works_addons.prepare(lab)
    lab.namespaces, lab.database = EVERYWHERE, ("shop", "statefulset/database")
    for namespace in (*EVERYWHERE, "ci"):
        lab.kubectl("admin", "create", "namespace", namespace)
        lab.kubectl("admin", "label", "namespace", namespace, "pod-security.kubernetes.io/enforce=baseline", "team=shop")
    lab.account("ci", "runner", "ci-runner")
    runner = {"kind": "ServiceAccount", "namespace": "ci", "name": "runner"}
    for namespace in EVERYWHERE:
        lab.kubectl("admin", "-n", namespace, "create", "rolebinding", "developers", "--clusterrole=edit", "--group=shop:developers")
        lab.kubectl("admin", "-n", namespace, "create", "rolebinding", "deployers", "--clusterrole=admin", "--group=shop:deployers")
        lab.kubectl("admin", "-n", namespace, "create", "rolebinding", "pipeline", "--clusterrole=admin", "--serviceaccount=ci:runner")
        for name in SERVICES:
            lab.kubectl("admin", "apply", "-f", "-", given=[
                service(lab, namespace, name), obj("v1", "Service", namespace, name, spec={"selector": {"app": name}, "ports": [{"port": 8080}]})])
    lab.kubectl("admin", "apply", "-f", "-", given=[
        workload("StatefulSet", "shop", "database", [container("database", "docker.io/library/postgres:16.4",
                 volumeMounts=[{"name": "scratch", "mountPath": "/tmp"}])], 1, {"volumes": [{"name": "scratch", "emptyDir": {}}]}),
        obj("v1", "Secret", "shop", "database-login", stringData={"user": "shop", "password": "stand-in"})])
    lab.kubectl("admin", "create", "clusterrolebinding", "view-for-developers", "--clusterrole=view", "--group=shop:developers")


def rolled_out(lab, dice):
    """A deployer brings a new version and waits until it is there."""
    name = dice.choice(list(SERVICES))
    who, where = ("deployer", "shop") if dice.random() < 0.5 else ("developer", "shop-staging")
    if dice.random() < 0.5:
        lab.kubectl(who, "-n", where, "apply", "-f", "-", given=service(lab, where, name))
    else:
        lab.kubectl(who, "-n", where, "set", "image", f"deployment/{name}", f"{name}=registry.shop.example/" + SERVICES[name].format(lab.next("version " + name, 3) % 6))
    lab.kubectl(who, "-n", where, "rollout", "status", f"deployment/{name}", "--timeout=15s")
    if dice.random() < 0.15:
        lab.kubectl(who, "-n", where, "rollout", "undo", f"deployment/{name}")


def restarted(lab, dice):
    lab.kubectl("deployer", "-n", "shop", "rollout", "restart", "deployment/" + dice.choice(list(SERVICES)))


def configured(lab, dice):
    """Settings of a service are changed, then it is restarted."""
    name = dice.choice(list(SERVICES))
    data = {"BANNER": f"sale {lab.next('banner')}", "CACHE_SECONDS": str(dice.choice((30, 60, 300))), "FEATURES": "wishlist,giftcards",
            "settings.yaml": "currency: EUR\nlocale: de_DE\nsearch:\n  url: http://search:8080\n  timeout: 2s\n"}
    lab.kubectl("deployer", "-n", "shop", "apply", "-f", "-", given=obj("v1", "ConfigMap", "shop", name + "-settings", data=data))
    if dice.random() < 0.4:
        lab.kubectl("deployer", "-n", "shop", "rollout", "restart", f"deployment/{name}")


def pipeline(lab, dice):
    """A pipeline deploys to staging: manifests applied, a migration job, a smoke test's pod, and it is tidy afterwards."""
    name, number = dice.choice(list(SERVICES)), lab.next("pipeline")
    lab.kubectl("ci-runner", "-n", "shop-staging", "diff", "-f", "-", given=service(lab, "shop-staging", name))
    job = obj("batch/v1", "Job", "shop-staging", f"migrate-{number}", spec={
        "backoffLimit": 1, "ttlSecondsAfterFinished": 60,
        "template": {"spec": {"restartPolicy": "Never", "containers": [container("migrate", "registry.shop.example/shop/web:2.3", command=["sh", "-c", "sleep 1"])]}}})
    lab.kubectl("ci-runner", "-n", "shop-staging", "apply", "-f", "-", given=[service(lab, "shop-staging", name), job])
    lab.kubectl("ci-runner", "-n", "shop-staging", "wait", "--for=condition=complete", "--timeout=15s", f"job/migrate-{number}")
    lab.kubectl("ci-runner", "-n", "shop-staging", "logs", f"job/migrate-{number}")
    lab.kubectl("ci-runner", "-n", "shop-staging", "delete", "job", f"migrate-{number}", "--wait=false")
    lab.kubectl("ci-runner", "-n", "shop-staging", "get", "deployment", name, "-o", "jsonpath={.status.readyReplicas}")


def released(lab, dice):
    """A chart's release, as Helm keeps it: a secret for each version, the objects by patches, old versions removed."""
    agent = "Helm/3.18.4"
    chart = dice.choice(["newsletter", "status-page"])
    version = lab.next("release " + chart)
    path = "/api/v1/namespaces/shop-staging/secrets"
    lab.call("ci-runner", "GET", f"{path}?labelSelector=name%3D{chart}%2Cowner%3Dhelm", agent=agent)
    release = base64.b64encode(f"release {version} of {chart}, a stand-in".encode()).decode()
    meta = {"labels": {"name": chart, "owner": "helm", "status": "pending-upgrade", "version": str(version)}}
    lab.call("ci-runner", "POST", path, obj("v1", "Secret", "shop-staging", f"sh.helm.release.v1.{chart}.v{version}", meta, type="helm.sh/release.v1", data={"release": release}), agent)
    for plural, group, thing in (
            ("serviceaccounts", "api/v1", obj("v1", "ServiceAccount", "shop-staging", chart)),
            ("configmaps", "api/v1", obj("v1", "ConfigMap", "shop-staging", chart, data={"title": f"{chart} {version}"})),
            ("deployments", "apis/apps/v1", workload("Deployment", "shop-staging", chart, [container(chart, f"docker.io/nginxinc/nginx-unprivileged:1.{26 + version % 3}")])),
            ("services", "api/v1", obj("v1", "Service", "shop-staging", chart, spec={"selector": {"app": chart}, "ports": [{"port": 80}]}))):
        where = f"/{group}/namespaces/shop-staging/{plural}"
        old = lab.call("ci-runner", "GET", f"{where}/{chart}", agent=agent)
        if old.status_code == 200:
            lab.call("ci-runner", "PATCH", f"{where}/{chart}", {"metadata": {"annotations": {"meta.helm.sh/release-name": chart}}, **({"spec": thing["spec"]} if plural == "deployments" else {})},
                     agent, "application/strategic-merge-patch+json")
        else:
            lab.call("ci-runner", "POST", where, thing, agent)
    meta["labels"]["status"] = "deployed"
    lab.call("ci-runner", "PUT", f"{path}/sh.helm.release.v1.{chart}.v{version}", obj("v1", "Secret", "shop-staging", f"sh.helm.release.v1.{chart}.v{version}", meta, type="helm.sh/release.v1", data={"release": release}), agent)
    if version > 3:
        lab.call("ci-runner", "DELETE", f"{path}/sh.helm.release.v1.{chart}.v{version - 3}", agent=agent)


def looked(lab, dice):
    """Developers look at what runs."""
    where = dice.choice(EVERYWHERE)
    name = dice.choice(list(SERVICES))
    for args in dice.sample([("get", "pods"), ("get", "deployments,services,ingress"), ("describe", "deployment", name), ("logs", f"deployment/{name}", "--tail=50"),
                             ("get", "events", "--sort-by=.lastTimestamp"), ("get", "pods", "-o", "wide", "-A"), ("get", "hpa"), ("get", "configmap", f"{name}-settings", "-o", "yaml"),
                             ("top", "pods"), ("get", "cronjobs,jobs"), ("rollout", "history", f"deployment/{name}"), ("auth", "can-i", "create", "deployments")], dice.choice((1, 2, 3, 4))):
        lab.kubectl("developer", "-n", where, *args)


def debugged(lab, dice):
    """A developer looks into a pod of staging; the operator does so in the shop, where developers seldom do."""
    name = dice.choice(list(SERVICES))
    who, where = ("developer", "shop-staging") if dice.random() < 0.75 else ("operator", "shop")
    command = dice.choice([["ls", "-l", "/tmp"], ["sh", "-c", "env | sort"], ["wget", "-qO-", "-T", "1", "http://localhost:8080/health"], ["ps"], ["df", "-h"], ["cat", "/etc/resolv.conf"]])
    lab.kubectl(who, "-n", where, "exec", *(["-it"] if lab.first else ["-i"]), f"deployment/{name}", "--", *command)


def forwarded(lab, dice):
    lab.kubectl("developer", "-n", "shop-staging", "port-forward", "deployment/" + dice.choice(list(SERVICES)), "18080:8080", seconds=4)


def copied(lab, dice):
    """A dump of memory or a report is taken from a pod of staging."""
    name = dice.choice(list(SERVICES))
    pod = lab.kubectl("developer", "-n", "shop-staging", "get", "pods", "-l", f"app={name}", "-o", "jsonpath={.items[0].metadata.name}")
    lab.kubectl("developer", "-n", "shop-staging", "cp", f"{pod}:/tmp", "/tmp/report-" + name)


def secret_rotated(lab, dice):
    """A password is changed by whoever deploys."""
    number = lab.next("password")
    if dice.random() < 0.5:
        lab.kubectl("deployer", "-n", "shop", "apply", "-f", "-", given=obj("v1", "Secret", "shop", "database-login", stringData={"user": "shop", "password": f"stand-in-{number}"}))
    else:
        lab.kubectl("deployer", "-n", "shop", "create", "secret", "generic", f"webhook-{number}", f"--from-literal=key=stand-in-{number}")
    lab.kubectl("deployer", "-n", "shop", "get", "secrets")


def scaled(lab, dice):
    name = dice.choice(list(SERVICES))
    if dice.random() < 0.5:
        lab.kubectl("deployer", "-n", "shop", "scale", f"deployment/{name}", f"--replicas={dice.choice((1, 2))}")
    else:
        lab.kubectl("deployer", "-n", "shop", "apply", "-f", "-", given=obj("autoscaling/v2", "HorizontalPodAutoscaler", "shop", name, spec={
            "minReplicas": 1, "maxReplicas": dice.choice((2, 3)), "scaleTargetRef": {"apiVersion": "apps/v1", "kind": "Deployment", "name": name},
            "metrics": [{"type": "Resource", "resource": {"name": "cpu", "target": {"type": "Utilization", "averageUtilization": 70}}}]}))


def ingress_changed(lab, dice):
    host = dice.choice(["www", "api", "status"]) + ".shop.example"
    lab.kubectl("deployer", "-n", "shop", "apply", "-f", "-", given=obj(
        "networking.k8s.io/v1", "Ingress", "shop", host.split(".", maxsplit=1)[0],
        {"annotations": {"cert-manager.io/cluster-issuer": "internal", "nginx.ingress.kubernetes.io/proxy-body-size": f"{dice.choice((1, 8, 16))}m"}},
        spec={"ingressClassName": "nginx", "tls": [{"hosts": [host], "secretName": host.split(".", maxsplit=1)[0] + "-tls"}],
              "rules": [{"host": host, "http": {"paths": [{"path": "/", "pathType": "Prefix", "backend": {"service": {"name": dice.choice(list(SERVICES)), "port": {"number": 8080}}}}]}}]}))


def nightly(lab, dice):
    """Jobs that come back: reports, mails, a clean-up."""
    name = dice.choice(["report", "mailing", "cleanup"])
    lab.kubectl("deployer", "-n", "shop", "apply", "-f", "-", given=obj("batch/v1", "CronJob", "shop", name, spec={
        "schedule": dice.choice(["*/10 * * * *", "*/15 * * * *"]), "successfulJobsHistoryLimit": 1, "jobTemplate": {"spec": {"template": {"spec": {
            "restartPolicy": "Never", "automountServiceAccountToken": False, "containers": [container(name, "registry.shop.example/shop/web:2.4", command=["sh", "-c", "sleep 2"])]}}}}}))


def operated(lab, dice):
    """The operator's round: nodes, rights, quotas."""
    for args in dice.sample([("get", "nodes", "-o", "wide"), ("describe", "node", "node-1"), ("get", "clusterrolebindings", "-o", "wide"), ("get", "rolebindings", "-A"),
                             ("auth", "can-i", "--list", "--as=developer", "--as-group=shop:developers", "-n", "shop"), ("get", "events", "-A"), ("get", "pods", "-n", "kube-system"),
                             ("get", "csr"), ("api-resources",), ("get", "networkpolicy", "-A"), ("get", "pv,storageclass"), ("get", "--raw", "/metrics"), ("version",)], 4):
        lab.kubectl("operator", *args)


def namespace_made(lab, _dice):
    """A team gets a namespace of its own, with a quota, a network policy and a role."""
    name = f"preview-{lab.next('preview')}"
    lab.kubectl("operator", "apply", "-f", "-", given=[
        obj("v1", "Namespace", None, name, {"labels": {"team": "shop", "pod-security.kubernetes.io/enforce": "restricted"}}),
        obj("v1", "ResourceQuota", name, "quota", spec={"hard": {"pods": "20", "requests.memory": "4Gi"}}),
        obj("v1", "LimitRange", name, "limits", spec={"limits": [{"type": "Container", "default": {"memory": "128Mi", "cpu": "200m"}}]}),
        obj("networking.k8s.io/v1", "NetworkPolicy", name, "deny-ingress", spec={"podSelector": {}, "policyTypes": ["Ingress"]}),
        obj("rbac.authorization.k8s.io/v1", "RoleBinding", name, "developers", roleRef={"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "edit"},
            subjects=[{"kind": "Group", "apiGroup": "rbac.authorization.k8s.io", "name": "shop:developers"}])])
    lab.kubectl("developer", "-n", name, "apply", "-f", "-", given=service(lab, name, "web"))
    if lab.count["preview"] > 2:
        lab.kubectl("operator", "delete", "namespace", f"preview-{lab.count['preview'] - 2}", "--wait=false")


def node_kept(lab, dice):
    """A node is taken out for an update, and back."""
    lab.kubectl("operator", "cordon", "node-1")
    if dice.random() < 0.5:
        lab.kubectl("operator", "label", "node", "node-1", f"patched=2026-11-{dice.choice((24, 25, 26))}", "--overwrite")
    lab.kubectl("operator", "uncordon", "node-1")


def policy_changed(lab, dice):
    lab.kubectl("operator", "-n", "shop", "apply", "-f", "-", given=obj("networking.k8s.io/v1", "NetworkPolicy", "shop", "database", spec={
        "podSelector": {"matchLabels": {"app": "database"}}, "ingress": [{"from": [{"podSelector": {"matchLabels": {"app": name}}} for name in dice.sample(list(SERVICES), 2)]}]}))


WORK = works_addons.WORK + [
    (75, looked), (210, rolled_out), (600, restarted), (300, configured), (260, pipeline), (420, released), (240, debugged), (420, forwarded), (1100, copied),
    (800, secret_rotated), (420, scaled), (540, ingress_changed), (700, nightly), (300, operated), (1300, namespace_made), (1700, node_kept), (1000, policy_changed)]
