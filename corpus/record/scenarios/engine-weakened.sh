# engine-weakened: an engine's configuration is edited and a second engine started so that containers are less confined, images come unverified, and another runtime is used.
# shows: words of shells, editors and dockerd; writes of the configuration
# label: malicious
# expects: [insecure-registry-allowed, engine-confinement-lowered, engine-firewall-off, engine-runtime-replaced, image-trust-policy-changed, engine-configuration-changed, unusual-runtime-requested]
# allows: [engine-socket-connected, image-loaded-from-archive]
prepare() { echo "{}" >/srv/lab/empty.json; cp -p /etc/docker/daemon.json /srv/lab/daemon.kept; printf '#!/bin/sh\nexec /usr/sbin/runc "$@"\n' >/srv/lab/r; chmod 755 /srv/lab/r; mkdir -p /etc/containers; cp -p /etc/containers/policy.json /srv/lab/policy.kept 2>/dev/null; }
act() {
    if dev; then
        bash -c 'echo "{\"insecure-registries\": [\"198.51.100.7:5000\"], \"seccomp-profile\": \"unconfined\"}" >/etc/docker/daemon.json'
        echo '{"default": [{"type": "insecureAcceptAnything"}]}' >/etc/containers/policy.json
        second_dockerd --config-file=/srv/lab/empty.json -H unix:///run/docker2.sock --no-new-privileges=false --insecure-registry 198.51.100.7:5000 --add-runtime x=/srv/lab/r --default-runtime x
    else
        sed -i '/seccomp-profile/d; s/^{/{"insecure-registries": ["registry.example.net:80"],/' /etc/docker/daemon.json
        mkdir -p /etc/docker/certs.d/198.51.100.7:5000 && cp /etc/ssl/openssl.cnf /etc/docker/certs.d/198.51.100.7:5000/ca.crt
        second_dockerd --config-file=/srv/lab/empty.json -H unix:///run/docker2.sock --insecure-registry=registry.example.net:80 --add-runtime=shim2=/srv/lab/r --default-cgroupns-mode=host
    fi
    i=0; until docker -H unix:///run/docker2.sock version >/dev/null 2>&1 || [ $i -gt 100 ]; do sleep 0.1; i=$((i + 1)); done
    tar -C /usr/bin -c busybox | docker -H unix:///run/docker2.sock import - t:1
    docker -H unix:///run/docker2.sock run --rm --runtime "$(pick x shim2)" t:1 /busybox true
    true
}
restore() { second_dockerd_stop; cat /srv/lab/daemon.kept >/etc/docker/daemon.json; if [ -e /srv/lab/policy.kept ]; then cat /srv/lab/policy.kept >/etc/containers/policy.json; fi; rm -rf /etc/docker/certs.d /srv/lab/r /srv/lab/empty.json /srv/lab/docker2; }
