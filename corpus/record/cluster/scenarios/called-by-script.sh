# shellcheck shell=bash disable=SC2154
# what: a stolen account's token is used by a script.
# label: malicious
# expects: [api-called-by-script]
# allows: [service-account-request-denied, permissions-enumerated]
develop() { as=web request GET /apis; as=web request GET /openapi/v3; }
hold_out() { as=web python GET /apis; as=web python GET /api/v1/namespaces/shop/pods; }
