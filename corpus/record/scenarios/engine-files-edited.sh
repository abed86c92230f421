# engine-files-edited: what the engine keeps of a container is changed past it: its settings, and a program in its layer.
# shows: writes below /var/lib/docker by a shell and editors
# label: malicious
# expects: [container-configuration-edited, image-layer-tampered]
# allows: [engine-socket-connected]
prepare() { docker create --name kept alpine:3.19 sleep 60; }
act() {
    id=$(docker inspect -f '{{.Id}}' kept)
    up=$(docker inspect -f '{{.GraphDriver.Data.UpperDir}}' kept)
    if dev; then
        sed -i 's/"Privileged":false/"Privileged":true/' "/var/lib/docker/containers/$id/hostconfig.json"
        printf '#!/bin/sh\nid >/tmp/id\n' >"$up/entry.sh"
        cp /usr/bin/busybox "$up/su"
    else
        python3 - "/var/lib/docker/containers/$id/hostconfig.json" <<'P'
import json, sys
c = json.load(open(sys.argv[1]))
c["Binds"] = ["/:/host"]
json.dump(c, open(sys.argv[1], "w"))
P
        tee "$up/cron" <<<'* * * * * true'
        mv "$up/cron" "$up/crontab"
    fi
    true
}
restore() { docker rm -f kept; }
