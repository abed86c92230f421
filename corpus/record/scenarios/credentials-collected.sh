# credentials-collected: on a host hashes, keys, log-ins of engine, cloud and cluster, histories and another's memory are read and packed.
# shows: the files in the arguments of ordinary tools, their copies written
# label: malicious
# expects: [password-hashes-read, ssh-private-keys-read, engine-credentials-read, cloud-credentials-read, shell-history-read, cluster-store-read, process-memory-dumped]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, secrets-searched, environment-of-others-read, data-sent-out]
prepare() {
    mkdir -p /root/.docker /root/.aws /root/.kube /home/ops/.ssh /var/lib/etcd/member/snap /etc/kubernetes
    echo '{"auths":{}}' >/root/.docker/config.json; echo '[default]' >/root/.aws/credentials; echo 'apiVersion: v1' >/etc/kubernetes/admin.conf
    echo ls >/root/.bash_history; echo x >/home/ops/.git-credentials; echo db >/var/lib/etcd/member/snap/db
    ssh-keygen -q -t ed25519 -N '' -f /home/ops/.ssh/id_ed25519 <<<n; ssh-keygen -q -t rsa -N '' -f /root/.ssh/id_rsa <<<n
}
act() {
    sleep 30 & p=$!
    if dev; then
        cat /etc/shadow >/dev/null
        cat /root/.ssh/id_rsa | wc -c
        cat /root/.docker/config.json /root/.aws/credentials
        grep -i pass /root/.bash_history
        strings /var/lib/etcd/member/snap/db 2>/dev/null || cat /var/lib/etcd/member/snap/db
        sh -c "dd if=/proc/$p/mem of=/dev/null bs=1 count=1 skip=65536"
    else
        mkdir -p /tmp/st
        cp /etc/shadow /tmp/st/s; base64 -w0 /home/ops/.ssh/id_ed25519 >/tmp/st/k
        sh -c 'find / -xdev -name id_rsa 2>/dev/null | head -3'
        sh -c 'tar c /etc/kubernetes/admin.conf 2>/dev/null | wc -c; head -1 /home/ops/.git-credentials'
        sh -c 'cat ~/.bash_history | grep -e ssh -e pass'
        cp /var/lib/etcd/member/snap/db /tmp/st/e
        gcore -o /tmp/st/c "$p" || sh -c "head -c 1 /proc/$p/mem"
        rm -rf /tmp/st
    fi
    kill $p
    true
}
restore() { rm -rf /root/.docker /root/.aws /var/lib/etcd /etc/kubernetes /root/.bash_history /root/.ssh/id_rsa* /home/ops/.git-credentials; }
