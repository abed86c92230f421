# shellcheck shell=bash disable=SC2154
# what: the rule that keeps others from the data base is removed.
# label: malicious
# expects: [network-policy-removed]
# allows: [api-called-by-script]
prepare() {
    given <<'Y' | kubectl_as admin apply -f -
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: database, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress]}
Y
}
develop() { intruder -n shop delete networkpolicy database; }
hold_out() { request DELETE /apis/networking.k8s.io/v1/namespaces/shop/networkpolicies; }
