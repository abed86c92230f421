# shellcheck shell=bash disable=SC2154
# what: all secrets of the cluster are read at once.
# label: malicious
# expects: [secrets-listed-in-all-namespaces, secrets-read]
# allows: [api-called-by-script]
develop() { intruder get secrets --all-namespaces -o yaml; }
hold_out() { request GET '/api/v1/secrets?limit=500'; request GET '/api/v1/secrets?watch=true&timeoutSeconds=1'; }
