# host-rebooted-from-container: containers ask for a reboot and for another kernel.
# shows: the call from inside a container, its tools in the arguments
# outcome: failure: the capability is missing, or only the container's own process namespace ends
# label: malicious
# expects: [host-rebooted-from-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/app:3 bin/fin=/srv/lab/x; }
act() {
    if dev; then
        docker run --rm shop/app:3 reboot -f
        docker run --rm --cap-add SYS_BOOT shop/app:3 sh -c 'fin reboot'
    else
        docker run --rm --privileged shop/app:3 fin reboot
        docker run --rm busybox:1.36 sh -c 'poweroff -f; true'
    fi
    true
}
