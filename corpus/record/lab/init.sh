#!/bin/bash
# The lab's init: runs as process 1 of fresh pid, mount, uts, ipc and net
# namespaces on an overlay of the machine's root, starts containerd and
# dockerd, then does what record.sh asks on fd 8 and answers on fd 9.
# Whatever happens in here ends with this process.
# shellcheck disable=SC1091
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
unset "${!LC_@}" "${!SUDO_@}"

lab_accounts() {
    # role accounts only; nobody of the machine's own people shows
    sed -i '/^[^:]*:[^:]*:1[0-9][0-9][0-9]:/d' /etc/passwd
    cut -d: -f1 /etc/passwd | sed 's/.*/^&:/' >/run/known
    grep -f /run/known /etc/shadow >/run/shadow.new && cat /run/shadow.new >/etc/shadow
    rm -f /run/known /run/shadow.new
    getent group docker >/dev/null || groupadd -r docker
    useradd -m -u 1500 -s /bin/bash -c 'Operations' ops
    useradd -m -u 1501 -s /bin/bash -c 'CI runner' -G docker ci
    useradd -m -u 1502 -s /bin/bash -c 'Deployment' -G docker deploy
    useradd -m -u 1503 -s /bin/bash -c 'Monitoring agent' agent
    if [ -d /etc/sudoers.d ]; then
        echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/lab
        chmod 440 /etc/sudoers.d/lab
    fi
}

lab_files() {
    hostname lab
    echo lab >/etc/hostname
    printf '127.0.0.1 localhost\n127.0.1.1 lab\n' >/etc/hosts
    rm -f /etc/resolv.conf; echo 'nameserver 127.0.0.1' >/etc/resolv.conf
    rm -rf /var/lib/swcatalog /var/cache/swcatalog /var/lib/app-info /var/cache/app-info
    rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/pip.conf /etc/npmrc /etc/gitconfig
    mkdir -p /run/lock /run/sshd /run/user /srv/lab /root/.ssh /usr/local/bin /usr/local/sbin /var/log
    chmod 700 /root /root/.ssh
    chmod 1777 /tmp /var/tmp /run/lock
    echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOg3yT0V3eYkQ0wlab ops' >/root/.ssh/authorized_keys
    ip link set lo up
}

# Where CAP_SYS_RESOURCE is missing, a privileged container cannot be given it:
# a wrapper takes that one capability out of the bundle and runs the real runc.
lab_runtime() {
    mkdir -p /etc/docker /usr/libexec/lab
    if [ $(( 0x$(awk '/CapBnd/{print $2}' /proc/self/status) >> 24 & 1 )) = 1 ]; then
        echo '{}' >/etc/docker/daemon.json
        return
    fi
    cat >/usr/libexec/lab/runc <<'W'
#!/bin/sh
f=
p=
for a in "$@"; do
    case $p in
    --bundle) f=$a/config.json ;;
    --process) f=$a ;;
    esac
    p=$a
done
[ -n "$f" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$f"
exec /usr/sbin/runc "$@"
W
    chmod 755 /usr/libexec/lab/runc
    echo '{"runtimes": {"lab": {"path": "/usr/libexec/lab/runc"}}, "default-runtime": "lab"}' >/etc/docker/daemon.json
}

lab_dockerd() {
    env -i PATH="$PATH" setsid dockerd -H unix:///run/docker.sock --bridge=none --iptables=false \
        --exec-root=/run/docker --data-root=/var/lib/docker --oom-score-adjust=0 \
        >/var/log/dockerd.log 2>&1 8<&- 9<&- </dev/null &
    i=0
    until docker version >/dev/null 2>&1; do
        i=$((i + 1))
        [ $i -gt 300 ] && { tail -5 /var/log/dockerd.log >&2; return 1; }
        sleep 0.1
    done
}

# todo USER VERB: what the session of USER will run, a plain script that sets
# its own environment, so that nothing of the machine's is handed down
todo() {
    home=$(getent passwd "$1" | cut -d: -f6)
    {
        echo "export HOME=$home USER=$1 LOGNAME=$1 PATH=$PATH LANG=C.UTF-8 TERM=xterm"
        echo "RUN=$RUN SEED=$SEED MINUTES=$MINUTES"
        cat /lab/lib.sh /lab/scenario.sh
        echo "$2"
    } >"$home/todo.sh"
    chown "$1" "$home/todo.sh"; chmod 755 "$home/todo.sh"
}

# session USER AUID: run todo.sh as a login session would (AUID '' for none)
session() {
    (
        [ -n "$2" ] && echo "$2" >/proc/self/loginuid
        cd "$home" || exit 1
        if [ "$1" = root ]; then
            exec -c /usr/bin/bash "$home/todo.sh"
        fi
        exec -c /usr/bin/setpriv --reuid "$1" --regid "$1" --init-groups /usr/bin/bash "$home/todo.sh"
    ) </dev/null >>/var/log/session.log 2>&1 8<&- 9<&-
}

lab_accounts && lab_files && lab_runtime && lab_dockerd || { echo "failed start" >&9; exit 1; }
( RUN=develop; . /lab/lib.sh; . /lab/images.sh ) >/var/log/images.log 2>&1 8<&- 9<&- </dev/null ||
    { tail -5 /var/log/images.log >&2; echo "failed images" >&9; exit 1; }
echo "ready $(docker version --format '{{.Server.Version}}')" >&9

while read -r verb user RUN SEED MINUTES <&8; do
    case $verb in
    prepare | restore) todo root "$verb"; session root '' ;;
    ready)                      # all that act needs, before the recording's window opens
        todo "$user" act
        auid=1500; [ "$user" = root ] || auid=$(id -u "$user") ;;
    act) session "$user" "$auid" ;;
    quit) break ;;
    esac
    echo "done $?" >&9
done
exit 0
