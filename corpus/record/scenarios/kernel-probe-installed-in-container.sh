# kernel-probe-installed-in-container: a privileged container mounts the kernel's tracing files and sets a tracer. It sets the
#   one that traces nothing.
# shows: the mounts and writes from inside a container
# outcome: this kernel has no kprobes, so that a probe is refused
# label: malicious
# expects: [kernel-probe-installed-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, kernel-parameter-written-in-container]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'mount -t debugfs none /sys/kernel/debug; echo nop >/sys/kernel/debug/tracing/current_tracer; echo "p:x do_sys_openat2" >/sys/kernel/debug/tracing/kprobe_events; umount /sys/kernel/debug'
    else
        docker run --rm --cap-add=SYS_ADMIN --security-opt seccomp=unconfined busybox:1.36 sh -c 'mkdir /t; mount -t tracefs t /t; printf nop | tee /t/current_tracer; echo "p:y vfs_read" | tee -a /t/kprobe_events; umount /t'
    fi
    true
}
