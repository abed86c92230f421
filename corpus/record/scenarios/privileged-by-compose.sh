# privileged-by-compose: docker-compose starts a privileged service; no command line of docker shows it.
# shows: only the runtime's CAPSET and mounts; a manifest is written before
# as: deploy
# label: malicious
# expects: [privileged-container]
# allows: [dangerous-capability-added, engine-socket-connected, engine-socket-unexpected-client]
act() {
    mkdir -p /home/deploy/"$(pick tools agent-stack)"
    cd /home/deploy/"$(pick tools agent-stack)" || return
    if dev; then
        cat >docker-compose.yml <<'P'
version: "2.4"
services:
  probe:
    image: alpine:3.19
    privileged: true
    network_mode: none
    command: sh -c "id; cat /proc/partitions; sleep 2"
P
        docker-compose up -d
        sleep 1
        docker-compose down
    else
        cat >stack.yaml <<'P'
version: "2.4"
services:
  collector:
    image: busybox:1.36
    network_mode: none
    privileged: yes
    command: [sh, -c, "cat /proc/self/status; ls -l /dev"]
P
        docker-compose -f stack.yaml run --rm collector
        docker-compose -f stack.yaml down
    fi
    true
}
