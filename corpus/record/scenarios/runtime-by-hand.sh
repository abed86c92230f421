# runtime-by-hand: containers are run and entered around the engine: by runc itself and by containerd's client.
# shows: exec of runc and ctr by a session; no event of the engine
# label: malicious
# expects: [runtime-used-by-hand, containerd-used-by-hand]
# allows: [privileged-container, dangerous-capability-added, engine-socket-connected, engine-socket-unexpected-client, host-namespaces-shared, container-memory-checkpointed]
prepare() { mkdir -p /srv/lab/b/rootfs; c=$(docker create alpine:3.19); docker export "$c" | tar -C /srv/lab/b/rootfs -x; docker rm "$c"; docker run -d --name box alpine:3.19 sleep 120; }
act() {
    cd /srv/lab/b || return
    id=$(docker ps -q --no-trunc --filter name=box)
    if dev; then
        runc spec
        sed -i 's/"terminal": true/"terminal": false/; s/"sh"/"id"/' config.json
        runc run --bundle /srv/lab/b x1
        ctr --address /run/docker/containerd/containerd.sock -n moby task exec --exec-id s1 "$id" id
    else
        runc spec --bundle /srv/lab/b
        python3 -c 'import json; c = json.load(open("config.json")); c["process"].update(terminal=False, args=["ls", "/"]); json.dump(c, open("config.json", "w"))'
        runc --root /run/hidden run -b . worker
        runc --root /run/docker/runtime-runc/moby exec "$id" cat /etc/hostname
        ctr -a /run/docker/containerd/containerd.sock --namespace=moby tasks exec --exec-id=s2 "$id" ps
    fi
    true
}
restore() { docker rm -f box; rm -rf /srv/lab/b /run/hidden; }
