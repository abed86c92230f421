# cgroup-v1-mounted-in-container: a container mounts cgroup v1 hierarchies and looks at their limits; nothing is written.
# shows: the mount call inside the container
# label: risky
# expects: [cgroup-v1-mounted-in-container]
# allows: [privileged-container, container-confinement-disabled, dangerous-capability-added, engine-socket-connected]
act() {
    if dev; then
        docker run --rm --cap-add SYS_ADMIN --security-opt seccomp=unconfined alpine:3.19 \
            sh -c 'mkdir /tmp/c; mount -t cgroup -o memory cgroup /tmp/c; cat /tmp/c/memory.usage_in_bytes; umount /tmp/c'
    else
        docker run --rm --privileged debian:bookworm-slim \
            sh -c 'mkdir -p /mnt/pids; mount -t cgroup -o pids pids /mnt/pids; ls /mnt/pids | head; umount /mnt/pids'
    fi
    true
}
