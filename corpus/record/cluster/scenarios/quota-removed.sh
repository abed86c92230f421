# shellcheck shell=bash disable=SC2154
# what: a namespace's limits are taken away.
# label: malicious
# expects: [resource-quota-removed]
# allows: [api-called-by-script]
prepare() { kubectl_as admin -n shop create quota small --hard=pods=50; }
develop() { intruder -n shop delete resourcequota small; }
hold_out() { request DELETE /api/v1/namespaces/shop/resourcequotas/small; }
