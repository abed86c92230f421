# devices-by-number: a container is given kernel devices, a disk's group and a rule for all disks, makes the disk's node itself and reads it.
# shows: options that name devices by number and group; mknod inside the container
# as: deploy
# label: malicious
# expects: [device-cgroup-rule-added, privileged-group-given, host-device-shared, kernel-device-shared]
# allows: [engine-socket-connected, dangerous-capability-added, block-device-node-created-in-container]
act() {
    if dev; then
        docker run --rm --group-add 6 --device /dev/kmsg --device-cgroup-rule 'b 8:* rmw' --device-cgroup-rule 'b 254:* rmw' alpine:3.19 \
            sh -c 'mknod /tmp/d b 254 0; dd if=/tmp/d bs=512 count=1 of=/dev/null; id'
    else
        docker create --name inv --device-cgroup-rule='b *:* r' --group-add=6 --device=/dev/kmsg:/dev/log0 busybox:1.36 \
            sh -c 'mknod -m 600 /root/vd b 8 0 && head -c 512 /root/vd | wc -c'
        docker start -a inv
        docker rm inv
    fi
    true
}
restore() { docker rm -f inv; }
