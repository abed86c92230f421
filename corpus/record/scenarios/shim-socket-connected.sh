# shim-socket-connected: a container on the host's network, or with containerd's folder, connects to the sockets of shims.
# shows: the connects from inside a container
# outcome: this containerd listens in no abstract name space, so that attempt is refused
# label: malicious
# expects: [shim-socket-connected]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-rw, socket-parent-mount, engine-socket-unexpected-client]
act() {
    if dev; then
        docker run --rm --network host shop/toolbox:1.4 sh -c 'grep containerd-shim /proc/net/unix | head -2; echo x | socat -t 1 - ABSTRACT-CONNECT:/containerd-shim/moby/0a1b2c/shim.sock'
        docker run --rm --net=host -v /run/containerd:/c shop/toolbox:1.4 sh -c 'for s in /c/s/*; do echo x | socat -t 1 - UNIX-CONNECT:$s; done'
    else
        docker run -d --name shm busybox:1.36 sleep 20
        docker run --rm --network=host -v /run:/r shop/toolbox:1.4 sh -c 'for s in /r/containerd/s/*; do curl -s -m 1 --unix-socket $s http://x/; done; true'
        docker rm -f shm
    fi
    true
}
