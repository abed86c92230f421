# memory-checkpointed: somebody tries to write the memory of running containers into files. Without CRIU here it is refused.
# shows: the attempts' words
# label: malicious
# expects: [container-memory-checkpointed]
# allows: [engine-socket-connected, runtime-used-by-hand, containerd-used-by-hand]
prepare() { docker run -d --name keys alpine:3.19 sleep 120; }
act() {
    id=$(docker ps -q --no-trunc --filter name=keys)
    if dev; then
        docker checkpoint create --leave-running keys c1
        runc --root /run/docker/runtime-runc/moby checkpoint --image-path /tmp/c --leave-running "$id"
    else
        ctr -a /run/docker/containerd/containerd.sock -n moby tasks checkpoint "$id"
        docker checkpoint create --checkpoint-dir=/tmp/cp keys now
    fi
    true
}
restore() { docker rm -f keys; rm -rf /tmp/c /tmp/cp; }
