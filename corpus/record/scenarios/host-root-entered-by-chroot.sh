# host-root-entered-by-chroot: somebody of the group docker becomes root on the host: the root is mounted, and entered by chroot.
# shows: chroot in the arguments, the call, files of the host written behind it
# as: deploy
# label: malicious
# expects: [host-root-entered-by-chroot, host-root-mount]
# allows: [socket-parent-mount, password-hashes-read, privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, host-file-written-through-mount, cron-table-changed, host-shell-container-requested]
act() {
    if dev; then
        docker run -v /:/mnt --rm alpine:3.19 chroot /mnt sh -c 'id; tail -1 /etc/shadow'
    else
        docker run --rm --mount type=bind,src=/,dst=/hostfs busybox:1.36 sh -c 'cd /hostfs && chroot . bash -c "touch /etc/cron.d/y; rm /etc/cron.d/y; uname -n"'
        docker run -d --name node1 --volume /:/host shop/toolbox:1.4 sleep 20
        docker exec node1 chroot /host /usr/bin/id
        docker rm -f node1
    fi
    true
}
