# host-disk-read-in-container: containers read the host's disk past its file system.
# shows: the device opened, debugfs and dd in the arguments
# outcome: failure: the device answers EPERM here; the attempts are recorded
# label: malicious
# expects: [host-disk-read-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, host-device-shared, password-hashes-read]
prepare() { image_from shop/rescue:1 /usr/sbin/debugfs; }
act() {
    if dev; then
        docker run --rm --privileged shop/rescue:1 /usr/sbin/debugfs -R 'cat /etc/shadow' /dev/vda
    else
        docker run --rm --device /dev/vda:/dev/vda:r shop/rescue:1 sh -c 'dd if=/dev/vda bs=1M count=1 | strings | head -3; debugfs /dev/vda -R "ls /root"'
    fi
    true
}
