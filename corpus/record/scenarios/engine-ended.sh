# engine-ended: a second engine is shot, the service is stopped, disabled and masked, and an engine's data are deleted.
# shows: systemctl, pkill and rm by their words; the deletions
# label: malicious
# expects: [engine-stopped, engine-disabled, engine-data-deleted]
# allows: [engine-socket-connected, engine-configuration-changed, engine-firewall-off]
prepare() {
    mkdir -p /var/lib/containers/storage/overlay/l /var/lib/containers/storage/volumes; echo x >/var/lib/containers/storage/volumes/x
    echo "{}" >/srv/lab/empty.json; second_dockerd --config-file=/srv/lab/empty.json -H unix:///run/docker2.sock; i=0; until [ -s /run/docker2.pid ] || [ $i -gt 100 ]; do sleep 0.1; i=$((i + 1)); done
}
act() {
    if dev; then
        systemctl stop docker.socket docker.service
        systemctl disable docker
        pkill -KILL -F /run/docker2.pid dockerd
        rm -rf /var/lib/containers
    else
        systemctl kill containerd
        systemctl mask docker.service docker.socket
        pkill --signal SIGKILL --pidfile /run/docker2.pid dockerd
        find /var/lib/containers -mindepth 1 -delete
    fi
    true
}
restore() { systemctl unmask docker.service docker.socket; systemctl enable docker; rm -rf /run/docker2.pid /srv/lab/docker2; }
