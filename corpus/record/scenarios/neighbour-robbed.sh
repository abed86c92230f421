# neighbour-robbed: a container joins the processes, network and volumes of a neighbour and reads its environment and data; settings are printed for secrets.
# shows: options that name another container; inspect and history by format
# as: deploy
# label: malicious
# expects: [foreign-namespaces-joined, volumes-of-other-container-taken, secrets-sought-in-container-settings, command-executed-in-container]
# allows: [engine-socket-connected, host-namespaces-shared, dangerous-capability-added, environment-of-others-read]
prepare() { docker run -d --ipc shareable --name orders -e DB_PASSWORD=hunter2 -v orders:/data alpine:3.19 sh -c 'echo 4711 >/data/orders; sleep 120'; }
act() {
    if dev; then
        docker inspect --format '{{range .Config.Env}}{{println .}}{{end}}' orders
        docker history --no-trunc alpine:3.19
        docker exec orders printenv
        docker run --rm --pid container:orders --cap-add SYS_PTRACE alpine:3.19 sh -c 'tr "\0" "\n" </proc/1/environ'
        docker run --rm --volumes-from orders alpine:3.19 tar cf - /data
    else
        docker container inspect -f '{{json .Config.Env}}' orders
        docker container exec orders env
        docker run --rm --network=container:orders busybox:1.36 netstat -ltn
        docker run --rm --ipc container:orders --volumes-from=orders:ro busybox:1.36 cat /data/orders
    fi
    true
}
restore() { docker rm -f orders; docker volume rm orders; }
