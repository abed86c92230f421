# user-namespace-created-in-container: a container without a filter makes a user namespace, has every capability in it and
#   tries to mount control groups.
# shows: unshare and clone with a user namespace from inside a container
# label: malicious
# expects: [user-namespace-created-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, cgroup-v1-mounted-in-container, mount-made-by-unprivileged-user]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/app:3 bin/ns=/srv/lab/x /usr/bin/unshare; }
act() {
    if dev; then
        docker run --rm --security-opt seccomp=unconfined --security-opt apparmor=unconfined shop/app:3 sh -c 'unshare -Ur sh -c "mkdir /tmp/c; mount -t cgroup -o rdma cgroup /tmp/c; id"'
    else
        docker run --rm --security-opt=seccomp=unconfined --user 1000 shop/app:3 /usr/bin/unshare --user --map-root-user --mount --cgroup id
        docker run --rm --security-opt seccomp=unconfined shop/app:3 ns child
        docker run --rm --privileged shop/app:3 ns userns
    fi
    true
}
