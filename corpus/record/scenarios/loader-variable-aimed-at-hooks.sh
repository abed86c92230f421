# loader-variable-aimed-at-hooks: a container's environment names a library in the working directory of whoever loads it, for
#   hooks of the runtime that take the environment over.
# shows: the variables in the arguments
# as: deploy
# label: malicious
# expects: [loader-variable-aimed-at-hooks]
# allows: [privileged-container, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, engine-socket-connected, command-executed-in-container, shell-opened-in-container, preload-given-to-container]
act() {
    if dev; then
        docker run --rm -e LD_PRELOAD=/proc/self/cwd/poc.so alpine:3.19 id
    else
        mkdir -p ctx
        sh -c 'printf "FROM busybox:1.36\nENV LD_AUDIT=/proc/self/cwd/a.so\nCMD [\"id\"]\n" >ctx/Dockerfile'
        docker run --rm --env=LD_AUDIT=/proc/self/cwd/a.so --env NVIDIA_VISIBLE_DEVICES=all busybox:1.36 true
    fi
    true
}
