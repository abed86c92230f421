# shellcheck shell=bash disable=SC2154
# what: a role is written that the cluster's own roles take in.
# label: malicious
# expects: [aggregated-role-written]
# allows: [cluster-resource-created, secret-reading-role-written, pod-entering-role-written, writing-role-written, api-called-by-script, node-proxy-role-written, wildcard-role-written]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: view-more, labels: {rbac.authorization.k8s.io/aggregate-to-view: "true"}}
rules: [{apiGroups: [""], resources: [secrets], verbs: [get, list]}]
Y
}
hold_out() { request POST /apis/rbac.authorization.k8s.io/v1/clusterroles '{"metadata":{"name":"edit-more","labels":{"rbac.authorization.k8s.io/aggregate-to-edit":"true"}},"rules":[{"apiGroups":[""],"resources":["nodes/proxy"],"verbs":["*"]}]}'; }
