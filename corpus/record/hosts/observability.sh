# observability: a host of an observability team: agents with the host mounted read-only, collectors, scrapers, reloads, upgrades, troubleshooting.
# as: ops
# seeds: 31 32
# label: benign
# shellcheck disable=SC1091,SC2016,SC2154,SC2034
. /lab/host.sh
risky='network_tools profiler' # troubleshooting with capabilities, a profiler with all of them
upgradable=(ed hostname gzip bzip2 diffutils less file patch bc xz-utils zip time rsync jq sysstat)

prepare() {
    host_engine
    host_image debian:bookworm-slim
    host_image python:3.11-slim python3 curl
    host_image nginx:1.25 nginx-light curl
    host_image tools/netshoot:1 tcpdump strace curl iproute2 procps socat
    host_repository "${upgradable[@]}"
    host_sudo ops
    host_sessions deploy agent
    host_common_jobs
    agents_files
    su deploy -c 'cd /srv/monitoring && docker-compose up -d'
    sleep 3
    su deploy -c "$(start_agent node-exporter); $(start_agent cadvisor); $(start_agent fluent-bit); $(start_agent telegraf)"
    docker ps
    cat >/etc/cron.d/monitoring <<'W'
PATH=/usr/sbin:/usr/bin:/sbin:/bin
* * * * * agent curl -s -m 5 -o $HOME/metrics http://127.0.0.1:9100/metrics; grep -c node_ $HOME/metrics >>$HOME/series
*/5 * * * * deploy docker ps -q --filter status=exited | wc -l >>$HOME/exited; curl -s http://127.0.0.1:9090/-/healthy >/dev/null
*/10 * * * * root /usr/lib/sysstat/sa1 1 1
*/14 * * * * root tar czf /var/backups/monitoring.tgz -C /srv monitoring; find /srv/data -name '*.jsonl' -size +2M -exec gzip -f {} +
W
    host_cron
}

# agents NAME: an agent's program in python, in an image under the name that it stands for
agents_files() {
    local d=/srv/lab/agents
    mkdir -p $d /srv/monitoring /srv/data
    chmod 777 /srv/data
    cat >$d/node_exporter.py <<'W'
import http.server, os, sys
root = sys.argv[1] if len(sys.argv) > 1 else "/host"
class Metrics(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        lines = []
        for name in ("stat", "meminfo", "loadavg", "diskstats", "net/dev", "vmstat", "mounts"):
            try:
                lines.append("node_%s_lines %d" % (name.replace("/", "_"), len(open(root + "/proc/1/mounts" if name == "mounts" else root + "/proc/" + name).readlines())))
            except OSError:
                pass
        for entry in os.scandir(root + "/sys/class/net"):
            lines.append('node_network_up{device="%s"} 1' % entry.name)
        s = os.statvfs(root + "/")
        lines.append("node_filesystem_avail_bytes %d" % (s.f_bavail * s.f_frsize))
        body = ("\n".join(lines) + "\n").encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
http.server.HTTPServer(("0.0.0.0", 9100), Metrics).serve_forever()
W
    sed 's#"stat", .*"mounts"#"stat", "meminfo"#; s#9100#8080#; s#/sys/class/net#/var/lib/docker/containers#; s#node_network_up{device=#container_last_seen{id=#; s#"/host"#"/rootfs"#' $d/node_exporter.py >$d/cadvisor.py
    cat >$d/fluent_bit.py <<'W'
import glob, json, os, time
seen = {}
while True:
    for name in glob.glob("/var/log/*.log") + glob.glob("/var/log/host/*.log") + glob.glob("/var/lib/docker/containers/*/*-json.log"):
        try:
            size = os.stat(name).st_size
            with open(name, errors="replace") as f:
                f.seek(seen.get(name, 0) if seen.get(name, 0) <= size else 0)
                lines = f.readlines()[-50:]
                seen[name] = f.tell()
        except OSError:
            continue
        if lines:
            with open("/data/logs.jsonl", "a") as out:
                for line in lines:
                    out.write(json.dumps({"file": name, "log": line.rstrip()}) + "\n")
    time.sleep(15)
W
    cat >$d/telegraf.py <<'W'
import http.client, json, socket, time
class Engine(http.client.HTTPConnection):
    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.connect("/var/run/docker.sock")
while True:
    try:
        c = Engine("engine", timeout=5)
        c.request("GET", "/containers/json")
        n = len(json.loads(c.getresponse().read()))
        with open("/data/containers.jsonl", "a") as out:
            out.write(json.dumps({"t": time.time(), "running": n}) + "\n")
    except OSError:
        pass
    time.sleep(45)
W
    cat >$d/prometheus.py <<'W'
import http.server, json, threading, time, urllib.request
state = {"reloads": 0}
def config():
    return json.load(open("/etc/prometheus/prometheus.json"))
state["config"] = config()
def scrape():
    while True:
        for target in state["config"]["targets"]:
            try:
                body = urllib.request.urlopen("http://%s/metrics" % target, timeout=3).read()
                up = 1
            except OSError:
                body, up = b"", 0
            with open("/data/series.jsonl", "a") as out:
                out.write(json.dumps({"t": time.time(), "target": target, "up": up, "bytes": len(body)}) + "\n")
        time.sleep(state["config"]["interval"])
class Api(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        state["config"] = config()
        state["reloads"] += 1
        self.do_GET()
    def do_GET(self):
        body = json.dumps({"status": "success", "reloads": state["reloads"]}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
threading.Thread(target=scrape, daemon=True).start()
http.server.HTTPServer(("0.0.0.0", 9090), Api).serve_forever()
W
    cat >$d/Dockerfile <<'W'
FROM python:3.11-slim
ARG PROGRAM
COPY ${PROGRAM}.py /usr/bin/${PROGRAM}
RUN chmod 755 /usr/bin/${PROGRAM} && sed -i '1i #!/usr/bin/python3' /usr/bin/${PROGRAM} && ln -s /usr/bin/${PROGRAM} /agent
CMD ["/agent"]
W
    agent_image node_exporter prom/node-exporter:v1.7.0 prom/node-exporter:v1.8.2
    agent_image cadvisor gcr.example/cadvisor/cadvisor:v0.47.2 gcr.example/cadvisor/cadvisor:v0.49.1
    agent_image fluent_bit fluent/fluent-bit:2.2 fluent/fluent-bit:3.0
    agent_image telegraf telegraf:1.29 telegraf:1.30
    agent_image prometheus prom/prometheus:v2.48.0
    echo '{"interval": 15, "targets": ["172.17.0.1:9100", "172.17.0.1:8081"]}' >/srv/monitoring/prometheus.json
    cat >/srv/monitoring/docker-compose.yml <<'W'
version: "2.4"
services:
  prometheus:
    image: prom/prometheus:v2.48.0
    ports: ["9090:9090"]
    volumes: ["./prometheus.json:/etc/prometheus/prometheus.json:ro", "/srv/data:/data"]
    restart: unless-stopped
  alertmanager:
    image: python:3.11-slim
    command: [python3, -m, http.server, "9093", --directory, /tmp]
    ports: ["9093:9093"]
    restart: unless-stopped
  grafana:
    image: nginx:1.25
    command: [nginx, -g, "daemon off;"]
    ports: ["3000:80"]
    volumes: ["grafana:/var/lib/grafana"]
volumes: {grafana: {}}
W
    chown -R deploy:deploy /srv/monitoring
}
agent_image() {
    local program=$1 n
    shift
    for n; do docker build -q -t "$n" --build-arg "PROGRAM=$program" --label "of=$n" /srv/lab/agents; done
}

# start_agent NAME [OLDER|NEWER]: the command line that starts it, as their makers' manuals say it
start_agent() {
    local new=${2:-}
    case $1 in
    node-exporter) echo "docker run -d --name node-exporter --restart unless-stopped --net=host --pid=host -v /:/host:ro,rslave prom/node-exporter:$([ -n "$new" ] && echo v1.8.2 || echo v1.7.0) /agent /host" ;;
    cadvisor) echo "docker run -d --name cadvisor --restart unless-stopped -p 8081:8080 -v /:/rootfs:ro -v /var/run:/var/run:ro -v /sys:/sys:ro -v /var/lib/docker/:/var/lib/docker:ro -v /dev/disk/:/dev/disk:ro gcr.example/cadvisor/cadvisor:$([ -n "$new" ] && echo v0.49.1 || echo v0.47.2)" ;;
    fluent-bit) echo "docker run -d --name fluent-bit --restart unless-stopped -v /var/log:/var/log:ro -v /var/lib/docker/containers:/var/lib/docker/containers:ro -v /srv/data:/data fluent/fluent-bit:$([ -n "$new" ] && echo 3.0 || echo 2.2)" ;;
    telegraf) echo "docker run -d --name telegraf --restart unless-stopped -v /var/run/docker.sock:/var/run/docker.sock:ro -v /srv/data:/data telegraf:$([ -n "$new" ] && echo 1.30 || echo 1.29)" ;;
    esac
}

replace_agent() {
    local a n
    draw a node-exporter cadvisor fluent-bit telegraf
    draw n '' newer
    on deploy "docker inspect -f '{{.Config.Image}}' $a
docker stop -t 2 $a && docker rm $a
$(start_agent "$a" "$n")
sleep 3; docker logs --tail 3 $a; docker ps --filter name=$a --format '{{.Image}} {{.Status}}'"
}
restart_agent() {
    local a
    draw a node-exporter cadvisor fluent-bit telegraf
    on deploy "docker restart -t 2 $a; sleep 2; docker ps --filter name=$a; docker top $a"
}
reload_scraper() {
    local n
    between n 10 40
    on deploy "cd /srv/monitoring; jq '.interval = $n' prometheus.json >new.json && cat new.json >prometheus.json && rm new.json; python3 -m json.tool prometheus.json
curl -s -X POST http://127.0.0.1:9090/-/reload; curl -s http://127.0.0.1:9090/api/v1/status"
}
compose_work() {
    local s
    draw s prometheus alertmanager grafana
    case $((RANDOM % 4)) in
    0) on deploy "cd /srv/monitoring; docker-compose restart -t 2 $s; docker-compose ps" ;;
    1) on deploy "cd /srv/monitoring; docker-compose logs --tail 10 $s; docker-compose up -d --force-recreate --no-deps $s" ;;
    2) on deploy "cd /srv/monitoring; docker-compose down -t 2; docker-compose up -d; sleep 3; docker-compose ps" ;;
    3) on deploy "cd /srv/monitoring; docker-compose exec -T grafana nginx -t; docker-compose top; docker-compose images" ;;
    esac
}
query_metrics() {
    case $((RANDOM % 4)) in
    0) on ops "curl -s http://127.0.0.1:9100/metrics | grep node_ | sort | head -20; curl -s -o /dev/null -w '%{time_total}\n' http://127.0.0.1:8081/metrics" ;;
    1) on ops "tail -n 200 /srv/data/series.jsonl | jq -r '.target + \" \" + (.up | tostring)' | sort | uniq -c" ;;
    2) on deploy "python3 - <<'E'
import json
n = {}
for line in open('/srv/data/series.jsonl'):
    d = json.loads(line)
    n.setdefault(d['target'], []).append(d['up'])
for t, v in n.items():
    print(t, sum(v) / len(v))
E
wc -l /srv/data/*.jsonl" ;;
    3) on ops "for p in 9090 9093 3000 9100 8081; do curl -s -m 3 -o /dev/null -w \"\$p %{http_code}\n\" http://127.0.0.1:\$p/; done; ping -c 2 -W 1 127.0.0.1" ;;
    esac
}
trace_system() {
    case $((RANDOM % 8)) in
    0) on ops "p=\$(pgrep -f /agent | head -1); sudo timeout 5 strace -c -f -p \$p 2>&1 | tail -5" ;;
    1) on ops "sudo timeout 8 tcpdump -n -c 20 -i any port 9100 2>&1 | tail -4" ;;
    2) on ops "sudo timeout 6 perf stat -a -e cpu-clock,context-switches sleep 2 2>&1 | tail -6" ;;
    3) on ops "iostat -x 1 2 | tail -6; mpstat 1 1; pidstat 1 1 | tail -5; sar -n DEV 1 1 | tail -4" ;;
    4) on ops "sudo lsof -nP -p \$(pgrep -o dockerd) 2>/dev/null | wc -l; sudo ss -tnp | head -5; sudo cat /proc/\$(pgrep -o dockerd)/limits | head -5" ;;
    5) on ops "p=\$(pgrep -f /agent | tail -1); sudo gdb -p \$p -batch -ex 'info threads' 2>&1 | tail -3" ;;
    6) on ops "p=\$(sudo docker inspect -f '{{.State.Pid}}' cadvisor); sudo nsenter -t \$p -n ss -tln; sudo nsenter -t \$p -m ls /rootfs; sudo cat /proc/\$p/cgroup | head -3" ;;
    7) on ops "sudo timeout 5 perf record -q -g -F 49 -a -o /tmp/perf.data sleep 2 2>&1 | tail -2; sudo perf report -i /tmp/perf.data --stdio 2>/dev/null | head -5; sudo rm -f /tmp/perf.data" ;;
    esac
}
network_tools() { # a container with tools looks at the host's network, or at another container's
    case $((RANDOM % 4)) in
    0) on deploy "docker run --rm --net=host tools/netshoot:1 ss -tln" ;;
    1) on deploy "docker run --rm --net=container:cadvisor tools/netshoot:1 sh -c 'ip addr; curl -s http://127.0.0.1:8080/ | head -3'" ;;
    2) on deploy "docker run --rm --net=host --cap-add NET_ADMIN --cap-add NET_RAW tools/netshoot:1 timeout 5 tcpdump -n -c 10 -i any port 9100" ;;
    3) on deploy "docker run --rm --pid=container:telegraf --cap-add SYS_PTRACE tools/netshoot:1 sh -c 'ps aux; timeout 3 strace -c -p 1'" ;;
    esac
}
profiler() { # a profiler of the whole host, as its maker's manual starts it
    on deploy "docker run -d --name profiler --privileged --pid=host -v /sys/kernel/debug:/sys/kernel/debug:ro -v /sys/fs/cgroup:/sys/fs/cgroup:ro -v /lib/modules:/lib/modules:ro prom/node-exporter:v1.8.2 /agent /
sleep 10; docker logs profiler; docker rm -f profiler"
}
watch_logs() {
    case $((RANDOM % 4)) in
    0) on ops "sudo grep -ciE 'error|warn' /var/log/dockerd.log; sudo tail -n 30 /var/log/dockerd.log | cut -c1-90 | tail -4" ;;
    1) on ops "sudo sh -c 'ls -S /var/lib/docker/containers/*/*-json.log | head -3 | xargs tail -qn 2' | jq -r .log 2>/dev/null | tail -3" ;;
    2) on deploy "timeout 4 docker logs -f --tail 2 prometheus 2>/dev/null; docker events --since 10m --until 0s --format '{{.Type}} {{.Action}}' | sort | uniq -c" ;;
    3) on ops "sudo find /var/log -name '*.log' -size +10k | head; zgrep -h 1 /var/log/host/*.gz 2>/dev/null | wc -l; sudo truncate -s 0 /var/log/host/error.log" ;;
    esac
}
backup_dashboards() {
    local n
    between n 100 999
    on deploy "docker run --rm -v monitoring_grafana:/data:ro -v /srv/data:/out debian:bookworm-slim tar czf /out/grafana-$n.tgz -C /data .
rsync -a /srv/data/ ~/copy/; find ~/copy -mmin +30 -delete; ls /srv/data; docker cp monitoring_prometheus_1:/etc/prometheus/prometheus.json /tmp/prometheus.$n && rm /tmp/prometheus.$n"
}
prune() { on deploy "docker container prune -f; docker image prune -f; docker system df; docker volume ls -q | wc -l"; }

act() {
    rest 2 8
    work 12 32 9 replace_agent 6 restart_agent 6 reload_scraper 7 compose_work 9 query_metrics 10 trace_system 7 network_tools \
        2 profiler 7 watch_logs 4 backup_dashboards 3 prune 7 look_around 8 look_at_engine 4 upgrade_packages 4 administer_users \
        4 edit_settings 3 rotate_logs
}
