# shellcheck shell=bash
# What the scenarios share.  RUN is develop or hold-out.
dev() { [ "$RUN" = develop ]; }
# pick A B: A in the develop run, B in the hold-out run
pick() { if dev; then echo "$1"; else echo "$2"; fi; }
prepare() { :; }
restore() { :; }
# stretch NAME LABEL COMMAND…: runs COMMAND, and notes when it was done and what it was (risky, say), for hosts
stretch() {
    local from name=$1 label=$2 rc
    shift 2
    from=$(date +%s.%3N)
    "$@"; rc=$?
    printf '%s %s %s %s\n' "$from" "$(date +%s.%3N)" "$name" "$label" >>/lab/stretches
    return $rc
}
# image_from NAME FILE…: an image of busybox with more of the machine's programs and their libraries
image_from() {
    local name=$1 d f l
    shift
    d=$(mktemp -d /srv/lab/img.XXXXXX)
    mkdir -p "$d"/bin "$d"/etc "$d"/tmp "$d"/proc "$d"/sys "$d"/dev "$d"/root "$d"/var "$d"/usr/bin "$d"/lib64 "$d"/home
    cp /usr/bin/busybox "$d/bin/busybox"
    for f in $(/usr/bin/busybox --list); do
        [ "$f" = busybox ] || ln -s busybox "$d/bin/$f"
    done
    echo 'root:x:0:0:root:/root:/bin/sh' >"$d/etc/passwd"
    echo 'root:x:0:' >"$d/etc/group"
    echo "nameserver 127.0.0.1" >"$d/etc/resolv.conf"
    for f in "$@"; do
        case $f in
        *=*) mkdir -p "$d/$(dirname "${f%%=*}")"; cp "${f#*=}" "$d/${f%%=*}"; f=${f#*=} ;;
        *) rm -f "$d/bin/${f##*/}"; mkdir -p "$d/$(dirname "$f")"; cp -L "$f" "$d/$f" ;;
        esac
        for l in $(ldd "$f" 2>/dev/null | grep -o '/[^ ]*'); do
            mkdir -p "$d/$(dirname "$l")"
            [ -e "$d/$l" ] || cp -L "$l" "$d/$l"
        done
    done
    tar -C "$d" -c . | docker import -c 'CMD ["/bin/sh"]' -c 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' - "$name" >/dev/null
    rm -rf "$d"
}
# second_dockerd ARG…: another engine with its own folders; its pid goes to /run/second.pid
second_dockerd() {
    setsid dockerd --bridge=none --iptables=false --data-root=/srv/lab/docker2 --exec-root=/run/docker2 \
        --pidfile=/run/docker2.pid --oom-score-adjust=0 "$@" >/var/log/dockerd2.log 2>&1 </dev/null &
}
second_dockerd_stop() {
    if [ -s /run/docker2.pid ]; then
        kill "$(cat /run/docker2.pid)"
        i=0
        while [ -e /run/docker2.pid ] && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
    fi
}
# wait_port PORT
wait_port() {
    i=0
    until (: </dev/tcp/127.0.0.1/"$1") 2>/dev/null || [ $i -gt 300 ]; do sleep 0.1; i=$((i + 1)); done
}
# podman_prepare IMAGE…: podman in the lab, with its own copies of these images; podman_service: its API on its usual socket
podman_prepare() {
    local image
    mkdir -p /etc/containers
    cat >/etc/containers/containers.conf <<'W'
[containers]
netns = "none"
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "runc"
W
    printf '[storage]\ndriver = "vfs"\nrunroot = "/run/containers/storage"\ngraphroot = "/var/lib/containers/storage"\n' >/etc/containers/storage.conf
    echo '{"default": [{"type": "insecureAcceptAnything"}]}' >/etc/containers/policy.json
    for image; do
        docker save "$image" | podman load -q
    done
    podman images
}
podman_service() {
    mkdir -p /run/podman
    setsid podman system service --time=0 unix:///run/podman/podman.sock >/var/log/podman.log 2>&1 </dev/null &
    until [ -S /run/podman/podman.sock ]; do sleep 0.1; done
}
podman_restore() { podman rm -fa -t 0; pkill -x podman; true; }
