# shellcheck shell=bash disable=SC2154
# what: a secret is made that holds a token for ever.
# label: malicious
# expects: [permanent-account-token-created]
# allows: [cluster-resource-created, secrets-read, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Secret
type: kubernetes.io/service-account-token
metadata: {name: web-token, namespace: shop, annotations: {kubernetes.io/service-account.name: web}}
Y
    intruder -n shop get secret web-token -o 'jsonpath={.data.token}'
}
hold_out() { request POST /api/v1/namespaces/kube-system/secrets '{"metadata":{"name":"cloud-token","annotations":{"kubernetes.io/service-account.name":"node-controller"}},"type":"kubernetes.io/service-account-token"}'; }
