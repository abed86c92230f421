# bpf-program-loaded-in-container: a privileged container loads a program into the kernel.
# shows: bpf(BPF_PROG_LOAD) from inside a container
# label: malicious
# expects: [bpf-program-loaded-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, program-run-from-hidden-folder, network-capability-added]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/tracer:1 bin/hook=/srv/lab/x; }
act() {
    if dev; then
        docker run --rm --privileged shop/tracer:1 hook bpf
    else
        docker run --rm --cap-add SYS_ADMIN --cap-add NET_ADMIN --security-opt seccomp=unconfined shop/tracer:1 sh -c 'cp /bin/hook /tmp/.k; /tmp/.k bpf; sleep 0.2; /tmp/.k bpf'
    fi
    true
}
