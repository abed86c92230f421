# web-shop: the host of a shop on the web: services behind a proxy, deployed by compose, with backups, certificates and administrators.
# as: ops
# seeds: 11 12
# label: benign
# shellcheck disable=SC1091,SC2016,SC2154,SC2034
. /lab/host.sh
upgradable=(ed hostname gzip bzip2 diffutils less file patch bc xz-utils zip time rsync jq)

prepare() {
    host_engine
    host_image debian:bookworm-slim
    host_image nginx:1.25 nginx-light curl
    host_image redis:7 redis-server redis-tools
    host_image postgres-base:15 postgresql-15
    host_image python:3.11-slim python3 curl
    mkdir -p /srv/lab/pg
    printf '%s\n' 'FROM postgres-base:15' 'RUN useradd -r -m -d /var/lib/postgresql -s /bin/bash postgres; mkdir -p /var/lib/postgresql/data /run/postgresql; chown -R postgres /var/lib/postgresql /run/postgresql' \
        'COPY start /usr/bin/start' 'ENV PATH=/usr/lib/postgresql/15/bin:/usr/sbin:/usr/bin:/sbin:/bin' 'USER postgres' 'CMD ["start"]' >/srv/lab/pg/Dockerfile
    cat >/srv/lab/pg/start <<'W'
#!/bin/sh
d=/var/lib/postgresql/data
if [ ! -s $d/PG_VERSION ]; then
    initdb -D $d -A trust --no-sync >/dev/null
    echo 'host all all all trust' >>$d/pg_hba.conf
    printf '%s\n' 'CREATE ROLE shop LOGIN' 'CREATE DATABASE shop OWNER shop' >/tmp/first.sql
    postgres --single -D $d postgres </tmp/first.sql >/dev/null
fi
exec postgres -D $d -c listen_addresses='*' -c fsync=off
W
    chmod 755 /srv/lab/pg/start
    docker build -q -t postgres:15 /srv/lab/pg
    host_repository "${upgradable[@]}"
    shop_files
    host_sudo ops
    host_sessions deploy agent
    host_common_jobs
    shop_jobs
    su deploy -c 'cd /srv/shop && docker build -q -t shop/api:100 src && docker-compose up -d'
    sleep 4
    docker exec shop_db_1 psql -q -U postgres shop -c 'create table orders(id serial primary key, what text, price int, at timestamp default now()); grant all on orders to shop; grant all on orders_id_seq to shop'
    docker exec shop_db_1 psql -q -U postgres shop -c "insert into orders(what, price) select 'item ' || n, n % 97 from generate_series(1, 800) n"
    docker ps
    host_cron
    # customers: they come from outside of the host, so that they are one program without ends
    setpriv --reuid agent --regid agent --clear-groups python3 /srv/customers.py >/dev/null 2>&1 </dev/null &
}

shop_files() {
    mkdir -p /srv/shop/src /srv/shop/conf /srv/shop/tls /srv/shop/logs /srv/backup /srv/offsite /etc/ssl/shop
    cat >/srv/shop/src/app.py <<'W'
import http.server, json, os, socket, socketserver, time
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"version": os.environ.get("VERSION", "?"), "path": self.path, "host": socket.gethostname()}).encode()
        try:
            socket.create_connection(("cache", 6379), 1).close()
        except OSError:
            pass
        self.send_response(200 if self.path != "/broken" else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        with open("/var/log/shop/api.log", "a") as f:
            f.write("%s %s\n" % (time.time(), self.path))
class Server(socketserver.ThreadingMixIn, http.server.HTTPServer):
    pass
if __name__ == "__main__":
    Server(("0.0.0.0", 8000), Api).serve_forever()
W
    cat >/srv/shop/src/test_app.py <<'W'
import unittest, app
class Tests(unittest.TestCase):
    def test_class(self):
        self.assertTrue(hasattr(app.Api, "do_GET"))
    def test_sum(self):
        self.assertEqual(sum(range(5)), 10)
W
    cat >/srv/shop/src/worker.py <<'W'
import socket, time
while True:
    try:
        s = socket.create_connection(("cache", 6379), 2)
        s.sendall(b"INCR orders\r\nLLEN queue\r\n")
        s.recv(100)
        s.close()
    except OSError:
        pass
    time.sleep(20)
W
    cat >/srv/shop/src/Dockerfile <<'W'
FROM python:3.11-slim
ARG VERSION=0
RUN useradd -m -u 10001 app && mkdir -p /app /var/log/shop && chown app /var/log/shop
COPY app.py worker.py test_app.py /app/
WORKDIR /app
ENV VERSION=$VERSION PYTHONDONTWRITEBYTECODE=1
USER app
CMD ["python3", "app.py"]
W
    cat >/srv/shop/conf/shop.conf <<'W'
error_log /var/log/nginx/error.log;
pid /run/nginx.pid;
events { worker_connections 128; }
http {
    access_log /var/log/nginx/access.log;
    upstream api { server api:8000; }
    server {
        listen 80;
        location /static/ { return 200 "static\n"; }
        location / { proxy_pass http://api; }
    }
    server {
        listen 443 ssl;
        ssl_certificate /etc/tls/shop.crt;
        ssl_certificate_key /etc/tls/shop.key;
        location / { proxy_pass http://api; }
    }
}
W
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=shop.example -keyout /srv/shop/tls/shop.key -out /srv/shop/tls/shop.crt 2>/dev/null
    cat >/srv/shop/docker-compose.yml <<'W'
version: "2.4"
services:
  proxy:
    image: nginx:1.25
    command: [nginx, -g, "daemon off;", -c, /etc/shop/shop.conf]
    ports: ["8080:80", "8443:443"]
    volumes: ["./conf:/etc/shop:ro", "./tls:/etc/tls:ro", "./logs:/var/log/nginx"]
    depends_on: [api]
    restart: unless-stopped
  api:
    image: "shop/api:${TAG}"
    volumes: ["apilog:/var/log/shop"]
    environment: {DB: db, CACHE: cache}
    depends_on: [db, cache]
    restart: unless-stopped
    healthcheck: {test: [CMD, curl, -fs, "http://127.0.0.1:8000/healthz"], interval: 180s, timeout: 5s}
  worker:
    image: "shop/api:${TAG}"
    command: [python3, worker.py]
    volumes: ["apilog:/var/log/shop"]
    depends_on: [cache]
    restart: on-failure
  cache:
    image: redis:7
    command: [redis-server, --save, "", --appendonly, "no", --protected-mode, "no"]
    mem_limit: 128m
  db:
    image: postgres:15
    volumes: ["dbdata:/var/lib/postgresql/data"]
    mem_limit: 512m
volumes: {dbdata: {}, apilog: {}}
W
    echo 'TAG=100' >/srv/shop/.env
    cat >/srv/customers.py <<'W'
import random, time, urllib.request
random.seed(3)
while True:
    try:
        urllib.request.urlopen("http://127.0.0.1:8080" + random.choice(["/", "/cart", "/item/%d" % random.randrange(99), "/static/a.css"]), timeout=3).read()
    except OSError:
        pass
    time.sleep(random.uniform(3, 12))
W
    chown -R deploy:deploy /srv/shop /srv/backup /srv/offsite
    su deploy -c 'cd /srv/shop/src && git init -q . && git config user.name deploy && git config user.email deploy@lab.example && git add . && git commit -qm First'
}

shop_jobs() {
    cat >/usr/local/bin/healthcheck <<'W'
#!/bin/sh
for path in / /cart /healthz; do
    code=$(curl -s -m 5 -o /dev/null -w '%{http_code}' "http://127.0.0.1:8080$path")
    echo "$(date +%s) $path $code" >>"$HOME/health.log"
done
[ "$(wc -l <"$HOME/health.log")" -lt 2000 ] || : >"$HOME/health.log"
W
    cat >/usr/local/sbin/backup-shop <<'W'
#!/bin/bash
set -e
t=$(date +%Y%m%d%H%M)
docker exec shop_db_1 pg_dump -U postgres shop | gzip >/srv/backup/shop-$t.sql.gz
tar czf /srv/backup/conf-$t.tgz -C /srv/shop conf tls docker-compose.yml .env
sha256sum /srv/backup/*-$t.* >/srv/backup/$t.sums
gzip -t /srv/backup/shop-$t.sql.gz
rsync -a --delete /srv/backup/ /srv/offsite/
find /srv/backup -type f -mmin +40 -delete
W
    cat >/usr/local/sbin/etc-backup <<'W'
#!/bin/sh
mkdir -p /var/backups/etc
tar -czf /var/backups/etc/etc-$(date +%H%M).tgz --exclude=ssl -C / etc 2>/dev/null
ls -t /var/backups/etc/*.tgz | tail -n +4 | xargs -r rm -f
W
    chmod 755 /usr/local/bin/healthcheck /usr/local/sbin/*
    cat >/etc/cron.d/shop <<'W'
PATH=/usr/sbin:/usr/bin:/sbin:/bin
*/2 * * * * deploy /usr/local/bin/healthcheck
*/13 * * * * root /usr/local/sbin/backup-shop >>/var/log/backup.log 2>&1
*/17 * * * * root /usr/local/sbin/etc-backup
*/9 * * * * deploy docker image prune -f >/dev/null; docker ps --filter health=unhealthy -q | xargs -r docker restart
*/19 * * * * deploy docker exec shop_db_1 vacuumdb -q -U postgres shop
W
}

tag=100
deploy_version() {
    local what
    tag=$((tag + 1))
    draw what 'return 200' 'cart' 'price' 'header'
    on deploy "cd /srv/shop/src
git log --oneline | head -3
echo '# $what $tag' >>app.py
git diff --stat; git commit -qam 'Change $what, build $tag'; git tag v$tag
docker build -q --build-arg VERSION=$tag -t shop/api:$tag .
docker run --rm shop/api:$tag python3 -m unittest -q
cd ..
sed -i 's/^TAG=.*/TAG=$tag/' .env
docker-compose up -d --no-deps api worker
sleep 4
curl -fsS http://127.0.0.1:8080/healthz
docker-compose ps
docker-compose exec -T proxy nginx -s reload"
}
roll_back() {
    [ $tag -gt 101 ] || return 0
    on deploy "cd /srv/shop; docker-compose logs --tail 20 api
sed -i 's/^TAG=.*/TAG=$((tag - 1))/' .env
docker-compose up -d api; docker-compose ps; curl -s -o /dev/null -w '%{http_code}\n' http://127.0.0.1:8080/"
}
restart_services() {
    local s
    draw s cache worker proxy api 'api worker'
    case $((RANDOM % 4)) in
    0) on deploy "cd /srv/shop; docker-compose restart -t 2 $s; docker-compose ps" ;;
    1) on deploy "cd /srv/shop; docker-compose stop -t 2 worker; docker-compose rm -f worker; docker-compose up -d worker" ;;
    2) on deploy "cd /srv/shop; docker-compose up -d --force-recreate --no-deps worker; docker-compose top worker" ;;
    3) on deploy "cd /srv/shop; docker-compose up -d --scale worker=2; sleep 8; docker-compose up -d --scale worker=1" ;;
    esac
}
all_down_and_up() {
    on deploy "cd /srv/shop; docker-compose config -q && docker-compose down -t 3; docker-compose up -d; sleep 5; docker-compose ps; curl -s http://127.0.0.1:8080/healthz"
}
reload_proxy() {
    local n
    between n 64 512
    on deploy "cd /srv/shop/conf; cp shop.conf shop.conf.old
sed -i 's/worker_connections [0-9]*/worker_connections $n/' shop.conf; diff shop.conf.old shop.conf
docker exec shop_proxy_1 nginx -t -c /etc/shop/shop.conf && docker exec shop_proxy_1 nginx -s reload -c /etc/shop/shop.conf; docker logs --tail 5 shop_proxy_1"
}
renew_certificate() {
    on deploy "cd /srv/shop/tls; umask 077
openssl x509 -noout -enddate -in shop.crt
openssl req -new -newkey rsa:2048 -nodes -subj /CN=shop.example -keyout new.key -out new.csr
openssl x509 -req -in new.csr -signkey new.key -days 30 -out new.crt
openssl verify -CAfile new.crt new.crt
mv new.key shop.key; mv new.crt shop.crt; rm new.csr
docker exec shop_proxy_1 nginx -s reload -c /etc/shop/shop.conf; sleep 1
echo | openssl s_client -connect 127.0.0.1:8443 2>/dev/null | openssl x509 -noout -fingerprint"
}
dump_database() {
    local n
    between n 100 999
    case $((RANDOM % 3)) in
    0) on deploy "docker exec shop_db_1 pg_dump -U postgres -Fc shop >/srv/backup/manual-$n.dump; ls -l /srv/backup | tail -3" ;;
    1) on deploy "docker exec -u postgres shop_db_1 pg_dumpall --globals-only | gzip -9 >/srv/backup/globals-$n.sql.gz; zcat /srv/backup/globals-$n.sql.gz | grep -c ROLE" ;;
    2) on deploy "docker run --rm -v shop_dbdata:/data:ro -v /srv/backup:/backup debian:bookworm-slim tar czf /backup/volume-$n.tgz -C /data global; tar tzf /srv/backup/volume-$n.tgz | wc -l; scp -q -o StrictHostKeyChecking=no /srv/backup/volume-$n.tgz /srv/offsite/" ;;
    esac
}
query_database() {
    local q
    draw q 'select count(*) from orders' 'select sum(price) from orders where id % 7 = 0' "insert into orders(what, price) select 'new', 12 from generate_series(1, 5)" 'explain select * from orders where id = 5' 'select pid, state from pg_stat_activity'
    case $((RANDOM % 3)) in
    0) on deploy "docker exec shop_db_1 psql -U postgres shop -c \"$q\"" ;;
    1) on deploy "cd /srv/shop; docker-compose exec -T db psql -U shop shop -tAc \"$q\"; docker-compose run --rm api python3 -c 'print(\"migrated\")'" ;;
    2) on deploy "docker exec shop_cache_1 redis-cli info memory | head -5; docker exec shop_cache_1 redis-cli dbsize; echo \"$q\" | docker exec -i shop_db_1 psql -U postgres shop" ;;
    esac
}
read_logs() {
    case $((RANDOM % 4)) in
    0) on deploy "cd /srv/shop; docker-compose logs --tail 50 proxy | grep -c GET; awk '{print \$9}' logs/access.log | sort | uniq -c | sort -rn | head" ;;
    1) on ops "sudo tail -n 200 /srv/shop/logs/access.log | cut -d' ' -f7 | sort | uniq -c | sort -rn | head -5; sudo grep -E ' 5[0-9][0-9] ' /srv/shop/logs/access.log | tail -3" ;;
    2) on deploy "timeout 4 docker logs -f --tail 5 shop_api_1; docker logs --since 10m shop_db_1 2>&1 | grep -i -E 'error|fatal' | tail" ;;
    3) on deploy "docker exec shop_api_1 tail -n 20 /var/log/shop/api.log; docker cp shop_api_1:/var/log/shop/api.log /tmp/api.log; wc -l /tmp/api.log; rm -f /tmp/api.log" ;;
    esac
}
look_into_services() {
    case $((RANDOM % 5)) in
    0) on deploy "docker exec shop_api_1 sh -c 'id; ps aux; cat /etc/resolv.conf'; docker inspect -f '{{.State.Health.Status}}' shop_api_1" ;;
    1) on deploy "script -qec 'docker exec -it shop_proxy_1 bash -c \"curl -s http://api:8000/ ; ls -l /var/log/nginx\"' /dev/null </dev/null; docker port shop_proxy_1" ;;
    2) on ops "p=\$(sudo docker inspect -f '{{.State.Pid}}' shop_api_1); sudo nsenter -t \$p -n ss -tn | head; sudo cat /proc/\$p/status | head -12; sudo ls -l /proc/\$p/fd | wc -l" ;;
    3) on ops "sudo timeout 8 tcpdump -n -c 15 -i lo port 8080 2>&1 | tail -3; curl -sv http://127.0.0.1:8080/cart 2>&1 | grep '^<'" ;;
    4) on ops "p=\$(sudo docker inspect -f '{{.State.Pid}}' shop_worker_1); sudo timeout 5 strace -c -f -p \$p 2>&1 | tail -4; sudo iptables -t nat -L -n | head -12" ;;
    esac
}
rotate_shop_logs() {
    on ops "sudo tee /etc/logrotate.d/shop >/dev/null <<'E'
/srv/shop/logs/*.log {
    su deploy deploy
    rotate 5
    compress
    missingok
    postrotate
        docker exec shop_proxy_1 nginx -s reopen -c /etc/shop/shop.conf
    endscript
}
E
sudo logrotate -f /etc/logrotate.d/shop; ls -l /srv/shop/logs"
}
firewall() {
    local n
    between n 2 250
    on ops "sudo iptables -L INPUT -n --line-numbers
sudo iptables -A INPUT -s 192.0.2.$n -j DROP
sudo iptables-save | grep -c 192.0.2; sleep 2
sudo iptables -D INPUT -s 192.0.2.$n -j DROP"
}
new_secret() {
    on deploy "cd /srv/shop; umask 077; grep -v ^SESSION .env >.env.new; echo SESSION=\$(openssl rand -hex 16) >>.env.new; mv .env.new .env
docker-compose up -d api; docker-compose ps -q | xargs docker inspect -f '{{.Name}} {{.RestartCount}}'"
}
prune() {
    on deploy "docker container prune -f; docker image ls --filter reference='shop/*' --format '{{.Tag}}' | sort -n | head -n -4 | xargs -r -I{} docker rmi shop/api:{}; docker builder prune -f; docker system df"
}
configure_engine() { # the log driver's limits, a reload, as an administrator does
    between n 5 40
    on ops "sudo cat /etc/docker/daemon.json
sudo jq '. + {\"labels\": [\"rack=$n\"]}' /etc/docker/daemon.json | sudo tee /etc/docker/daemon.json.new >/dev/null
sudo mv /etc/docker/daemon.json.new /etc/docker/daemon.json
sudo kill -HUP \$(cat /var/run/docker.pid); sleep 2; sudo docker info --format '{{.Labels}}'"
}

act() {
    rest 2 8
    work 18 44 9 deploy_version 3 roll_back 8 restart_services 2 all_down_and_up 5 reload_proxy 3 renew_certificate \
        7 dump_database 9 query_database 9 read_logs 8 look_into_services 3 rotate_shop_logs 3 firewall 3 new_secret 4 prune \
        9 look_around 8 look_at_engine 5 upgrade_packages 5 administer_users 5 edit_settings 3 rotate_logs 1 configure_engine
}
