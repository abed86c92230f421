# shellcheck shell=bash disable=SC2154
# what: an API server that writes no audit log, and controllers that listen to everybody.
# label: risky
# expects: [api-server-without-audit-log, control-plane-open-to-network]
# allows: [workload-in-system-namespace, cluster-authentication-weakened, api-called-by-script]
develop() {
    given <<'Y' | operator apply -f -
apiVersion: v1
kind: Pod
metadata: {name: apiserver-spare, namespace: kube-system}
spec:
  containers:
    - {name: a, image: "registry.k8s.io/kube-apiserver:v1.34.4", command: [kube-apiserver, --authorization-mode=Node, --etcd-servers=https://127.0.0.1:2379]}
    - {name: s, image: "registry.k8s.io/kube-scheduler:v1.34.4", command: [kube-scheduler, --bind-address=0.0.0.0]}
Y
}
hold_out() { python POST /api/v1/namespaces/kube-system/pods '{"metadata":{"name":"control-spare"},"spec":{"containers":[{"name":"a","image":"registry.k8s.io/kube-apiserver:v1.34.4","command":["kube-apiserver"],"args":["--secure-port=6443","--etcd-servers=https://127.0.0.1:2379"]},{"name":"c","image":"registry.k8s.io/kube-controller-manager:v1.34.4","command":["kube-controller-manager","--kubeconfig=/etc/kubernetes/c.conf"]}]}}'; }
