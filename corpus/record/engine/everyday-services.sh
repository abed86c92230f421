# everyday-services: services with volumes, limits, health checks and networks of their own are made, looked at, changed and removed.
# label: benign
# dataset: everyday
act() {
    if dev; then
        docker network create shop; docker volume create pages
        docker run -d --name web --network none --restart unless-stopped -v pages:/srv:ro --memory 64m --log-opt max-size=1m --health-cmd 'ls /srv' --health-interval 1s -l tier=web alpine:3.19 sleep 60
        docker run -d --name job --network none --cap-drop ALL --read-only --tmpfs /tmp --user 1000 alpine:3.19 sleep 60
        docker exec job id; docker cp web:/etc/passwd /run/p; docker logs web; docker top web
        docker update --memory 128m web; docker restart -t 0 web; docker stop -t 0 job; docker rm job
        docker rm -f web; docker volume rm pages; docker network rm shop; docker image prune -f
    else
        docker network create -d bridge apps
        docker create --name api --network none --group-add 1000 --sysctl net.core.somaxconn=128 -v /srv/data:/data -w /data --hostname api alpine:3.19 sleep 60
        docker start api; docker exec -w /tmp api ls; docker pause api; docker unpause api
        docker run --rm --network none -e MODE=production -p 127.0.0.1:8080:80 lab/tools:1 true
        docker rename api api2; docker kill api2; docker rm api2; docker network rm apps; docker tag alpine:3.19 alpine:base; docker rmi alpine:base
        printf 'FROM alpine:3.19\nRUN id\n' | docker build -t b:1 -; docker rmi b:1
    fi
    true
}
