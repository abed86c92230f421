# attack-images: images that are named as attack tools (harmless here) are started, one with a library preloaded from where a program stands; a network is laid on an interface.
# shows: the image's name in the request; the environment
# as: deploy
# label: malicious
# expects: [attack-tool-image-started, preload-given-to-container, network-on-host-interface-created, host-network-controlled]
# allows: [engine-socket-connected, host-namespaces-shared, dangerous-capability-added, enumeration-tool-run, loader-variable-aimed-at-hooks, linker-preload-set, network-capability-added]
prepare() { docker tag alpine:3.19 cdkteam/cdk:latest; docker tag alpine:3.19 raesene/alpine-containertools:latest; }
act() {
    if dev; then
        docker run --rm cdkteam/cdk id
        docker run --rm -e LD_PRELOAD=/proc/self/cwd/poc.so alpine:3.19 true
        docker network create -d macvlan lan
        docker run --rm --net=host --cap-add NET_RAW alpine:3.19 ip addr
    else
        docker container run --rm raesene/alpine-containertools cat /proc/1/status
        docker run --rm --env=LD_PRELOAD=/dev/shm/l.so busybox:1.36 true
        docker network create --driver=ipvlan lan
        docker run --rm --network host --cap-add=CAP_NET_ADMIN busybox:1.36 ip route
    fi
    true
}
restore() { docker network rm lan; docker rmi cdkteam/cdk raesene/alpine-containertools; }
