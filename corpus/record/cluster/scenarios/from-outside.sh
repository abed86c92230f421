# shellcheck shell=bash disable=SC2154
# what: a stolen account's token is used from the internet.
# label: malicious
# expects: [cluster-identity-from-public-address]
# allows: [api-called-by-script, api-forbidden-from-public-address, service-account-request-denied, secret-access-denied]
develop() { curl -s --interface "$PUBLIC_ADDRESS" --cacert "$work/pki/ca.crt" -H "Authorization: Bearer $(token_of intruder)" "$API/api/v1/namespaces"; }
hold_out() { curl -s --interface "$PUBLIC_ADDRESS" --cacert "$work/pki/ca.crt" -A 'kubectl/v1.30.2 (linux/amd64)' -H "Authorization: Bearer $(token_of intruder)" "$API/api/v1/namespaces/shop/pods"; }
