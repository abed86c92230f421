# host-disk-mounted-in-container: a privileged container mounts the host's disk.
# shows: the mount in the arguments and the refused call
# outcome: failure: the device cannot be opened here
# label: malicious
# expects: [host-disk-mounted-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, host-disk-read-in-container, host-device-shared, block-device-node-created-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'mkdir -p /mnt/h; mount -o ro /dev/vda /mnt/h && ls /mnt/h'
    else
        docker run --rm --device=/dev/vda --cap-add=SYS_ADMIN --security-opt seccomp=unconfined busybox:1.36 mount -t ext4 -r /dev/vda /media
    fi
    true
}
