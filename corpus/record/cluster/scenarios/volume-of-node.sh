# shellcheck shell=bash disable=SC2154
# what: a volume that is a folder of the node, which no policy for pods looks at.
# label: malicious
# expects: [host-path-volume-created]
# allows: [api-called-by-script]
develop() {
    given <<'Y' | intruder apply -f -
apiVersion: v1
kind: PersistentVolume
metadata: {name: shared}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadWriteOnce], hostPath: {path: /etc}, storageClassName: manual}
Y
}
hold_out() { request POST /api/v1/persistentvolumes '{"metadata":{"name":"data-2"},"spec":{"capacity":{"storage":"1Gi"},"accessModes":["ReadWriteMany"],"hostPath":{"path":"/var/lib/kubelet"},"storageClassName":"manual"}}'; }
