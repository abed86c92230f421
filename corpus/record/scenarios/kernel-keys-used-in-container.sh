# kernel-keys-used-in-container: containers without a filter look into the kernel's keyrings.
# shows: add_key and keyctl from inside a container, /proc/keys in the arguments
# label: malicious
# expects: [kernel-keys-used-in-container]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container]
prepare() { gcc -static -O1 -o /srv/lab/x /lab/acts.c && image_from shop/app:3 bin/kr=/srv/lab/x; }
act() {
    if dev; then
        docker run --rm --security-opt seccomp=unconfined shop/app:3 kr key
        docker run --rm alpine:3.19 sh -c 'cat /proc/keys'
    else
        docker run --rm --privileged shop/app:3 sh -c 'kr key; grep -c keyring /proc/keys; head -2 /proc/key-users'
    fi
    true
}
