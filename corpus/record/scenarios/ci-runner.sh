# ci-runner: a CI runner's container is given the engine's socket so that it builds and tests images through the host's engine.
# shows: the socket mounted for a reason; the docker client inside a container; sibling containers
# as: ci
# dataset: everyday
# label: {default: risky, build-farm: benign}
# expects: [docker-socket-mount]
# allows: [engine-socket-connected, engine-socket-unexpected-client]
act() {
    if dev; then
        docker run -d --name gitlab-runner -v /var/run/docker.sock:/var/run/docker.sock gitlab/gitlab-runner:v16.6.0 sleep 60
        docker exec gitlab-runner sh -c 'mkdir -p /builds/app && cd /builds/app && echo "FROM alpine:3.19" >Dockerfile && echo "RUN echo built >/built" >>Dockerfile && docker build -t ci/app:17 .'
        docker exec gitlab-runner docker run --rm ci/app:17 cat /built
        docker exec gitlab-runner sh -c 'docker ps; docker rmi ci/app:17'
        docker rm -f gitlab-runner
    else
        docker run -d --name jenkins-agent --mount type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock jenkins/agent:latest sleep 60
        docker exec jenkins-agent docker version
        docker exec jenkins-agent sh -c 'mkdir -p /w && cd /w && printf "FROM debian:bookworm-slim\nCOPY t.sh /\nRUN sh /t.sh\n" >Dockerfile; echo "echo ok" >t.sh; docker build -q -t ci/service:b204 . && docker run --rm --name test-b204 ci/service:b204 sh /t.sh'
        docker exec jenkins-agent docker image rm ci/service:b204
        docker stop -t 1 jenkins-agent && docker rm jenkins-agent
    fi
    true
}
