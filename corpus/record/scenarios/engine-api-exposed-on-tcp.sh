# engine-api-exposed-on-tcp: an engine is started that listens on plain TCP, and tcp hosts are written into a daemon.json.
# shows: dockerd -H tcp://, bind and listen on 2375 by dockerd, a write of daemon.json
# label: malicious
# expects: [engine-api-exposed-on-tcp]
# allows: [engine-api-called-over-tcp, engine-configuration-changed, engine-socket-connected, engine-firewall-off]
prepare() { cp /etc/docker/daemon.json /srv/lab/daemon.json.kept; }
act() {
    if dev; then
        second_dockerd -H tcp://127.0.0.1:2375 -H unix:///run/docker2.sock
        wait_port 2375
        echo '{"hosts": ["unix:///var/run/docker.sock", "tcp://127.0.0.1:2375"]}' | tee /srv/lab/daemon.json >/dev/null
        cp /srv/lab/daemon.json /etc/docker/daemon.json
    else
        second_dockerd --host=unix:///run/docker2.sock --host=tcp://localhost:2375 --tls=false
        wait_port 2375
        sed -i 's#^{#{"hosts": ["tcp://0.0.0.0:2375", "fd://"], "tlsverify": false, #' /etc/docker/daemon.json
    fi
}
restore() { second_dockerd_stop; cp /srv/lab/daemon.json.kept /etc/docker/daemon.json; }
