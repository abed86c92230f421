# shellcheck shell=bash disable=SC2154
# what: a namespace's rules for pods are taken away.
# label: malicious
# expects: [pod-security-lowered]
# allows: [cluster-resource-changed, api-called-by-script]
develop() { intruder label namespace shop pod-security.kubernetes.io/enforce=privileged --overwrite; }
hold_out() { request PATCH /api/v1/namespaces/shop '{"metadata":{"labels":{"pod-security.kubernetes.io/enforce":"privileged"}}}' application/merge-patch+json; }
