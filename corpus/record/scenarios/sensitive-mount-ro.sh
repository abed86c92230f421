# sensitive-mount-ro: folders of the host are mounted read-only and their secrets read.
# shows: the request in the command line; the kernel shows the bind and, later, its read-only remount
# label: malicious
# expects: [sensitive-mount-ro]
# allows: [engine-socket-connected, password-hashes-read]
act() {
    if dev; then
        docker run --rm -v /etc:/host/etc:ro alpine:3.19 sh -c 'head -2 /host/etc/shadow; cat /host/etc/hostname'
        docker run --rm -v /root/.ssh:/k:ro alpine:3.19 cat /k/authorized_keys
    else
        docker run --rm --mount type=bind,source=/root/.ssh,target=/s,readonly busybox:1.36 tar c -C /s . | wc -c
        docker run --rm --mount type=bind,src=/etc,dst=/e,ro=true redis:7 sh -c 'grep -c . /e/shadow /e/passwd'
    fi
    true
}
