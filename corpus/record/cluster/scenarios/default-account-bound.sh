# shellcheck shell=bash disable=SC2154
# what: the account that every pod of a namespace has is given rights.
# label: risky
# expects: [default-account-bound]
# allows: [cluster-resource-created, cluster-admin-bound, api-called-by-script]
develop() { operator -n shop create rolebinding web-edit --clusterrole=edit --serviceaccount=shop:default; }
hold_out() { python POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings '{"metadata":{"name":"quick-fix"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"view"},"subjects":[{"kind":"ServiceAccount","namespace":"shop","name":"default"}]}'; }
