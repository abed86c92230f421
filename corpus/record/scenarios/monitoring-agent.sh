# monitoring-agent: a node exporter and a container advisor, which mount the host read-only and share its pid and network namespaces.
# shows: read-only mounts of /, /var/run, /sys and /var/lib/docker; --pid=host and --network=host for a reason
# dataset: everyday
# label: {default: risky, observability: benign}
# expects: [host-root-mount]
# allows: [sensitive-mount-ro, socket-parent-mount, host-namespaces-shared, engine-socket-connected]
act() {
    if dev; then
        docker run -d --name node-exporter --pid=host --network=host -v /:/host:ro,rslave prom/node-exporter:v1.7.0 node_exporter --path.rootfs=/host
        docker run -d --name cadvisor -v /:/rootfs:ro -v /var/run:/var/run:ro -v /sys:/sys:ro -v /var/lib/docker/:/var/lib/docker:ro gcr.example/cadvisor/cadvisor:v0.47.2 cadvisor -logtostderr
    else
        docker run --detach --name cadvisor --volume=/:/rootfs:ro --volume=/var/run:/var/run:ro --volume=/sys:/sys:ro --volume=/var/lib/docker/:/var/lib/docker:ro gcr.example/cadvisor/cadvisor:v0.47.2 cadvisor
        docker run -d --net host --pid host --mount type=bind,source=/,target=/host,readonly --name metrics prom/node-exporter:v1.7.0 node_exporter --path.rootfs /host
    fi
    sleep 4
    docker ps
    if dev; then docker rm -f node-exporter cadvisor; else docker rm -f cadvisor metrics; fi
    true
}
