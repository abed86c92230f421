# podman-at-work: an operator builds an image with podman, runs it with volumes and limits, looks after it, makes a pod and tidies up.
# shows: podman, conmon and the runtime at ordinary work; the folders of podman's storage
# dataset: everyday
# label: benign
# allows: [command-executed-in-container, image-built-on-host, files-copied-with-engine, image-exported, volumes-deleted]
prepare() { podman_prepare alpine:3.19 redis:7 shop/web:2.3; }
act() {
    local w
    w=$(mktemp -d /srv/build.XXXXXX)
    printf 'FROM shop/web:2.3\nCOPY page.html /srv/page.html\nRUN echo built >/etc/issue\nENV STAGE=test\nCMD ["sh", "-c", "while :; do sleep 1; done"]\n' >"$w/Containerfile"
    echo '<p>shop</p>' >"$w/page.html"
    podman volume create pages
    if dev; then
        podman build -t shop/web:2.4 "$w"
        podman run -d --name web --memory 128m --read-only --cap-drop all --security-opt no-new-privileges -v pages:/data shop/web:2.4
        podman exec web cat /srv/page.html
        podman ps -a
        podman logs web
        podman inspect web | head -20
        podman stats --no-stream web
        podman cp web:/srv/page.html "$w/copy.html"
        podman stop -t 1 web
        podman rm web
        podman save -o "$w/web.tar" shop/web:2.4
    else
        podman build --tag shop/web:2.5 --file "$w/Containerfile" --no-cache "$w"
        podman pod create --name shop --infra=false
        podman run --detach --pod shop --name cache --volume "$w:/srv/pages:ro" --env STAGE=test --user 1000:1000 redis:7 sleep 60
        podman run --rm --pod shop --volume pages:/data:rw shop/web:2.5 sh -c 'cp /srv/page.html /data/; ls -l /data'
        podman pod ps
        podman top cache
        podman generate systemd --name cache | head -30
        podman generate kube cache | head -30
        podman healthcheck run cache
        podman pod rm -f shop
        podman system df
    fi
    podman image prune -f
    podman volume rm -f pages
    rm -r "$w"
    true
}
restore() { podman_restore; }
