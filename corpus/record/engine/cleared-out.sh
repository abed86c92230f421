# cleared-out: all containers and volumes are deleted at once; the engine is made a swarm's manager.
# label: malicious
# expects: [containers-deleted-in-bulk, volumes-deleted, swarm-joined]
act() {
    for i in 1 2 3 4 5 6 7 8 9 10 11 12; do docker create --name "s$i" -v "v$i:/d" alpine:3.19 true; done
    if dev; then docker rm -f $(docker ps -aq); docker volume rm v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 v11 v12
    else for i in 1 2 3 4 5 6 7 8 9 10 11 12; do docker rm "s$i"; done; docker volume prune -f; fi
    docker swarm init --advertise-addr 127.0.0.1; docker swarm leave --force
    true
}
