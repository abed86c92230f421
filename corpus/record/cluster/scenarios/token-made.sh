# shellcheck shell=bash disable=SC2154
# what: a token is made for an account that has rights, for a year.
# label: malicious
# expects: [service-account-token-requested]
# allows: [api-called-by-script]
develop() { intruder -n kube-system create token clusterrole-aggregation-controller --duration=8760h; }
hold_out() { request POST /api/v1/namespaces/kube-system/serviceaccounts/generic-garbage-collector/token '{"spec":{"expirationSeconds":31536000}}'; }
