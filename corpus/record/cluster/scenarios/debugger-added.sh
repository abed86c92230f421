# shellcheck shell=bash disable=SC2154
# what: a container of the intruder's choice is put into a running pod.
# label: malicious
# expects: [ephemeral-container-added]
# allows: [pod-exec-or-attach, image-from-unknown-registry, image-tag-moves, pod-capabilities-kept, pod-raw-sockets, pod-seccomp-unset, pod-may-run-as-root, pod-root-filesystem-writable, pod-resources-unlimited, privilege-escalation-allowed, cluster-resource-changed, api-called-by-script, foreign-namespaces-joined]
develop() { intruder -n shop debug "$(kubectl_as admin -n shop get pods -l app=web -o 'jsonpath={.items[0].metadata.name}')" --image=docker.io/library/busybox:1.36 --target=web -- sleep 3; }
hold_out() { request PATCH "/api/v1/namespaces/shop/pods/$(kubectl_as admin -n shop get pods -l app=web -o 'jsonpath={.items[0].metadata.name}')/ephemeralcontainers" '{"spec":{"ephemeralContainers":[{"name":"dbg","image":"docker.io/library/busybox:1.36","command":["sleep","3"]}]}}' application/strategic-merge-patch+json; }
