# shellcheck shell=bash disable=SC2154
# what: a stolen account of a pod tries secrets that it may not read.
# label: malicious
# expects: [secret-access-denied, service-account-request-denied]
# allows: [api-called-by-script]
develop() { web -n kube-system get secrets; web -n shop get secret database-login; }
hold_out() { as=web request GET /api/v1/namespaces/kube-system/secrets; as=web request GET /api/v1/namespaces/shop/secrets/database-login; }
