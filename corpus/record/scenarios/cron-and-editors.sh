# cron-and-editors: cron runs jobs of root and of an account; files below /etc are edited with common editors.
# shows: sessions opened by cron, writes and renames of files in /etc by editors and sed -i
# dataset: everyday
# label: benign
# allows: [cron-table-changed]
prepare() {
    mkdir -p /var/spool/cron/crontabs
    chgrp crontab /var/spool/cron/crontabs 2>/dev/null; chmod 1730 /var/spool/cron/crontabs
    echo '* * * * * root find /tmp -name "*.tmp" -mtime +7 -delete' >/etc/cron.d/tidy
    chmod 644 /etc/cron.d/tidy
    cron
}
act() {
    if dev; then
        echo '* * * * * df -h >$HOME/df.txt; date >>$HOME/df.txt' | crontab -u ops -
        ed -s /etc/motd <<'P'
a
Maintenance on Sunday.
.
w
q
P
        vim.tiny -es -u NONE -c '$put =\"# checked\"' -c wq /etc/hosts
        sed -i 's/^#\?MaxAuthTries.*/MaxAuthTries 4/' /etc/ssh/sshd_config
        echo 'vm.swappiness = 10' >/etc/sysctl.d/60-lab.conf
    else
        printf '*/1 * * * * ls -l /var/log | wc -l >$HOME/count\n' >/tmp/tab && crontab -u deploy /tmp/tab && rm /tmp/tab
        crontab -u deploy -l
        perl -pi.bak -e 's/^X11Forwarding.*/X11Forwarding no/' /etc/ssh/sshd_config
        vim.tiny -es -u NONE -c '%s/Sunday/Monday/e' -c 'wq!' /etc/motd
        echo '127.0.2.1 build' | tee -a /etc/hosts
        python3 -c 'p = "/etc/issue"; t = open(p).read(); open(p, "w").write(t + "Authorized use only\n")'
    fi
    sleep 62
}
restore() { kill "$(cat /run/crond.pid)"; }
