# shellcheck shell=bash disable=SC2154
# what: an account among those of the cluster.
# label: malicious
# expects: [service-account-in-system-namespace]
# allows: [cluster-resource-created, api-called-by-script]
develop() { intruder -n kube-system create serviceaccount node-sync-controller; }
hold_out() { request POST /api/v1/namespaces/kube-system/serviceaccounts '{"metadata":{"name":"volume-health-controller"}}'; }
