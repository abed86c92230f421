# engine-api-exposed-by-config: an engine is made to listen on plain TCP by its configuration file alone; no -H in its arguments.
# shows: a write of a daemon.json, then bind and listen on 2375 by dockerd
# label: malicious
# expects: [engine-api-exposed-on-tcp]
# allows: [engine-api-called-over-tcp, engine-configuration-changed, engine-socket-connected, engine-firewall-off]
act() {
    if dev; then
        mkdir -p /etc/docker/second
        echo '{"hosts": ["tcp://127.0.0.1:2375", "unix:///run/docker2.sock"]}' >/etc/docker/second/daemon.json
        second_dockerd --config-file=/etc/docker/second/daemon.json
    else
        mkdir -p /srv/lab/engine
        python3 -c 'import json; json.dump({"tls": False, "hosts": ["unix:///run/docker2.sock", "tcp://0.0.0.0:2375"]}, open("/srv/lab/engine/daemon.json", "w"))'
        second_dockerd --config-file /srv/lab/engine/daemon.json
    fi
    wait_port 2375
}
restore() { second_dockerd_stop; rm -rf /etc/docker/second /srv/lab/engine; }
