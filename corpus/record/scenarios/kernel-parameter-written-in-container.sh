# kernel-parameter-written-in-container: a privileged container prepares its node: memory maps, swap. The values are the machine's own.
# shows: files of /proc/sys written from inside a container
# label: risky
# expects: [kernel-parameter-written-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'sysctl -w vm.max_map_count=$(cat /proc/sys/vm/max_map_count)'
    else
        docker run --rm --privileged busybox:1.36 sh -c 'v=$(cat /proc/sys/vm/swappiness); echo $v >/proc/sys/vm/swappiness; f=$(cat /proc/sys/fs/inotify/max_user_watches); sysctl -w fs.inotify.max_user_watches=$f'
    fi
    true
}
