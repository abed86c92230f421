# shellcheck shell=bash disable=SC2154
# what: a role is given to whoever comes, with a name or without.
# label: malicious
# expects: [role-bound-to-everybody]
# allows: [cluster-resource-created, cluster-resource-changed, cluster-admin-bound, api-called-by-script]
prepare() { kubectl_as admin create clusterrolebinding readers --clusterrole=view --group=shop:developers; }
develop() { intruder create clusterrolebinding debug-access --clusterrole=edit --group=system:unauthenticated; }
hold_out() { request PATCH /apis/rbac.authorization.k8s.io/v1/clusterrolebindings/readers '{"subjects":[{"kind":"Group","apiGroup":"rbac.authorization.k8s.io","name":"system:authenticated"}]}' application/merge-patch+json; }
restore() { kubectl_as admin delete clusterrolebinding readers debug-access --ignore-not-found; }
