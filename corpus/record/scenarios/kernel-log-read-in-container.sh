# kernel-log-read-in-container: containers look at the kernel's log and where its functions lie, as exploits do first.
# shows: dmesg and kallsyms in arguments, the call from inside a container
# label: malicious
# expects: [kernel-log-read-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container]
act() {
    if dev; then
        docker run --rm alpine:3.19 sh -c 'dmesg | tail -3; grep -m 3 commit_creds /proc/kallsyms'
    else
        docker run --rm --cap-add SYSLOG busybox:1.36 dmesg -s 100
        docker run --rm busybox:1.36 awk '/prepare_kernel_cred/ {print $1}' /proc/kallsyms
    fi
    true
}
