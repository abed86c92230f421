# host-process-signalled-from-container: containers of the host's process namespace send signals to its daemons. The signals are
#   such as only make them read their files again, or print their state.
# shows: kill from inside a container with the engine's processes as targets
# label: malicious
# expects: [host-process-signalled-from-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, engine-stopped, security-agent-stopped]
act() {
    if dev; then
        docker run --rm --pid=host --privileged alpine:3.19 pkill -HUP dockerd
    else
        docker run --rm --pid host --cap-add SYS_PTRACE --cap-add KILL busybox:1.36 sh -c 'for p in $(pidof containerd); do kill -USR1 $p; done; killall -HUP dockerd'
    fi
    sleep 0.5
    true
}
