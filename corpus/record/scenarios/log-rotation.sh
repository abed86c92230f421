# log-rotation: logrotate rotates and compresses logs.
# shows: renames, creates and deletes below /var/log
# dataset: everyday
# label: benign
prepare() {
    mkdir -p /var/log/shop
    for i in 1 2 3 4 5 6; do seq 1 2000 >/var/log/shop/app$i.log; done
    cat >/etc/logrotate.d/shop <<'P'
/var/log/shop/*.log {
    rotate 3
    compress
    create 640 root adm
    missingok
    postrotate
        touch /run/shop.reopen
    endscript
}
P
}
act() {
    if dev; then
        logrotate -f /etc/logrotate.d/shop
        logrotate -f -s /var/lib/logrotate/status /etc/logrotate.conf
    else
        /etc/cron.daily/logrotate
        logrotate --force --verbose /etc/logrotate.d/shop
        seq 1 500 >/var/log/shop/app1.log
        logrotate --force /etc/logrotate.d/shop
    fi
    true
}
