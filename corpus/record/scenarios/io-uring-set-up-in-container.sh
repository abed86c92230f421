# io-uring-set-up-in-container: a program in a container works through a ring, past what records system calls.
# shows: io_uring_setup from inside a container
# label: malicious
# expects: [io-uring-set-up-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/app:3 bin/rg=/srv/lab/x; }
act() {
    if dev; then
        docker run --rm --security-opt seccomp=unconfined shop/app:3 rg ring
    else
        docker run --rm --privileged shop/app:3 sh -c 'cp /bin/rg /tmp/curing; /tmp/curing ring; /tmp/curing ring'
    fi
    true
}
