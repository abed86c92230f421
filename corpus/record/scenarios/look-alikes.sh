# look-alikes: ordinary work that looks like attacks: health checks, waits for ports, installers, encoded settings, searches, keys, backups, cleaned images.
# shows: curl, nc -z, base64, find, chmod, gpg, tar, touch and package managers at their daily work
# dataset: everyday
# label: benign
# allows: [engine-socket-connected, command-executed-in-container, shell-opened-in-container, remote-script-piped-to-interpreter, package-manager-run-in-container, host-group-joined, cron-table-changed, service-entry-written]
prepare() {
    . /lab/stand_ins.sh
    answer 5432; mkdir -p /srv/www; echo 'echo installed' >/srv/www/install.sh; echo ok >/srv/www/health; serve /srv/www 8082
    mkdir -p /srv/app /srv/data
}
act() {
    if dev; then
        sh -c 'until (echo >/dev/tcp/127.0.0.1/5432) 2>/dev/null; do break; done'
        curl -fs http://127.0.0.1:8082/health
        sh -c 'curl -fsSL http://127.0.0.1:8082/install.sh -o /srv/app/install.sh && sh /srv/app/install.sh'
        sh -c 'echo cGFzcw== | base64 -d >/srv/app/secret'
        docker run --rm alpine:3.19 sh -c 'id; cat /etc/os-release; nc -z -w 1 127.0.0.1 80; cat /proc/meminfo | head -1; exec true'
        find /srv -type f -perm 644 -name '*.sh'
        grep -rn password /srv/app
        ssh-keygen -q -t ed25519 -N '' -f /srv/app/key; chmod 600 /srv/app/key; cat /srv/app/key.pub
        tar czf /srv/data/etc.tgz /etc/hosts /etc/passwd
        gpg --batch --yes --passphrase x --symmetric -o /srv/data/etc.tgz.gpg /srv/data/etc.tgz || openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -in /srv/data/etc.tgz -out /srv/data/etc.tgz.enc
        chmod g+s /srv/data; touch -d yesterday /srv/app/stamp
        ps aux | grep -c sh
    else
        timeout 5 bash -c 'exec 3<>/dev/tcp/127.0.0.1/8082; printf "GET /health HTTP/1.0\r\n\r\n" >&3; cat <&3'
        sh -c 'curl -s http://127.0.0.1:8082/health | grep ok'
        sh -c 'wget -q -O /srv/app/i.sh http://127.0.0.1:8082/install.sh 2>/dev/null || busybox wget -q -O /srv/app/i.sh http://127.0.0.1:8082/install.sh; bash /srv/app/i.sh'
        sh -c 'printf "%s" eyJhIjoxfQ== | base64 --decode | python3 -m json.tool'
        docker run --rm busybox:1.36 sh -c 'hostname; df; cat /etc/resolv.conf; test -f /etc/passwd && echo up'
        find /var/log -name '*.gz' -mtime +30 -delete
        sh -c 'rm -rf /var/lib/apt/lists/* /tmp/build-*; apt-get clean'
        cp -a /etc/pam.d /srv/data/; tar cf /srv/data/b.tar -C /srv/app .
        find /srv/data -name '*.tar' -mtime +7 -delete
        systemctl status cron; crontab -l
        sh -c 'mkdir -p ~/.ssh && chmod 700 ~/.ssh'; chmod 2775 /srv/data
        rsync --version >/dev/null 2>&1; dd if=/dev/zero of=/srv/data/swap bs=1024 count=64
    fi
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; rm -rf /srv/app /srv/data; }
