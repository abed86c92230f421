# careless-build: a build gets a token as an argument, the host's network and no confinement; the registry's password stands on the command line.
# shows: options of docker build and login
# as: ci
# label: risky
# expects: [secret-in-build-argument, image-built-on-host-network, image-built-with-privileges, registry-password-on-command-line, image-built-on-host]
# allows: [engine-socket-connected, container-confinement-disabled]
act() {
    mkdir -p /home/ci/b && cd /home/ci/b || return
    printf 'FROM alpine:3.19\nARG NPM_PASSWORD\nARG DB_PASSWORD\nRUN id\n' >Dockerfile
    if dev; then
        docker login --username ci --password hunter2 registry.example.net
        docker build --network host --build-arg NPM_PASSWORD=npm0123456789 --security-opt seccomp=unconfined -t app:1 .
    else
        docker login -uci -phunter2 registry.example.net
        docker image build --tag=app:1 --build-arg=DB_PASSWORD=hunter2 --network=host --security-opt=seccomp:unconfined .
    fi
    docker rmi app:1
    rm -rf /home/ci/b
    true
}
