# lxd-container-given-host-disk: somebody of the group lxd makes a privileged container with the host's root as a disk.
# shows: the client's arguments
# outcome: the client is a stand-in that does nothing: no LXD or Incus runs here
# as: deploy
# label: malicious
# expects: [lxd-container-given-host-disk]
prepare() { cp /usr/bin/true /usr/bin/lxc; cp /usr/bin/true /usr/bin/incus; }
act() {
    if dev; then
        lxc init alpine up -c security.privileged=true
        lxc config device add up root disk source=/ path=/mnt/root recursive=true
        lxc start up
        lxc exec up /bin/sh
    else
        incus launch images:alpine/3.19 t1 --config=security.privileged=1
        sh -c 'incus config device add t1 d0 disk source="/" path=/r && incus exec t1 -- chroot /r id'
    fi
    true
}
restore() { rm -f /usr/bin/lxc /usr/bin/incus; }
