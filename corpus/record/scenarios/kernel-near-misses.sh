# kernel-near-misses: work on a host that is near to escapes and none: debuggers, system trees that are built and entered,
#   device nodes, parameters, captures, capabilities, namespaces. Values that are written are those that were there.
# shows: ptrace, chroot, mknod, setcap, sysctl, tcpdump, unshare and reads of kernel files outside of containers
# dataset: everyday
# label: benign
prepare() {
    mkdir -p /srv/build/rootfs/bin /srv/build/rootfs/dev
    cp /usr/bin/busybox /srv/build/rootfs/bin/ && ln -s busybox /srv/build/rootfs/bin/sh
}
act() {
    if dev; then
        chroot /srv/build/rootfs /bin/sh -c 'busybox ls /'
        mknod -m 600 /srv/build/rootfs/dev/console c 5 1
        mknod /srv/build/rootfs/dev/loop9 b 7 9
        sleep 20 &
        gdb -p $! -batch -ex bt >/dev/null
        strace -o /tmp/t true
        kill %1
        sysctl -w vm.swappiness="$(cat /proc/sys/vm/swappiness)"
        sysctl kernel.core_pattern kernel.randomize_va_space
        timeout 1 tcpdump -i lo -c 1 -w /tmp/c.pcap
        cp /usr/bin/ping /tmp/ping && setcap cap_net_raw+ep /tmp/ping
        setpriv --reuid ops --clear-groups unshare -r id
        dmesg | tail -1
        cat /proc/kallsyms | head -1
        stat -c %d:%i / /proc/1/root/.
        chmod 4755 /srv/build/rootfs/bin/busybox
    else
        unshare --mount sh -c 'mount --bind /srv/build/rootfs /mnt; chroot /mnt /bin/sh -c "busybox id"'
        tar -C /srv/build/rootfs -cf /tmp/r.tar . && mkdir -p /tmp/r && tar -C /tmp/r -xf /tmp/r.tar
        mknod /tmp/fifo p; mknod /tmp/null c 1 3
        sleep 20 &
        timeout 1 strace -f -p $! -o /tmp/t
        gcore -o /tmp/core $! >/dev/null
        ls -l "/proc/$!/root/" "/proc/$!/cwd" | head -3
        kill %1
        echo "$(cat /proc/sys/vm/overcommit_memory)" >/proc/sys/vm/overcommit_memory
        cat /proc/sys/kernel/core_pattern /proc/sys/kernel/poweroff_cmd >/tmp/report
        grep -c . /proc/keys
        cp /usr/bin/python3 /tmp/caddy && setcap 'cap_net_bind_service=+ep' /tmp/caddy
        python3 -c 'import os; print(os.getuid(), open("/proc/sys/kernel/core_pattern").read())'
        capsh --print | head -1
        debugfs -V
        docker run --rm -w /app -v /srv/build:/mnt/build alpine:3.19 sh -c 'pwd; ls /proc/self/fd /mnt/build; cat /proc/self/mounts | head -1; sysctl vm.swappiness'
        docker run --rm alpine:3.19 sh -c 'strings /bin/busybox | head -1; mknod /tmp/p p; chmod 755 /tmp/p; ln -sf /dev/stdout /tmp/access.log; cat /proc/meminfo | head -1'
    fi
    true
}
restore() { rm -rf /srv/build /tmp/r /tmp/r.tar /tmp/ping /tmp/caddy /tmp/core* /tmp/t /tmp/c.pcap /tmp/fifo /tmp/null /tmp/report; }
