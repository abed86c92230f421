# shellcheck shell=bash disable=SC2154
# what: roles for reading secrets, making pods and entering them, as a thief wants them.
# label: malicious
# expects: [secret-reading-role-written, pod-creating-role-written, pod-entering-role-written]
# allows: [cluster-resource-created, cluster-resource-changed, writing-role-written, api-called-by-script]
develop() {
    intruder -n shop create role reader --verb=get,list --resource=secrets
    intruder -n shop create role builder --verb=create --resource=pods --resource=pods/exec
}
hold_out() {
    request POST /apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles '{"metadata":{"name":"support"},"rules":[{"apiGroups":["","apps","batch"],"resources":["pods","pods/exec","pods/attach","deployments","jobs"],"verbs":["get","create","patch"]},{"apiGroups":[""],"resources":["secrets","configmaps"],"verbs":["get","watch"]}]}'
}
