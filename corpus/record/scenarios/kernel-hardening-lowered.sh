# kernel-hardening-lowered: what guards the kernel's addresses is switched off from a privileged container and on the host.
#   The values written are those that this machine has, so nothing changes.
# shows: sysctl in the arguments, parameters written from inside a container
# label: malicious
# expects: [kernel-hardening-lowered]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-rw, kernel-parameter-written-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sysctl -w kernel.kptr_restrict=0
        sysctl -w kernel.kptr_restrict=0
    else
        docker run --rm -v /proc/sys/kernel:/k busybox:1.36 sh -c 'cat /k/dmesg_restrict >/tmp/v; cat /tmp/v >/k/dmesg_restrict'
        bash -c 'echo 0 >/proc/sys/kernel/kptr_restrict'
    fi
    true
}
