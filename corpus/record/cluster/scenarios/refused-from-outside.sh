# shellcheck shell=bash disable=SC2154
# what: somebody on the internet knocks and is sent away.
# label: malicious
# expects: [api-forbidden-from-public-address]
# allows: [secret-access-denied, api-called-by-script]
develop() { curl -sk --interface "$PUBLIC_ADDRESS" "$API/api/v1/secrets"; }
hold_out() { curl -sk --interface "$PUBLIC_ADDRESS" -H 'Authorization: Bearer eyJhbGciOiJSUzI1NiJ9.e30.bm8' "$API/api/v1/pods"; }
