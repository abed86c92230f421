# compose-services: docker-compose brings ordinary services up and down: named volumes and project files, nothing of the host.
# shows: containers started through the API, with volumes and read-only configuration
# as: deploy
# dataset: everyday
# label: benign
act() {
    d=/home/deploy/$(pick shop blog)
    mkdir -p "$d/conf" && cd "$d" || return
    echo 'listen 8080' >conf/site.conf
    if dev; then
        cat >docker-compose.yml <<'P'
version: "2.4"
services:
  web:
    image: nginx:1.25
    network_mode: none
    command: sh -c "cat /etc/site/site.conf; sleep 30"
    volumes: ["./conf:/etc/site:ro", "www:/srv/www"]
  cache:
    image: redis:7
    network_mode: none
    command: sh -c "echo ready >/data/state; sleep 30"
    volumes: ["cache:/data"]
volumes: {www: {}, cache: {}}
P
        docker-compose up -d
        docker-compose ps
        docker-compose exec -T cache cat /data/state
        docker-compose logs web
        docker-compose down -v -t 1
    else
        cat >compose.yaml <<'P'
version: "2.4"
services:
  db:
    image: postgres:16
    network_mode: none
    environment: {POSTGRES_DB: blog}
    command: [sh, -c, "mkdir -p /var/lib/postgresql/data && date >/var/lib/postgresql/data/start; sleep 30"]
    volumes: ["data:/var/lib/postgresql/data"]
  app:
    image: shop/web:2.3
    network_mode: none
    read_only: true
    cap_drop: [ALL]
    tmpfs: [/tmp]
    command: [sh, -c, "touch /tmp/ok; sleep 30"]
    depends_on: [db]
volumes: {data: {}}
P
        docker-compose -f compose.yaml -p blog up -d
        docker-compose -f compose.yaml -p blog restart -t 1 app
        docker-compose -f compose.yaml -p blog top
        docker-compose -f compose.yaml -p blog stop -t 1
        docker-compose -f compose.yaml -p blog rm -f
    fi
    true
}
