# container-explored-by-tools: in a container tools list the ways out; setuid programs, credentials and the environment of others are searched for.
# shows: names and verbs of the tools, many looks within two minutes, searches over the whole system
# outcome: programs of the tools' names that list nothing
# label: malicious
# expects: [enumeration-tool-run, container-surroundings-explored, setuid-programs-searched, secrets-searched, environment-of-others-read, mounted-secrets-collected]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, password-hashes-read, ssh-private-keys-read, cloud-credentials-read, engine-credentials-read, shell-history-read]
prepare() {
    . /lab/stand_ins.sh
    stand_in /srv/lab/worker
    image_from shop/orders:3 tmp/cdk_linux_amd64=/srv/lab/worker tmp/deepce.sh=/srv/lab/worker opt/amicontained=/srv/lab/worker
    mkdir -p /srv/secrets; echo s3cret >/srv/secrets/db; echo k >/srv/secrets/api
}
act() {
    docker run -d --name orders -v /srv/secrets:/run/secrets:ro shop/orders:3 sleep 60
    if dev; then
        docker exec orders sh -c 'cat /proc/1/cgroup; ls -la /.dockerenv; grep Cap /proc/self/status; mount; ps; id'
        docker exec orders /tmp/deepce.sh --no-network
        docker exec orders find / -perm -4000 -type f
        docker exec orders sh -c 'grep -rn -i password /etc; cat /run/secrets/* >/tmp/o'
        docker exec orders sh -c 'for p in 1 7; do cat /proc/1/environ; done'
    else
        docker exec orders sh -c 'cat /proc/self/mountinfo >/dev/null; cat /proc/1/status >/dev/null; stat /.dockerenv; lsblk; uname -a; env; df'
        docker exec orders /tmp/cdk_linux_amd64 evaluate --full
        docker exec orders /opt/amicontained
        docker exec orders sh -c 'find / -perm -u=s 2>/dev/null | head'
        docker exec orders find /etc /root -name '*.pem' -o -name 'id_rsa' -o -name '.env'
        docker exec orders sh -c 'tar c /run/secrets | wc -c; strings /proc/1/environ'
    fi
    docker rm -f orders
    true
}
restore() { docker rmi shop/orders:3; rm -rf /srv/secrets; }
