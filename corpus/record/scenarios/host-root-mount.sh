# host-root-mount: the host's root is mounted into a container, which then works on the host as root.
# shows: -v / in the command line, the runtime's bind mount of /
# label: malicious
# expects: [host-root-mount]
# allows: [sensitive-mount-rw, socket-parent-mount, engine-socket-connected, host-root-entered-by-chroot, host-file-written-through-mount, cron-table-changed, password-hashes-read, host-shell-container-requested]
act() {
    if dev; then
        docker run --rm -v /:/host alpine:3.19 chroot /host sh -c 'id; tail -1 /etc/shadow; touch /root/.seen; rm /root/.seen'
    else
        docker container run --rm --name backup-job --mount type=bind,source=/,target=/mnt/root busybox:1.36 \
            sh -c 'cat /mnt/root/etc/shadow | wc -l; echo "* * * * * root true" >/mnt/root/etc/cron.d/backup-job'
    fi
    true
}
restore() { rm -f /etc/cron.d/backup-job; }
