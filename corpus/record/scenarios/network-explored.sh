# network-explored: from a container ports and hosts are tried, passwords guessed and neighbours logged in to; the network is listened to.
# shows: connections to many ports, the arguments of scanners, rows of log-ins
# outcome: programs of the tools' names that try nothing, but for the scan by netcat, which is real
# label: malicious
# expects: [network-scanned, passwords-guessed, network-traffic-captured, remote-login-from-container]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, packet-socket-opened-in-container, engine-api-called-over-tcp]
prepare() {
    . /lab/stand_ins.sh
    outside 172.17.0.1; answer 22; answer 8080; stand_in /srv/lab/worker
    image_from shop/cart:5 bin/nmap=/srv/lab/worker bin/masscan=/srv/lab/worker bin/hydra=/srv/lab/worker bin/sshpass=/srv/lab/worker /usr/bin/ssh bin/tcpdump=/srv/lab/worker bin/tshark=/srv/lab/worker
}
act() {
    docker run -d --name cart --network host shop/cart:5 sleep 90
    if dev; then
        docker exec cart sh -c 'for p in 21 22 23 25 53 80 110 143 443 445 2375 3306 5432 6379 8080 9200; do nc -z -w 1 172.17.0.1 $p && echo $p; done'
        docker exec cart nmap -sS -p 1-1024 172.17.0.0/24
        docker exec cart hydra -l root -P /tmp/p ssh://172.17.0.1
        docker exec cart tcpdump -i any -w /tmp/c.pcap
        docker exec cart ssh -o StrictHostKeyChecking=no -o ConnectTimeout=2 ops@172.17.0.1 id
    else
        docker exec cart masscan 172.17.0.0/16 -p2375,6379,10250 --rate 1000
        docker exec cart sh -c 'for i in $(seq 1 12); do nc -z -w 1 172.17.0.1 $((8070 + i)); done; true'
        docker exec cart sh -c 'for p in root toor admin 123456 password shop redis; do sshpass -p $p ssh root@172.17.0.1 true; done'
        docker exec cart tshark -i lo -Y http.authbasic
        docker exec cart sh -c 'ssh -oBatchMode=yes -oConnectTimeout=2 root@172.17.0.1 uname'
    fi
    docker rm -f cart
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; docker rmi shop/cart:5; }
