# shellcheck shell=bash disable=SC2154
# what: a token is made that admits a node of the intruder's.
# label: malicious
# expects: [bootstrap-token-created]
# allows: [cluster-resource-created, api-called-by-script]
develop() { intruder -n kube-system create secret generic bootstrap-token-ab12cd --type=bootstrap.kubernetes.io/token --from-literal=token-id=ab12cd --from-literal=token-secret=0123456789abcdef --from-literal=usage-bootstrap-authentication=true; }
hold_out() { python POST /api/v1/namespaces/kube-system/secrets '{"metadata":{"name":"bootstrap-token-zz99xx"},"type":"bootstrap.kubernetes.io/token","stringData":{"token-id":"zz99xx","token-secret":"fedcba9876543210","usage-bootstrap-signing":"true","usage-bootstrap-authentication":"true"}}'; }
