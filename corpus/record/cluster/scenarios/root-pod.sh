# shellcheck shell=bash disable=SC2154
# what: a pod as root, on a port of the node, with a capability and a folder of the node, and a password in its environment.
# label: risky
# expects: [pod-runs-as-root, pod-host-port, pod-capability-beyond-baseline, pod-host-path-mounted, secret-in-pod-environment]
# allows: [cluster-resource-created, image-from-unknown-registry, dangerous-capability-added, api-called-by-script]
develop() {
    given <<'Y' | operator apply -f -
apiVersion: v1
kind: Pod
metadata: {name: probe, namespace: shop}
spec:
  containers:
    - name: p
      image: docker.io/library/busybox:1.36
      securityContext: {runAsUser: 0, capabilities: {add: [SYS_TIME]}}
      ports: [{containerPort: 8125, hostPort: 8125}]
      env: [{name: DB_PASSWORD, value: stand-in}]
      volumeMounts: [{name: d, mountPath: /data}]
  volumes: [{name: d, hostPath: {path: /srv/data}}]
Y
}
hold_out() { python POST /apis/apps/v1/namespaces/shop/daemonsets '{"metadata":{"name":"probe"},"spec":{"selector":{"matchLabels":{"app":"pr"}},"template":{"metadata":{"labels":{"app":"pr"}},"spec":{"securityContext":{"runAsUser":0},"containers":[{"name":"p","image":"docker.io/library/busybox:1.36","ports":[{"containerPort":53,"hostPort":53,"protocol":"UDP"}],"securityContext":{"capabilities":{"add":["SYS_NICE"]}},"envFrom":[{"secretRef":{"name":"database-login"}}],"volumeMounts":[{"name":"d","mountPath":"/data"}]}],"volumes":[{"name":"d","hostPath":{"path":"/opt/data"}}]}}}}'; }
