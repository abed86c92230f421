# binfmt-handler-registered: a privileged container registers an interpreter of its own with the kernel, for files that end in
#   a word that no file of this machine ends in. It is taken out again at once.
# shows: the mount of binfmt_misc in a container, the write of its register
# label: malicious
# expects: [binfmt-handler-registered]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-rw, kernel-parameter-written-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c '
            mount -t binfmt_misc none /proc/sys/fs/binfmt_misc
            echo ":labrun:E::labsuid::/tmp/i:C" >/proc/sys/fs/binfmt_misc/register
            cat /proc/sys/fs/binfmt_misc/labrun; echo -1 >/proc/sys/fs/binfmt_misc/labrun'
    else
        docker run --rm --cap-add=SYS_ADMIN --security-opt seccomp=unconfined busybox:1.36 sh -c '
            mkdir -p /mnt/b; mount -t binfmt_misc b /mnt/b; printf %s ":labx:E::labnever::/bin/busybox:OC" >/mnt/b/register
            ls /mnt/b; echo -1 >/mnt/b/labx; umount /mnt/b'
    fi
    true
}
restore() {
    mount -t binfmt_misc none /proc/sys/fs/binfmt_misc || return 0
    for f in labrun labx; do [ ! -e /proc/sys/fs/binfmt_misc/$f ] || echo -1 >/proc/sys/fs/binfmt_misc/$f; done
    umount /proc/sys/fs/binfmt_misc
}
