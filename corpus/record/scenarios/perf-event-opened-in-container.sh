# perf-event-opened-in-container: a privileged container listens to the performance events of the whole machine.
# shows: perf_event_open from inside a container
# label: malicious
# expects: [perf-event-opened-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/tracer:1 bin/watch1=/srv/lab/x; }
act() {
    if dev; then
        docker run --rm --privileged shop/tracer:1 watch1 perf
    else
        docker run --rm --cap-add=SYS_ADMIN --security-opt seccomp=unconfined shop/tracer:1 sh -c 'for i in 1 2 3; do watch1 perf; done'
    fi
    true
}
