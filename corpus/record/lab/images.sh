# shellcheck shell=bash
# Images under the names that such images have; all hold busybox and nothing foreign.
image_from alpine:3.19
docker tag alpine:3.19 busybox:1.36
docker tag alpine:3.19 debian:bookworm-slim
docker tag alpine:3.19 nginx:1.25
docker tag alpine:3.19 redis:7
docker tag alpine:3.19 postgres:16
image_from shop/toolbox:1.4 /usr/bin/curl /usr/bin/nsenter /usr/bin/socat
image_from docker:24-cli /usr/bin/docker /usr/bin/curl
docker tag docker:24-cli gitlab/gitlab-runner:v16.6.0
docker tag docker:24-cli jenkins/agent:latest
cat >/srv/lab/node_exporter <<'W'
#!/bin/sh
for i in 1 2 3; do
    cat /host/proc/stat /host/proc/meminfo /host/etc/os-release /proc/1/mounts >/dev/null 2>&1
    ls /host/sys/class/net /host/var/lib >/dev/null 2>&1
    df / >/dev/null 2>&1
    echo "node_load1 0.1" >/tmp/metrics.$$ && mv /tmp/metrics.$$ /tmp/metrics.prom
    sleep 1
done
W
chmod 755 /srv/lab/node_exporter
image_from prom/node-exporter:v1.7.0 bin/node_exporter=/srv/lab/node_exporter
sed 's#/host/proc/stat.*mounts#/sys/fs/cgroup/memory/memory.usage_in_bytes /var/run/utmp#; s#/host/sys.*lib #/var/lib/docker /rootfs/etc #' \
    /srv/lab/node_exporter >/srv/lab/cadvisor
chmod 755 /srv/lab/cadvisor
image_from gcr.example/cadvisor/cadvisor:v0.47.2 bin/cadvisor=/srv/lab/cadvisor
image_from shop/web:2.3
rm -f /srv/lab/node_exporter /srv/lab/cadvisor
