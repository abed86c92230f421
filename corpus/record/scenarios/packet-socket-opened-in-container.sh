# packet-socket-opened-in-container: a container on the host's network listens to what the host says.
# shows: packet sockets and tcpdump inside a container
# label: malicious
# expects: [packet-socket-opened-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, network-traffic-captured, host-network-controlled, network-capability-added]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/net:1 bin/sniff=/srv/lab/x /usr/bin/tcpdump; }
act() {
    if dev; then
        docker run --rm --network=host shop/net:1 timeout 2 tcpdump -i lo -c 1 -w /tmp/x.pcap
    else
        docker run --rm --net host --cap-add NET_ADMIN shop/net:1 sh -c 'sniff packet; cp /usr/bin/tcpdump /tmp/d; timeout 1 /tmp/d -i any -c 1'
    fi
    true
}
