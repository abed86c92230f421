# shellcheck shell=bash disable=SC2154
# what: a pod is started by a file on the node, which no admission sees.
# label: malicious
# expects: [static-pod-mirrored]
# allows: [image-from-unknown-registry, workload-in-system-namespace]
develop() { printf '{"apiVersion":"v1","kind":"Pod","metadata":{"name":"kube-helper","namespace":"kube-system"},"spec":{"containers":[{"name":"h","image":"docker.io/library/busybox:1.36","command":["sleep","30"]}]}}\n' >"$work/static/helper.json"; sleep 22; rm "$work/static/helper.json"; }
hold_out() { given <<'Y' >"$work/static/sync.yaml"
apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: shop}
spec: {containers: [{name: s, image: "docker.io/library/busybox:1.36", command: [sleep, "30"]}]}
Y
    sleep 22; rm "$work/static/sync.yaml"; }
