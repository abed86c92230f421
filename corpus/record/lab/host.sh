# shellcheck shell=bash disable=SC2034,SC2154,SC2016
# What the hosts at work (hosts/ORG.sh) share: a seeded generator, pauses, sessions, images, packages, cron.
# Draws are made in the script's own shell only (never in $(…)), so that a seed means one course of work.
RANDOM=${SEED:-1}
between() { printf -v "$1" %d $(($2 + RANDOM % ($3 - $2 + 1))); }           # between VARIABLE LEAST MOST
chance() { [ $((RANDOM % 100)) -lt "$1" ]; }                                 # chance PERCENT
draw() { local v=$1; shift; printf -v "$v" %s "${@:$((1 + RANDOM % $#)):1}"; }  # draw VARIABLE WORD…
begun=$EPOCHSECONDS
over() { [ $((EPOCHSECONDS - begun)) -ge $((${MINUTES:-60} * 60)) ]; }
# rest LEAST MOST: nothing happens for so many seconds; no process is started for it
rest() {
    local n left
    between n "$1" "$2"
    left=$((begun + ${MINUTES:-60} * 60 - EPOCHSECONDS))
    [ "$n" -le $left ] || n=$((left > 0 ? left : 0))
    [ "$n" -gt 0 ] || return 0
    read -r -t "$n" <><(:)
    return 0
}
# work PAUSE-LEAST PAUSE-MOST WEIGHT ACTIVITY…: draws activities by weight until the time is over; those whose name
# stands in $risky (bad practice, or troubleshooting with privileges) are noted as such stretches
work() {
    local least=$1 most=$2 names=() i
    shift 2
    while [ $# -gt 0 ]; do
        for ((i = 0; i < $1; i++)); do names+=("$2"); done
        shift 2
    done
    until over; do
        draw activity "${names[@]}"
        echo "== $(date +%T) $activity"
        case " ${risky:-} " in
        *" $activity "*) stretch "$activity" risky "$activity" </dev/null ;;
        *) "$activity" </dev/null ;;
        esac
        rest "$least" "$most"
    done
}

# on ACCOUNT SCRIPT: a session by ssh, whose shell reads the lines of SCRIPT
on() {
    printf '%s\n' "$2" | ssh -q -o StrictHostKeyChecking=no -o BatchMode=yes "$1@localhost" bash -l
}
terminal() { script -qec "$1" /dev/null </dev/null; }                        # a command on a terminal of its own

# host_sessions ACCOUNT…: sshd runs, and ops may log in as each of them
host_sessions() {
    local a h
    mkdir -p /home/ops/.ssh; chmod 700 /home/ops/.ssh
    ssh-keygen -q -t ed25519 -N '' -C ops@lab -f /home/ops/.ssh/id_ed25519
    chown -R ops:ops /home/ops/.ssh
    for a in ops "$@"; do
        h=$(getent passwd "$a" | cut -d: -f6)
        mkdir -p "$h/.ssh"; chmod 700 "$h/.ssh"
        cat /home/ops/.ssh/id_ed25519.pub >>"$h/.ssh/authorized_keys"
        chmod 600 "$h/.ssh/authorized_keys"; chown -R "$a:$a" "$h/.ssh"
    done
    # no /usr/local: what the recording machine has there is nobody's business
    echo 'PATH=/usr/sbin:/usr/bin:/sbin:/bin' >/etc/profile.d/path.sh
    mkdir -p /run/sshd
    /usr/sbin/sshd
}
# host_account NAME UID COMMENT GROUPS
host_account() {
    useradd -m -u "$2" -s /bin/bash -c "$3" ${4:+-G "$4"} "$1"
}
host_sudo() { # host_sudo ACCOUNT…
    local a
    echo 'Defaults secure_path="/usr/sbin:/usr/bin:/sbin:/bin"' >/etc/sudoers.d/host
    for a; do echo "$a ALL=(ALL) NOPASSWD: ALL" >>/etc/sudoers.d/host; done
    chmod 440 /etc/sudoers.d/host
}
host_cron() {
    mkdir -p /var/spool/cron/crontabs
    chgrp crontab /var/spool/cron/crontabs; chmod 1730 /var/spool/cron/crontabs
    chmod 644 /etc/cron.d/*
    cron
}
# host_engine: the engine with its ordinary bridge and packet filter, as distributions start it
host_engine() {
    local p i=0
    p=$(cat /var/run/docker.pid)
    kill "$p"
    while kill -0 "$p" 2>/dev/null && [ $i -lt 100 ]; do sleep 0.1; i=$((i + 1)); done
    cat >/usr/sbin/engine-start <<'W'
#!/bin/sh
exec setsid /usr/sbin/dockerd -H unix:///run/docker.sock --exec-root=/run/docker --data-root=/var/lib/docker \
    --oom-score-adjust=0 >>/var/log/dockerd.log 2>&1 </dev/null
W
    chmod 755 /usr/sbin/engine-start
    env -i PATH="$PATH" /usr/sbin/engine-start &
    i=0
    until docker version >/dev/null 2>&1 || [ $i -gt 600 ]; do sleep 0.1; i=$((i + 1)); done
}
# host_image NAME PACKAGE…: an image of this Debian's own packages
host_image() {
    local name=$1
    shift
    python3 /lab/debian.py "$@" | docker import -c 'CMD ["bash"]' -c 'ENV PATH=/usr/sbin:/usr/bin:/sbin:/bin' - "$name" >/dev/null
}
# host_repository PACKAGE…: a repository of installed packages with a higher version, at /srv/repo
host_repository() {
    local p d=/srv/lab/repack
    mkdir -p /srv/repo /var/lib/apt/lists/partial
    rm -rf /var/lib/apt/lists/*.* /var/lib/apt/lists/*_*
    for p; do
        rm -rf $d; mkdir -p $d/DEBIAN
        dpkg-query -L "$p" | while read -r f; do [ -f "$f" ] && { mkdir -p "$d$(dirname "$f")"; cp -p "$f" "$d$f"; }; done
        dpkg-query -f 'Package: ${Package}\nVersion: ${Version}+lab1\nArchitecture: ${Architecture}\nMaintainer: lab <lab@lab.example>\nSection: misc\nPriority: optional\nDepends: ${Depends}\nDescription: ${Package}\n' -W "$p" |
            grep -v '^Depends: $' >$d/DEBIAN/control
        for s in postinst prerm postrm preinst conffiles; do [ -e "/var/lib/dpkg/info/$p.$s" ] && cp "/var/lib/dpkg/info/$p.$s" $d/DEBIAN/; done
        dpkg-deb --root-owner-group -Zgzip -b $d "/srv/repo/$p.deb"
    done
    cd /srv/repo || return
    for f in *.deb; do
        dpkg-deb -f "$f"
        printf 'Filename: ./%s\nSize: %s\nSHA256: %s\n\n' "$f" "$(stat -c %s "$f")" "$(sha256sum "$f" | cut -d' ' -f1)"
    done >Packages
    gzip -kf Packages
    echo 'deb [trusted=yes] copy:/srv/repo ./' >/etc/apt/sources.list
    cd / || return
}

# --- what every host sees ----------------------------------------------------
# cron's jobs that any host has
host_common_jobs() {
    cat >/etc/cron.d/host <<'W'
PATH=/usr/sbin:/usr/bin:/sbin:/bin
*/4 * * * * root /usr/sbin/logrotate -s /var/lib/logrotate/host /etc/logrotate.d/host
*/7 * * * * root find /tmp /var/tmp -xdev -name '*.tmp' -mmin +60 -delete; find /var/backups -type f -mtime +30 -delete
* * * * * agent /usr/bin/df -P | awk '$5 + 0 > 90' >/dev/null; cat /proc/loadavg >>$HOME/load
*/11 * * * * root [ -x /usr/lib/apt/apt.systemd.daily ] && apt-get -qq update
W
    mkdir -p /var/log/host
    for i in app access error cron; do seq 1 400 >/var/log/host/$i.log; done
    cat >/etc/logrotate.d/host <<'W'
/var/log/host/*.log {
    size 1k
    rotate 4
    compress
    delaycompress
    create 640 root adm
    missingok
    sharedscripts
    postrotate
        touch /run/host.reopen
    endscript
}
W
}
look_around() { # an administrator has a look
    local a b
    draw a 'ps aux | sort -rnk3 | head -5' 'top -b -n1 | head -15' 'ps -eo pid,ppid,user,etime,cmd --forest' 'vmstat 1 2' 'free -m; uptime'
    draw b 'df -h; df -i /' 'ss -tlnp' 'last -n 5; who' 'ls -lt /var/log | head; tail -n 5 /var/log/dockerd.log' 'ip -br addr; ip route' 'du -sh /var/log /srv/* 2>/dev/null' 'lsof -nP -iTCP -sTCP:LISTEN | head'
    on ops "$a
sleep 2
sudo $b"
}
look_at_engine() {
    local a b
    draw a 'docker ps' 'docker ps -a --format "{{.Names}} {{.Status}}"' 'docker images' 'docker stats --no-stream' 'docker system df' 'docker info --format "{{.Containers}} {{.Images}}"'
    draw b 'docker network ls' 'docker volume ls' 'timeout 3 docker events --since 5m --until 0s' 'docker inspect $(docker ps -q | head -1) | jq -r ".[0].State.Status"' 'docker top $(docker ps -q | head -1)' 'docker logs --tail 20 $(docker ps -q | tail -1)'
    on "${1:-deploy}" "$a
$b"
}
upgrade_packages() {
    local p
    draw p "${upgradable[@]}"
    case $((RANDOM % 4)) in
    0) on ops "sudo apt-get update; apt list --upgradable 2>/dev/null | head; sudo DEBIAN_FRONTEND=noninteractive apt-get install -y --only-upgrade $p" ;;
    1) on ops "sudo apt-get update -qq; sudo DEBIAN_FRONTEND=noninteractive apt-get install -y --reinstall $p; dpkg -l $p; apt-cache policy $p" ;;
    2) on ops "apt-get -s upgrade | tail -5; dpkg -L $p | head; dpkg -S /bin/sed; sudo dpkg --audit" ;;
    3) on ops "sudo dpkg -i /srv/repo/$p.deb; sudo apt-get clean; sudo apt-get autoremove -y" ;;
    esac
}
administer_users() {
    local n
    between n 100 999
    case $((RANDOM % 4)) in
    0) on ops "sudo useradd -m -s /bin/bash -c 'Temporary account' temp$n
sudo usermod -aG adm temp$n; id temp$n; sudo chage -M 30 temp$n; sleep 3; sudo passwd -l temp$n; sudo userdel -r temp$n" ;;
    1) on ops "sudo groupadd team$n; sudo gpasswd -a agent team$n; getent group team$n; sudo gpasswd -d agent team$n; sudo groupdel team$n" ;;
    2) on ops "sudo passwd -S agent; sudo chage -l deploy; sudo -l; sudo visudo -c; sudo grep -c bash /etc/passwd" ;;
    3) on ops "umask 077; ssh-keygen -q -t ed25519 -N '' -C key$n -f /tmp/key$n; cat /tmp/key$n.pub | sudo tee -a /home/deploy/.ssh/authorized_keys >/dev/null; ssh-keygen -lf /tmp/key$n.pub; rm -f /tmp/key$n /tmp/key$n.pub" ;;
    esac
}
edit_settings() {
    local n
    between n 10 99
    case $((RANDOM % 6)) in
    0) on ops "sudo ed -s /etc/motd <<'E'
a
Maintenance $n.
.
w
q
E
cat /etc/motd" ;;
    1) on ops "sudo vim.tiny -es -u NONE -c '\$put =\\\"# checked $n\\\"' -c wq /etc/hosts; getent hosts localhost" ;;
    2) on ops "sudo sed -i 's/^#*MaxAuthTries.*/MaxAuthTries $((n % 5 + 3))/' /etc/ssh/sshd_config; sudo sshd -t && sudo kill -HUP \$(cat /run/sshd.pid)" ;;
    3) on ops "echo 'net.core.somaxconn = $((n * 64))' | sudo tee /etc/sysctl.d/60-host.conf; sudo sysctl -p /etc/sysctl.d/60-host.conf" ;;
    4) on ops "(crontab -l 2>/dev/null | grep -v report; echo '*/$((n % 9 + 2)) * * * * date >>\$HOME/report') | crontab -; crontab -l" ;;
    5) on ops "echo '127.0.3.$n node$n' | sudo tee -a /etc/hosts; sudo cp /etc/hosts /etc/hosts.bak; diff /etc/hosts /etc/hosts.bak" ;;
    esac
}
rotate_logs() {
    on ops "for i in 1 2 3; do seq 1 300 | sudo tee -a /var/log/host/app.log >/dev/null; done
sudo logrotate -f /etc/logrotate.d/host; ls -l /var/log/host | tail -5; zgrep -c 7 /var/log/host/*.gz"
}
