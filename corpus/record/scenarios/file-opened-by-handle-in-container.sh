# file-opened-by-handle-in-container: a container with CAP_DAC_READ_SEARCH opens the host's files by their numbers.
# shows: open_by_handle_at from inside a container
# label: malicious
# expects: [file-opened-by-handle-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, sensitive-mount-ro]
prepare() { gcc -static -O1 -o /srv/lab/shocker /lab/acts.c && image_from shop/index:1 bin/shk=/srv/lab/shocker; }
act() {
    if dev; then
        docker run --rm --cap-add DAC_READ_SEARCH shop/index:1 shk handle /etc/hosts
    else
        docker run --rm --privileged -v /var/lib/docker:/d:ro shop/index:1 sh -c 'shk handle /d; shk handle /etc/resolv.conf'
        docker run --rm shop/index:1 shk handle /etc/hostname
    fi
    true
}
