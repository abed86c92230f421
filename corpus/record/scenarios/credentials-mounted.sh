# credentials-mounted: containers are given the files in which tools keep their credentials, an agent's socket, and the socket of the host's bus.
# shows: mounts in the request, and the runtime's binds with their sources
# as: deploy
# label: malicious
# expects: [credentials-mounted, system-bus-mounted]
# allows: [sensitive-mount-ro, sensitive-mount-rw, engine-socket-connected, engine-socket-unexpected-client]
prepare() {
    mkdir -p /home/deploy/.aws /home/deploy/.kube /run/dbus /tmp/ssh-Ab12; echo '[default]' >/home/deploy/.aws/credentials; echo 'kind: Config' >/home/deploy/.kube/config
    for s in /run/dbus/system_bus_socket /tmp/ssh-Ab12/agent.42; do
        [ -e $s ] || python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' $s
    done
    chown -R deploy /home/deploy/.aws /home/deploy/.kube
}
act() {
    if dev; then
        docker run --rm -v /home/deploy/.aws:/a:ro alpine:3.19 cat /a/credentials
        docker run --rm -v /tmp/ssh-Ab12/agent.42:/agent -e SSH_AUTH_SOCK=/agent alpine:3.19 ls -l /agent
        docker run --rm -v /var/run/dbus/system_bus_socket:/b alpine:3.19 ls -l /b
    else
        docker run --rm --mount type=bind,source=/home/deploy/.kube/config,target=/k,readonly busybox:1.36 sh -c 'wc -c </k'
        python3 - <<'P'
import docker
c = docker.DockerClient(base_url="unix:///run/docker.sock")
print(c.containers.run("busybox:1.36", "ls /d", volumes={"/run/dbus": {"bind": "/d", "mode": "ro"}, "/home/deploy/.aws": {"bind": "/w", "mode": "rw"}}, network_mode="none", remove=True))
P
    fi
    true
}
restore() { rm -rf /home/deploy/.aws /home/deploy/.kube /tmp/ssh-Ab12 /run/dbus/system_bus_socket; }
