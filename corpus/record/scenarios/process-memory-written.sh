# process-memory-written: a container of the host's process namespace writes into the memory of a process outside of it.
#   What is written is what stood there.
# shows: /proc/PID/mem opened for writing, process_vm_writev and POKEDATA from inside a container
# label: malicious
# expects: [process-memory-written]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, process-traced-in-container, process-memory-dumped]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/app:3 bin/inj=/srv/lab/x; }
act() {
    sleep 30 &
    if dev; then
        docker run --rm --pid=host --cap-add SYS_PTRACE shop/app:3 inj mem "$!"
        docker run --rm --pid=host --cap-add SYS_PTRACE shop/app:3 inj vm "$!"
    else
        docker run --rm --pid host --privileged shop/app:3 sh -c "inj poke $!; inj vm $!; dd if=/dev/null of=/proc/$!/mem conv=notrunc"
    fi
    kill "$!"
    true
}
