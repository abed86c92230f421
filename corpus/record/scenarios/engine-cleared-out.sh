# engine-cleared-out: all containers of a project and its volumes are deleted at once.
# shows: docker rm and volume rm with many names
# as: deploy
# label: malicious
# expects: [containers-deleted-in-bulk, volumes-deleted]
# allows: [engine-socket-connected]
prepare() { for i in 1 2 3 4 5 6 7 8 9 10 11 12; do docker create --name "s$i" -v "v$i:/d" alpine:3.19; done; }
act() {
    if dev; then
        docker rm -f $(docker ps -aq --filter name=s)
        docker volume rm v1 v2 v3 v4 v5 v6 v7 v8 v9 v10 v11 v12
    else
        docker container rm --force s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12
        docker image prune --all --force --filter label=shop=old
        docker volume prune --force
    fi
    true
}
restore() { docker rm -f s1 s2 s3 s4 s5 s6 s7 s8 s9 s10 s11 s12; docker volume prune -f; }
