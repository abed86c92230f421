# sensitive-copies: the engine's copy reads password files and plants keys, and shells are opened in a running container.
# shows: docker cp and exec by their words
# as: deploy
# label: malicious
# expects: [sensitive-file-copied-with-engine, files-copied-with-engine, shell-opened-in-container, command-executed-in-container]
# allows: [engine-socket-connected, host-root-mount, socket-parent-mount, password-hashes-read]
prepare() { docker run -d --name app alpine:3.19 sleep 120; docker exec app sh -c 'mkdir -p /root/.ssh; echo x:y >/etc/shadow'; }
act() {
    cd /home/deploy || return
    if dev; then
        docker cp app:/etc/shadow s.txt
        echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHtest key' >k.pub
        docker cp k.pub app:/root/.ssh/authorized_keys
        echo 'id; ls /root' | docker exec -i app sh
    else
        docker container cp app:/root/.ssh ./keys
        docker cp /etc/hostname app:/etc/cron.d
        docker exec --interactive --user=root app /bin/sh <<<'cat /etc/shadow'
    fi
    rm -rf s.txt k.pub keys
    true
}
restore() { docker rm -f app; }
