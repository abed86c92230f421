# image-build: images are built from Dockerfiles on a local base image, tagged, looked at and removed.
# shows: what a build costs in kernel events: containers for each RUN, layers written by the engine
# as: ci
# dataset: everyday
# label: benign
act() {
    d=/home/ci/$(pick webshop invoicing)
    mkdir -p "$d/app" && cd "$d" || return
    for i in 1 2 3 4; do echo "page $i" >"app/page$i.html"; done
    if dev; then
        cat >Dockerfile <<'P'
FROM alpine:3.19
RUN mkdir -p /srv/www && echo "www:x:100:100::/srv/www:/bin/sh" >>/etc/passwd
COPY app/ /srv/www/
RUN chown -R www /srv/www && find /srv/www -type f | wc -l
USER www
CMD ["httpd", "-f", "-h", "/srv/www"]
P
        docker build -t shop/webshop:1.0 .
        echo 'new' >app/page5.html
        docker build -t shop/webshop:1.1 --label build=2 .
        docker images; docker history shop/webshop:1.1
        docker rmi shop/webshop:1.0 shop/webshop:1.1
    else
        cat >Dockerfile <<'P'
FROM debian:bookworm-slim AS build
WORKDIR /src
COPY app ./app
RUN tar czf /app.tgz app && md5sum /app.tgz
FROM busybox:1.36
COPY --from=build /app.tgz /
RUN tar xzf /app.tgz && rm /app.tgz
ENV MODE=production
ENTRYPOINT ["sh"]
P
        docker image build --tag shop/invoicing:nightly --file Dockerfile .
        docker build --build-arg V=2 --no-cache -q -t shop/invoicing:2 .
        docker run --rm shop/invoicing:2 -c 'ls /app'
        docker tag shop/invoicing:2 shop/invoicing:latest
        docker image prune -f; docker rmi shop/invoicing:latest shop/invoicing:2 shop/invoicing:nightly
    fi
    true
}
