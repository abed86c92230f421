# kernel-memory-opened: containers look for the machine's memory.
# shows: /dev/mem and /proc/kcore in arguments, the refused opens
# outcome: failure: this kernel has neither; the attempts are the attack
# label: malicious
# expects: [kernel-memory-opened]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, block-device-node-created-in-container, sensitive-mount-ro]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'dd if=/dev/mem bs=1k count=1 | strings; strings /proc/kcore | head -1'
    else
        docker run --rm --cap-add SYS_RAWIO --cap-add SYS_ADMIN busybox:1.36 hexdump -C /dev/mem
        docker run --rm -v /proc:/host/proc:ro busybox:1.36 head -c 64 /host/proc/kcore
    fi
    true
}
