# ports-published: an engine's API, data stores and remote logins are published on all addresses; passwords stand in the environment.
# shows: the requests' options; with no bridge here nothing listens
# as: deploy
# label: risky
# expects: [control-port-published, datastore-port-published, remote-login-published, secret-in-container-environment]
# allows: [privileged-container, engine-socket-connected, dangerous-capability-added, engine-api-exposed-on-tcp]
act() {
    if dev; then
        docker create --name d1 --privileged -p 2375:2375 docker:24-cli sleep 1
        docker create --name d2 -p 6379:6379 redis:7
        docker create --name d3 -p 2222:22 alpine:3.19
        docker run --rm -e POSTGRES_PASSWORD=hunter2 -p 5432:5432 postgres:16 true
        docker rm d1 d2 d3
    else
        docker container create --name=e1 --publish=0.0.0.0:4000:2375 docker:24-cli
        docker create --name e2 --publish 15432:5432 --env ADMIN_PASSWORD=s3cret postgres:16
        docker create --name e3 -p 5901:5901 -p 8080:80 busybox:1.36
        docker rm e1 e2 e3
    fi
    true
}
restore() { docker rm -f d1 d2 d3 e1 e2 e3; }
