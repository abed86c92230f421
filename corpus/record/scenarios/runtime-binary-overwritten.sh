# runtime-binary-overwritten: an image waits for an exec into it, to write the runtime's program while that enters.
# shows: /proc/self/exe and other programs opened for writing in a container, a script that is started by /proc/self/exe
# outcome: failure: the runtime runs from a sealed copy, and a program that runs cannot be written
# label: malicious
# expects: [runtime-binary-overwritten]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, system-program-replaced]
prepare() {
    gcc -static -O1 -o /srv/lab/entry /lab/acts.c && image_from shop/metrics:2 bin/entry=/srv/lab/entry
}
act() {
    if dev; then
        docker run -d --name met shop/metrics:2 sh -c 'rm /bin/sh; printf "#!/proc/self/exe\n" >/bin/sh; chmod 755 /bin/sh; exec sleep 20'
        docker exec met /bin/sh -c id
        docker exec met entry exe
    else
        docker run -d --name met --cap-add SYS_PTRACE shop/metrics:2 sleep 20
        docker exec -d met sh -c 'i=0; while [ $i -lt 3 ]; do entry exe; i=$((i + 1)); sleep 0.2; done'
        docker exec met /proc/self/exe true
        docker exec met sh -c 'echo x >/proc/$$/exe'
    fi
    docker rm -f met
    true
}
