# shellcheck shell=bash disable=SC2154
# what: the cluster's objects are read without a name, since somebody let everybody in.
# label: malicious
# expects: [anonymous-api-request-allowed]
# allows: [api-called-by-script, secrets-read]
prepare() { kubectl_as admin create clusterrolebinding open-door --clusterrole=view --group=system:unauthenticated; }
develop() { curl -sk "$API/api/v1/namespaces/shop/pods"; }
hold_out() { nobody GET /apis/apps/v1/namespaces/shop/deployments; nobody GET /api/v1/nodes; nobody GET /api/v1/namespaces; }
restore() { kubectl_as admin delete clusterrolebinding open-door; }
