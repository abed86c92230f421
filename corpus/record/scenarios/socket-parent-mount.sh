# socket-parent-mount: the folder that holds the engine's socket is mounted, which gives the socket without naming it.
# shows: -v /var/run or /run in the command line, the runtime's bind mount, connect from inside the container
# as: deploy
# label: malicious
# expects: [socket-parent-mount]
# allows: [engine-socket-unexpected-client, engine-socket-connected, sensitive-mount-rw]
act() {
    if dev; then
        docker run --rm -v /var/run:/host/run shop/toolbox:1.4 \
            curl -s --unix-socket /host/run/docker.sock http://localhost/containers/json
    else
        docker run --rm --mount type=bind,source=/run,target=/hostrun docker:24-cli \
            docker --host unix:///hostrun/docker.sock version
        docker run --rm --volume /var:/host/var busybox:1.36 ls -l /host/var
    fi
    true
}
