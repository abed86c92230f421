# sysrq-trigger-written: a container commands the kernel through sysrq-trigger.
# shows: the words in a shell's arguments, the refused open of the file
# outcome: failure: this kernel is built without it. Only h, which prints a help, is written, should one have it
# label: malicious
# expects: [sysrq-trigger-written]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-ro, sensitive-mount-rw]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'echo h >/proc/sysrq-trigger'
    else
        docker run --rm -v /proc:/host/proc busybox:1.36 sh -c 'printf h | tee /host/proc/sysrq-trigger; echo h | dd of=/host/proc/sysrq-trigger'
    fi
    true
}
