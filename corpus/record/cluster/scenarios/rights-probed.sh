# shellcheck shell=bash disable=SC2154
# what: a stolen account tries one kind of object after the other.
# label: malicious
# expects: [permissions-probed, service-account-request-denied]
# allows: [api-called-by-script, secret-access-denied, permissions-enumerated]
develop() { for what in pods services deployments daemonsets jobs configmaps secrets nodes namespaces clusterroles; do web get "$what"; done; }
hold_out() { for path in /api/v1/pods /api/v1/nodes /api/v1/secrets /api/v1/configmaps /api/v1/namespaces /apis/apps/v1/deployments /apis/batch/v1/cronjobs /apis/rbac.authorization.k8s.io/v1/clusterroles; do as=web python GET "$path"; done; }
