# engine-api-called-over-tcp: containers are listed and started through an engine's unencrypted TCP port.
# shows: curl and docker with tcp:// in their arguments, or (hold-out) python and DOCKER_HOST, where only connect shows it
# as: deploy
# label: malicious
# expects: [engine-api-called-over-tcp]
# allows: [engine-api-exposed-on-tcp]
prepare() {
    second_dockerd -H tcp://127.0.0.1:2375 -H unix:///run/docker2.sock
    wait_port 2375
    docker save alpine:3.19 | docker -H unix:///run/docker2.sock load
}
act() {
    if dev; then
        curl -s http://127.0.0.1:2375/version
        curl -s 'http://127.0.0.1:2375/v1.41/containers/json?all=1'
        docker -H tcp://127.0.0.1:2375 images
        docker -H tcp://127.0.0.1:2375 run --rm alpine:3.19 id
    else
        python3 -c 'import urllib.request as u; print(u.urlopen("http://127.0.0.1:2375/info").read()[:200])'
        DOCKER_HOST=tcp://127.0.0.1:2375 docker ps -a
        docker --host=tcp://localhost:2375 container run --name job alpine:3.19 cat /etc/passwd
        curl -s -X DELETE http://localhost:2375/containers/job
    fi
    true
}
restore() { second_dockerd_stop; }
