"""An observability team's cluster: agents on the node, an operator with wide rights, people who debug all day."""
import works_addons
from lab import container, obj, workload
from works_addons import READ, account_of

NAMESPACE = "monitoring"


def agents(number):
    """Agents read the node through read-only mounts and share its namespaces: here that is normal."""
    root = {"name": "root", "hostPath": {"path": "/"}}
    return [
        workload("DaemonSet", NAMESPACE, "node-exporter", [container(
            "node-exporter", f"quay.io/prometheus/node-exporter:v1.{7 + number % 3}.0", args=["--path.rootfs=/host"], command=["sleep", "2147483"],
            ports=[{"containerPort": 9100, "hostPort": 9100}],
            volumeMounts=[{"name": "root", "mountPath": "/host", "readOnly": True, "mountPropagation": "HostToContainer"}])],
            pod={"hostNetwork": True, "hostPID": True, "volumes": [root], "tolerations": [{"operator": "Exists"}]}),
        workload("DaemonSet", NAMESPACE, "log-agent", [container(
            "log-agent", f"docker.io/fluent/fluent-bit:3.{1 + number % 2}", command=["sleep", "2147483"], securityContext={"runAsUser": 0, "readOnlyRootFilesystem": True},
            volumeMounts=[{"name": "logs", "mountPath": "/var/log", "readOnly": True}])],
            pod={"volumes": [{"name": "logs", "hostPath": {"path": "/var/log"}}], "serviceAccountName": "log-agent", "automountServiceAccountToken": True}),
    ]


def prepare(lab):
    works_addons.prepare(lab)
    lab.namespaces, lab.database = [NAMESPACE], (NAMESPACE, "statefulset/store")
    lab.kubectl("admin", "create", "namespace", NAMESPACE)
    lab.kubectl("admin", "label", "namespace", NAMESPACE, "pod-security.kubernetes.io/enforce=privileged")
    for name in ("prometheus", "log-agent", "prometheus-operator", "gitops"):
        lab.account(NAMESPACE, name)
    lab.allow("prometheus", [{"apiGroups": ["", "discovery.k8s.io"], "resources": ["nodes", "services", "endpoints", "pods", "endpointslices"], "verbs": READ},
                             {"apiGroups": [""], "resources": ["nodes/metrics", "nodes/proxy"], "verbs": ["get"]}, {"nonResourceURLs": ["/metrics"], "verbs": ["get"]}], account_of(NAMESPACE, "prometheus"))
    lab.allow("log-agent", [{"apiGroups": [""], "resources": ["pods", "namespaces"], "verbs": READ}], account_of(NAMESPACE, "log-agent"))
    lab.allow("prometheus-operator", [{"apiGroups": ["apps"], "resources": ["statefulsets"], "verbs": ["*"]}, {"apiGroups": [""], "resources": ["configmaps", "secrets"], "verbs": ["*"]},
                                      {"apiGroups": [""], "resources": ["namespaces", "services", "pods", "nodes"], "verbs": READ}], account_of(NAMESPACE, "prometheus-operator"))
    lab.allow("gitops", [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]}], account_of(NAMESPACE, "gitops"))
    lab.kubectl("admin", "create", "clusterrolebinding", "engineers", "--clusterrole=cluster-admin", "--group=observability:engineers")
    lab.kubectl("admin", "apply", "-f", "-", given=agents(0) + [
        workload("StatefulSet", NAMESPACE, "store", [container("store", "docker.io/library/postgres:16.4", volumeMounts=[{"name": "scratch", "mountPath": "/tmp"}])], 1,
                 {"volumes": [{"name": "scratch", "emptyDir": {}}]}),
        workload("Deployment", NAMESPACE, "grafana", [container("grafana", "docker.io/grafana/grafana:11.1.0")]),
        workload("StatefulSet", NAMESPACE, "prometheus", [container("prometheus", "quay.io/prometheus/prometheus:v2.53.0")])])


def scraped(lab, dice):
    """Prometheus keeps its targets in memory, and reads the kubelet's figures by way of the API server."""
    agent = "Prometheus/2.53.0"
    lab.watch("prometheus", dice.choice(["/api/v1/pods", "/api/v1/nodes", "/apis/discovery.k8s.io/v1/endpointslices", "/api/v1/services"]), agent, 2)
    lab.call("prometheus", "GET", "/api/v1/nodes/node-1/proxy/metrics" + dice.choice(["", "/cadvisor"]), agent=agent)
    lab.call("prometheus", "GET", "/metrics", agent=agent)


def logs_enriched(lab, _dice):
    lab.watch("log-agent", "/api/v1/pods?fieldSelector=spec.nodeName%3Dnode-1", "fluent-bit/3.1", 2)


def reconciled(lab, _dice):
    """The operator writes Prometheus's settings into a secret and keeps its stateful set as it should be."""
    agent = "PrometheusOperator/0.75.0"
    works_addons.lease(lab, "gitops", NAMESPACE, "gitops-controller", "argocd-application-controller/v2.11.4")
    path = f"/api/v1/namespaces/{NAMESPACE}/secrets"
    lab.call("prometheus-operator", "GET", "/api/v1/namespaces", agent=agent)
    lab.call("prometheus-operator", "GET", f"{path}?limit=500", agent=agent)
    settings = obj("v1", "Secret", NAMESPACE, "prometheus-settings", stringData={"prometheus.yaml": f"scrape_interval: {10 + lab.next('settings') % 5}s"})
    if lab.call("prometheus-operator", "PUT", f"{path}/prometheus-settings", settings, agent).status_code == 404:
        lab.call("prometheus-operator", "POST", path, settings, agent)


def synced(lab, dice):
    """What lies in a repository is applied by the server, whatever it is."""
    agent = "argocd-application-controller/v2.11.4"
    things = dice.sample([
        ("/api/v1/namespaces/monitoring/configmaps/dashboards", obj("v1", "ConfigMap", NAMESPACE, "dashboards", data={"node.json": f'{{"title": "node", "version": {lab.next("dashboard")}}}'})),
        ("/apis/apps/v1/namespaces/monitoring/deployments/grafana", workload("Deployment", NAMESPACE, "grafana", [container("grafana", f"docker.io/grafana/grafana:11.{dice.choice((1, 2))}.0")])),
        ("/apis/apps/v1/namespaces/monitoring/daemonsets/node-exporter", agents(lab.next("agents") // 4)[0]),
        ("/apis/apps/v1/namespaces/monitoring/daemonsets/log-agent", agents(lab.next("agents") // 4)[1]),
        ("/api/v1/namespaces/monitoring/services/grafana", obj("v1", "Service", NAMESPACE, "grafana", spec={"type": "NodePort", "selector": {"app": "grafana"}, "ports": [{"port": 3000, "nodePort": 30300}]})),
    ], 2)
    lab.call("gitops", "GET", "/api/v1/secrets?limit=500&labelSelector=argocd.argoproj.io%2Finstance", agent=agent)
    for path, thing in things:
        lab.call("gitops", "GET", path, agent=agent)
        lab.call("gitops", "PATCH", path + "?fieldManager=argocd-controller&force=true", thing, agent, "application/apply-patch+yaml")


def forwarded(lab, dice):
    what, port = dice.choice([("deployment/grafana", 3000), ("statefulset/prometheus", 9090)])
    lab.kubectl("engineer", "-n", NAMESPACE, "port-forward", what, f"{port + 10000}:{port}", seconds=4)


def debugged(lab, dice):
    """Engineers go into pods, now and then with a debugger's container."""
    name = dice.choice(["deployment/grafana", "statefulset/prometheus"])
    if dice.random() < 0.25:
        pod = lab.kubectl("engineer", "-n", NAMESPACE, "get", "pods", "-l", "app=" + name.split("/")[1], "-o", "jsonpath={.items[0].metadata.name}")
        lab.kubectl("engineer", "-n", NAMESPACE, "debug", pod, "--image=docker.io/library/busybox:1.36", "--", "sleep", "5")
    else:
        lab.kubectl("engineer", "-n", NAMESPACE, "exec", "-i", name, "--", *dice.choice([["ls", "/tmp"], ["df", "-h"], ["wget", "-qO-", "-T", "1", "http://localhost:9090/-/healthy"], ["sh", "-c", "ps; free"]]))


def looked(lab, dice):
    for args in dice.sample([("get", "pods", "-o", "wide"), ("get", "daemonsets"), ("describe", "pod", "-l", "app=node-exporter"), ("logs", "statefulset/prometheus", "--tail=20"), ("get", "events", "-A"),
                             ("get", "--raw", "/api/v1/nodes/node-1/proxy/stats/summary"), ("get", "nodes"), ("top", "nodes"), ("get", "servicemonitors"), ("get", "secret", "prometheus-settings", "-o", "yaml"),
                             ("get", "--raw", "/api/v1/nodes/node-1/proxy/configz")], dice.choice((1, 2, 3))):
        lab.kubectl("engineer", "-n", NAMESPACE, *args)


def restarted(lab, dice):
    lab.kubectl("engineer", "-n", NAMESPACE, "rollout", "restart", dice.choice(["daemonset/node-exporter", "daemonset/log-agent", "deployment/grafana"]))


def snapshot(lab, dice):
    """A dump of a profile is copied out; a job that keeps the store small is changed."""
    pod = lab.kubectl("engineer", "-n", NAMESPACE, "get", "pods", "-l", "app=prometheus", "-o", "jsonpath={.items[0].metadata.name}")
    lab.kubectl("engineer", "-n", NAMESPACE, "cp", f"{pod}:/etc/passwd", "/tmp/profile")
    lab.kubectl("engineer", "apply", "-f", "-", given=obj("batch/v1", "CronJob", NAMESPACE, "compact", spec={
        "schedule": f"{dice.choice(('*/10', '*/20'))} * * * *", "jobTemplate": {"spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [
            container("compact", "docker.io/library/postgres:16.4", command=["sleep", "2"])]}}}}}))


def rights_reviewed(lab, dice):
    """Rights of the agents are reviewed, and written again as a chart has them."""
    for args in dice.sample([("get", "clusterroles"), ("get", "clusterrolebindings", "-o", "wide"), ("auth", "can-i", "--list", "--as=system:serviceaccount:monitoring:prometheus"), ("describe", "clusterrole", "prometheus")], 2):
        lab.kubectl("engineer", *args)
    lab.kubectl("engineer", "apply", "-f", "-", given=obj("rbac.authorization.k8s.io/v1", "ClusterRole", None, "kube-state-metrics", rules=[
        {"apiGroups": [""], "resources": ["configmaps", "secrets", "nodes", "pods", "services", "namespaces"], "verbs": ["list", "watch"]},
        {"apiGroups": ["apps", "batch"], "resources": ["*"], "verbs": ["list", "watch"]}]))


WORK = works_addons.WORK + [
    (40, scraped), (75, logs_enriched), (150, reconciled), (200, synced), (300, forwarded), (240, debugged), (90, looked), (540, restarted), (1000, snapshot), (900, rights_reviewed)]
