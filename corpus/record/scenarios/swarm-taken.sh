# swarm-taken: a host is made a swarm's manager, and a service with the host's root is spread over it.
# shows: swarm and service by docker's client; the manager's port
# as: deploy
# label: malicious
# expects: [swarm-joined, service-with-host-access]
# allows: [engine-socket-connected, host-root-mount, socket-parent-mount, docker-socket-mount, dangerous-capability-added]
act() {
    if dev; then
        docker swarm init --advertise-addr 127.0.0.1
        docker swarm join-token worker
        timeout 20 docker service create --detach --name m --mount type=bind,source=/,target=/host alpine:3.19 sleep 30
    else
        docker swarm init --advertise-addr=127.0.0.1 --listen-addr 127.0.0.1:2377
        timeout 20 docker service create -d --name=agent --mode=global --mount=type=bind,src=/var/run/docker.sock,dst=/s busybox:1.36 sleep 30
    fi
    sleep 3
    docker service ls
    docker swarm leave --force
    true
}
restore() { docker swarm leave --force; }
