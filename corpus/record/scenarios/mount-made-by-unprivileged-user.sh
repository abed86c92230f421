# mount-made-by-unprivileged-user: an ordinary user of the host makes a user namespace and mounts file systems in it, as
#   exploits of file systems begin.
# shows: unshare and mount by a user that is not root
# as: ops
# label: malicious
# expects: [mount-made-by-unprivileged-user]
prepare() { gcc -static -O1 -o /usr/local/bin/fsx /lab/acts.c; }
act() {
    if dev; then
        unshare -rm sh -c 'mount -t tmpfs x /mnt && mount -t overlay o -o lowerdir=/etc,upperdir=/mnt,workdir=/mnt /srv; ls /mnt'
        unshare -Ur -m mount -t proc none /mnt
    else
        cp /usr/local/bin/fsx "$HOME/.x" && "$HOME/.x" fsopen
        unshare --user --map-root-user --mount bash -c 'mount -t tmpfs none /tmp; findmnt /tmp'
    fi
    true
}
