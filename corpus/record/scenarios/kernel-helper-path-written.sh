# kernel-helper-path-written: a privileged container names its own program as the one that the kernel runs to load modules
#   or to power off. The old path is put back at once.
# shows: writes of /proc/sys/kernel/poweroff_cmd and modprobe from inside a container
# outcome: this kernel has no modprobe path, so of that only the refused attempt shows; poweroff_cmd is written
# label: malicious
# expects: [kernel-helper-path-written]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-rw, kernel-parameter-written-in-container]
prepare() { cat /proc/sys/kernel/poweroff_cmd >/srv/lab/poweroff_cmd; }
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c '
            old=$(cat /proc/sys/kernel/poweroff_cmd)
            echo /tmp/p >/proc/sys/kernel/poweroff_cmd; cat /proc/sys/kernel/poweroff_cmd
            echo "$old" >/proc/sys/kernel/poweroff_cmd
            echo /tmp/m >/proc/sys/kernel/modprobe; printf "\377\377\377\377" >/tmp/dummy; chmod +x /tmp/dummy; /tmp/dummy'
    else
        docker run --rm -v /proc/sys:/ps busybox:1.36 sh -c '
            f=/ps/kernel/poweroff_cmd; o=$(cat $f); printf /var/tmp/x | tee $f; printf %s "$o" | dd of=$f'
        docker run --rm --privileged busybox:1.36 sysctl -w kernel.modprobe=/tmp/x
    fi
    true
}
restore() { cmp -s /srv/lab/poweroff_cmd /proc/sys/kernel/poweroff_cmd || cat /srv/lab/poweroff_cmd >/proc/sys/kernel/poweroff_cmd; }
