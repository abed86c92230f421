# shellcheck shell=bash disable=SC2154
# what: parts of the control plane are asked for with their guards off.
# label: malicious
# expects: [cluster-authentication-weakened]
# allows: [api-server-without-audit-log, control-plane-open-to-network, workload-in-system-namespace, image-from-unknown-registry, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Pod
metadata: {name: kube-apiserver-2, namespace: kube-system}
spec: {containers: [{name: kube-apiserver, image: "registry.k8s.io/kube-apiserver:v1.34.4", command: [kube-apiserver, --authorization-mode=AlwaysAllow, --anonymous-auth=true, --etcd-servers=http://127.0.0.1:2379]}]}
Y
}
hold_out() { request POST /api/v1/namespaces/kube-system/pods '{"metadata":{"name":"etcd-2"},"spec":{"containers":[{"name":"etcd","image":"registry.k8s.io/etcd:3.6.4","command":["etcd","--listen-client-urls=http://0.0.0.0:2379","--advertise-client-urls=http://10.20.0.10:2379","--client-cert-auth=false"]}]}}'; }
