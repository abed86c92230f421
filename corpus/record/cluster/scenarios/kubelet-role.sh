# shellcheck shell=bash disable=SC2154
# what: a role is written that reaches the kubelets behind the API server's back.
# label: malicious
# expects: [node-proxy-role-written]
# allows: [cluster-resource-created, writing-role-written]
develop() { intruder create clusterrole stats --verb=get,create --resource=nodes/proxy; }
hold_out() {
    given <<'Y' | intruder create -f -
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: node-debugger}
rules: [{apiGroups: [""], resources: [nodes, nodes/proxy], verbs: [get, list]}]
Y
}
