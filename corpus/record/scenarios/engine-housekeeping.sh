# engine-housekeeping: an engine is looked after: what looks like the abuse of its options and files, and is ordinary.
# shows: near misses of options, copies, prunes, restarts and configuration
# as: deploy
# label: benign
# dataset: everyday
act() {
    cd /home/deploy || return
    if dev; then
        docker run -d --name web --restart unless-stopped --log-driver json-file --log-opt max-size=10m --group-add 1000 -v site:/srv -w /srv nginx:1.25 sleep 60
        docker cp web:/etc/group ./group.txt
        docker inspect -f '{{.State.Status}}' web
        docker history nginx:1.25
        docker run --rm --network none --device /dev/null --cap-drop ALL --security-opt no-new-privileges alpine:3.19 id
        docker run --rm --uts "" --cgroup-parent=jobs alpine:3.19 true
        echo hunter2 | docker login --username ci --password-stdin 127.0.0.1:5000
        docker tag nginx:1.25 localhost:5000/nginx:1.25; timeout 5 docker push localhost:5000/nginx:1.25; docker rmi localhost:5000/nginx:1.25
        docker image prune -f; docker builder prune -f; docker container prune -f
        sudo cp /etc/docker/daemon.json /srv/lab/daemon.backup
        docker rm -f web; docker volume rm site
        docker system df; docker swarm --help; docker plugin ls
        systemctl status docker
    else
        docker run -d --name=cache --restart=on-failure:3 --label tier=swarm -v pages:/data redis:7 sleep 60
        docker container cp ./.profile cache:/tmp/
        docker exec cache sh -c 'ls /data'
        docker inspect --format='{{.NetworkSettings.Networks}}' cache
        docker run --rm --ipc private --pids-limit 50 --memory 64m --sysctl net.core.somaxconn=256 busybox:1.36 true
        docker run --rm -e PASSWORD_FILE=/run/secrets/db -e LD_LIBRARY_PATH=/opt/lib --publish 127.0.0.1:6379:6379 redis:7 true
        grep -c default-runtime /etc/docker/daemon.json
        docker network create --driver bridge apps; docker network rm apps
        docker images --filter dangling=true; docker ps --no-trunc
        docker stop -t 1 cache; docker rm cache; docker volume rm pages
        ctr -a /run/docker/containerd/containerd.sock -n moby containers ls; runc --version
        ls -l /var/lib/docker /etc/docker
    fi
    rm -f group.txt
    true
}
restore() { docker rm -f web cache; docker volume rm site pages; docker container prune -f; rmdir /sys/fs/cgroup/*/jobs 2>/dev/null; }
