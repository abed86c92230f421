# mount-propagation-shared: a folder is shared with a container so that what it mounts there lies on the host as well; a file system is laid over a folder of the host's services.
# shows: the option; the runtime makes the bind a shared mount; the mount from inside
# as: deploy
# label: malicious
# expects: [mount-propagation-shared]
# allows: [dangerous-capability-added, privileged-container, container-confinement-disabled, engine-socket-connected]
prepare() { mkdir -p /srv/share/web; mount --bind /srv/share /srv/share; mount --make-shared /srv/share; }
act() {
    if dev; then
        docker run --rm --cap-add SYS_ADMIN --security-opt apparmor=unconfined -v /srv/share:/mnt:rshared alpine:3.19 \
            sh -c 'mount -t tmpfs none /mnt/web && echo taken >/mnt/web/index.html'
        cat /srv/share/web/index.html
    else
        docker run --rm --privileged --mount type=bind,source=/srv/share,target=/s,bind-propagation=shared busybox:1.36 \
            sh -c 'mkdir -p /s/units && mount -t tmpfs -o size=1m t /s/units && touch /s/units/x.service'
        ls /srv/share/units
    fi
    true
}
restore() { umount /srv/share/web /srv/share/units 2>/dev/null; umount /srv/share; rm -rf /srv/share; }
