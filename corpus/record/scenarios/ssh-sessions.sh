# ssh-sessions: an account logs in by ssh, runs commands, copies files.
# shows: sshd's sessions with their own login ids, CRED and USER records, privilege separation
# as: deploy
# dataset: everyday
# label: benign
prepare() {
    su -s /bin/sh deploy -c 'mkdir -p -m 700 ~/.ssh; [ -e ~/.ssh/id_ed25519 ] || ssh-keygen -q -t ed25519 -N "" -C deploy -f ~/.ssh/id_ed25519'
    mkdir -p -m 700 /home/ops/.ssh
    cp /home/deploy/.ssh/id_ed25519.pub /home/ops/.ssh/authorized_keys
    chown -R ops /home/ops/.ssh
    /usr/sbin/sshd
}
act() {
    o='-o StrictHostKeyChecking=no -o BatchMode=yes'
    # shellcheck disable=SC2086
    if dev; then
        ssh $o ops@localhost 'uptime; df -h /; ls /var/log'
        scp $o /etc/hosts ops@localhost:/home/ops/hosts.copy
        ssh $o ops@localhost 'sort /home/ops/hosts.copy; rm /home/ops/hosts.copy'
        ssh $o nobody-here@localhost true
    else
        ssh $o -l ops 127.0.0.1 'free; cat /etc/os-release'
        tar c -C /etc/ssh moduli | ssh $o ops@127.0.0.1 'tar t'
        ssh $o ops@127.0.0.1 'for i in 1 2 3; do date; ps; done'
        ssh $o -o PubkeyAuthentication=no ops@localhost true
    fi
    true
}
restore() { kill "$(cat /run/sshd.pid)"; }
