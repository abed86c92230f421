# dangerous-capability-added: containers are given capabilities that reach the host.
# shows: --cap-add in several spellings, CAPSET by the runtime with those bits
# label: risky
# expects: [dangerous-capability-added]
# allows: [privileged-container, container-confinement-disabled, engine-socket-connected, network-capability-added]
act() {
    if dev; then
        docker run --rm --cap-add SYS_ADMIN alpine:3.19 sh -c 'mkdir -p /tmp/m; mount -t tmpfs none /tmp/m'
        docker run --rm --cap-add=SYS_PTRACE --name tracer alpine:3.19 grep Cap /proc/self/status
        docker run --rm --cap-add DAC_READ_SEARCH --cap-drop NET_RAW alpine:3.19 id
        docker run --rm --cap-add ALL debian:bookworm-slim grep Cap /proc/self/status
    else
        docker run --rm --cap-drop=ALL --cap-add=CAP_SYS_ADMIN --security-opt apparmor=unconfined debian:bookworm-slim id
        docker container run --rm --cap-add NET_ADMIN redis:7 ip link
        docker run --cap-add=sys_module --rm busybox:1.36 grep CapEff /proc/1/status
        docker create --cap-add SYS_RAWIO --name raw busybox:1.36 id
        docker start -a raw
        docker rm raw
    fi
    true
}
