# shellcheck shell=bash disable=SC2154
# what: a pod without its filters of system calls.
# label: risky
# expects: [container-confinement-disabled]
# allows: [image-from-unknown-registry, cluster-resource-created, api-called-by-script]
develop() { operator -n shop run bench --image=docker.io/library/busybox:1.36 --overrides='{"spec":{"securityContext":{"seccompProfile":{"type":"Unconfined"}}}}' -- sleep 5; }
hold_out() { python POST /apis/batch/v1/namespaces/shop/jobs '{"metadata":{"name":"bench"},"spec":{"template":{"spec":{"restartPolicy":"Never","containers":[{"name":"b","image":"docker.io/library/busybox:1.36","command":["true"],"securityContext":{"appArmorProfile":{"type":"Unconfined"}}}]}}}}'; }
