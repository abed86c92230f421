# host-troubleshooting: an administrator looks into a container from the host: its network namespace, its processes, system settings.
# shows: nsenter and strace on the host, sysctl writes, mounts by an administrator: near to attacks, and none
# dataset: everyday
# label: benign
act() {
    docker run -d --name web nginx:1.25 sh -c 'while :; do date >/tmp/d; sleep 1; done'
    p=$(docker inspect -f '{{.State.Pid}}' web)
    if dev; then
        nsenter -t "$p" -n ip addr
        timeout 2 strace -f -p "$p" -o /tmp/trace
        sysctl -w vm.swappiness=60
        mkdir -p /mnt/ram && mount -t tmpfs tmpfs /mnt/ram && umount /mnt/ram
        cat /proc/sys/kernel/core_pattern /sys/fs/cgroup/pids/release_agent
    else
        nsenter --target "$p" --mount --net ls /
        unshare -m sh -c 'mount -t tmpfs none /mnt; umount /mnt'
        ip netns add probe; ip netns exec probe ip link; ip netns del probe
        mount --bind /etc/ssh /mnt && ls /mnt && umount /mnt
        find /sys/fs/cgroup/pids -maxdepth 1 -name notify_on_release
    fi
    docker rm -f web
    rm -f /tmp/trace
}
