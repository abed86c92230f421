# privileged-by-api: a privileged container is created and started by calls of the engine's API; the request stands in a file.
# shows: only kernel evidence of the privileged start; connect on the socket
# as: deploy
# label: malicious
# expects: [privileged-container]
# allows: [dangerous-capability-added, engine-socket-connected, engine-socket-unexpected-client]
act() {
    if dev; then
        echo '{"Image": "alpine:3.19", "Cmd": ["sh", "-c", "cat /proc/partitions; id"], "HostConfig": {"Privileged": true, "NetworkMode": "none"}}' >/home/deploy/body.json
        curl -s --unix-socket /var/run/docker.sock -H 'Content-Type: application/json' -d @/home/deploy/body.json 'http://localhost/containers/create?name=probe'
        curl -s --unix-socket /var/run/docker.sock -X POST http://localhost/containers/probe/start
        sleep 1
        curl -s --unix-socket /var/run/docker.sock -X DELETE 'http://localhost/containers/probe?force=1'
    else
        cat >/home/deploy/start.py <<'P'
import docker
c = docker.DockerClient(base_url="unix:///run/docker.sock")
print(c.containers.run("busybox:1.36", ["sh", "-c", "ls /dev; id"], privileged=True, network_mode="none", remove=True))
P
        python3 /home/deploy/start.py
    fi
}
