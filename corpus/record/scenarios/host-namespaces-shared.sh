# host-namespaces-shared: containers share the host's process, network and IPC namespaces.
# shows: --pid=host, --network=host, --ipc=host in the command line
# as: deploy
# label: risky
# expects: [host-namespaces-shared]
# allows: [engine-socket-connected]
act() {
    if dev; then
        docker run --rm --pid=host alpine:3.19 ps
        docker run --rm --network=host alpine:3.19 ip addr
        docker run --rm --ipc=host alpine:3.19 ls -l /dev/shm
    else
        docker container run --rm --net host redis:7 netstat -ltn
        docker run --rm --pid host --ipc host --uts host busybox:1.36 sh -c 'hostname; ps | wc -l'
    fi
    true
}
