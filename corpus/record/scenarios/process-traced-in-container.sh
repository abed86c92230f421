# process-traced-in-container: a container attaches to processes: one of the host, one of its own.
# shows: ptrace(PTRACE_ATTACH) from inside a container
# label: malicious
# expects: [process-traced-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, process-memory-written, process-memory-dumped]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/app:3 bin/att=/srv/lab/x /usr/bin/strace; }
act() {
    sleep 30 &
    if dev; then
        docker run --rm --pid=host --cap-add=SYS_PTRACE --security-opt seccomp=unconfined shop/app:3 att poke "$!"
    else
        docker run --rm --pid=host --privileged shop/app:3 timeout 1 strace -p "$!"
        docker run --rm --cap-add SYS_PTRACE shop/app:3 sh -c 'sleep 5 & att poke $!'
    fi
    kill "$!"
    true
}
