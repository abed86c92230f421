# docker-socket-mount: a container is given the engine's socket and lists the host's containers through it.
# shows: the mount in the command line, the kernel's bind mount, a connect from inside a container
# as: deploy
# label: malicious
# expects: [docker-socket-mount]
# allows: [engine-socket-unexpected-client, engine-socket-connected]
act() {
    if dev; then
        docker run --rm -v /var/run/docker.sock:/var/run/docker.sock shop/toolbox:1.4 \
            curl -s --unix-socket /var/run/docker.sock http://localhost/containers/json
    else
        docker container run --rm --name helper --mount type=bind,source=/run/docker.sock,target=/tmp/d.sock docker:24-cli \
            docker -H unix:///tmp/d.sock ps -a
        docker create --name later --volume=/run/docker.sock:/run/docker.sock:ro alpine:3.19 sleep 1
        docker start later
        docker rm -f later
    fi
    true
}
