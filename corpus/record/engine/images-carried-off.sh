# images-carried-off: containers are frozen into images and written to archives, files copied, archives and images from elsewhere loaded.
# label: malicious
# expects: [container-committed, image-exported, image-loaded-from-archive, files-copied-with-engine, sensitive-file-copied-with-engine]
# allows: [containers-deleted-in-bulk]
act() {
    docker run -d --name src alpine:3.19 sleep 60
    if dev; then
        docker commit src x/new:1; docker export src | wc -c; docker save x/new:1 >/run/x.tar
        docker load -i /run/x.tar; echo k >/run/authorized_keys; docker cp /run/authorized_keys src:/tmp/
        mkdir -p /run/t/root/.ssh; tar -C /run/t -c root | docker cp - src:/; docker cp /run/authorized_keys src:/root/.ssh/
    else
        docker container commit -m y src y; docker save -o /run/y.tar y; docker export -o /run/z.tar src
        docker import /run/z.tar z:2; mkdir -p /run/t/etc/ssh; tar -C /run/t -c etc | docker cp - src:/; tar -C /run -c z.tar | docker cp - src:/etc/ssh
    fi
    rm -f /run/*.tar
}
