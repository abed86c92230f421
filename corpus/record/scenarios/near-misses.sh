# near-misses: words that look like attacks and are none.
# shows: --privileged and docker.sock in arguments that ask for nothing
# as: deploy
# dataset: everyday
# label: benign
act() {
    if dev; then
        echo --privileged
        /usr/bin/printf '%s\n' 'docker run --privileged -v /:/host alpine'
        docker run --rm -e FLAG=--privileged alpine:3.19 env
        docker run --rm --privileged=false alpine:3.19 id
        docker run --rm --name privileged-test alpine:3.19 true
        docker -H unix:///var/run/docker.sock ps
        docker run --rm alpine:3.19 echo --privileged -v /var/run/docker.sock:/var/run/docker.sock --pid=host
        grep -c docker.sock /etc/services
        docker run --rm --label note=/etc:/etc alpine:3.19 true
        docker run --rm -v etc:/etc2 alpine:3.19 ls /etc2
        ls -l /var/run/docker.sock
    else
        /usr/bin/env echo docker run --privileged --cap-add=SYS_ADMIN
        docker container run --rm --env OPTS="--cap-add SYS_ADMIN" busybox:1.36 env
        docker run --privileged=0 --rm busybox:1.36 id
        docker run --rm --hostname privileged --cap-add CHOWN busybox:1.36 hostname
        docker --host=unix:///run/docker.sock info
        docker run --rm --entrypoint echo busybox:1.36 --privileged --network=host -v /:/host
        docker ps --filter name=--privileged
        stat /run/docker.sock
        docker run --rm --pid=container:nothing busybox:1.36 true
        docker run --rm -v /home/deploy:/data busybox:1.36 ls /data
        docker run --rm -w /var/run -v runvol:/var/run/app busybox:1.36 pwd
        awk '/release_agent|core_pattern/' /proc/mounts
    fi
    true
}
restore() { docker volume prune -f; }
