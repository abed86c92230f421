# shellcheck shell=bash disable=SC2154
# what: a pod without any of the settings that keep it small.
# label: risky
# expects: [privilege-escalation-allowed, pod-may-run-as-root, pod-raw-sockets, pod-capabilities-kept, pod-account-token-mounted, pod-root-filesystem-writable, pod-seccomp-unset, pod-resources-unlimited, image-tag-moves, image-from-unknown-registry]
# allows: [cluster-resource-created]
develop() { operator -n shop run quick --image=images.unknown.example/quick; }
hold_out() { operator -n shop create deployment quick --image=images.unknown.example/team/quick:latest; }
