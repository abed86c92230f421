# backup: configuration and data are archived, copied and checked.
# shows: archives written below /var/backups, copies with their owners and modes
# dataset: everyday
# label: benign
act() {
    mkdir -p /var/backups/host
    if dev; then
        tar czf /var/backups/host/etc.tgz -C / etc
        tar tzf /var/backups/host/etc.tgz | wc -l
        cp -a /etc/ssh /var/backups/host/ssh
        sha256sum /var/backups/host/etc.tgz >/var/backups/host/SHA256SUMS
        docker run --rm -v shopdata:/data alpine:3.19 sh -c 'echo 1 >/data/one; tar c -C /data .' >/var/backups/host/shopdata.tar
    else
        find /etc -newer /etc/hostname -type f -print0 | tar --null -czf /var/backups/host/changed.tgz -T -
        cp -a /etc/cron.d /etc/pam.d /var/backups/host/
        docker run --rm --mount source=blogdata,target=/var/data busybox:1.36 sh -c 'date >/var/data/d; tar cz -C /var/data .' >/var/backups/host/blog.tgz
        gzip -t /var/backups/host/blog.tgz
        find /var/backups/host -mtime +30 -delete
    fi
    true
}
restore() { rm -rf /var/backups/host; docker volume prune -f; }
