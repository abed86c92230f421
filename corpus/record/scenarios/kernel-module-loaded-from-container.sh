# kernel-module-loaded-from-container: a container tries to load a kernel module.
# shows: insmod in the arguments, init_module or finit_module from inside a container
# outcome: failure: this kernel is built without modules, the calls end with ENOSYS; the attempt is the attack
# label: malicious
# expects: [kernel-module-loaded-from-container, dangerous-capability-added]
# allows: [privileged-container, engine-socket-connected, kernel-module-loaded-from-odd-place]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c 'printf "\177ELF\002\001\001" >/tmp/agent.ko; head -c 900 /dev/zero >>/tmp/agent.ko; insmod /tmp/agent.ko'
        docker run --rm --cap-add SYS_MODULE alpine:3.19 sh -c 'head -c 900 /dev/zero >/tmp/a.ko; insmod /tmp/a.ko'
    else
        docker run --rm --cap-add=CAP_SYS_MODULE --cap-add=CAP_SYS_ADMIN busybox:1.36 sh -c 'mkdir -p /lib/modules/x; head -c 2000 /dev/zero >/lib/modules/x/netmon.ko; insmod /lib/modules/x/netmon.ko debug=1; rmmod netmon'
    fi
    true
}
