# build-farm: a host of a CI farm: runners with the engine's socket, image builds, compilers in containers and on the host, artefacts.
# as: ops
# seeds: 21 22
# label: benign
# shellcheck disable=SC1091,SC2016,SC2154,SC2034
. /lab/host.sh
risky='nested_engine privileged_build' # customary here, and bad practice all the same
upgradable=(ed hostname gzip bzip2 diffutils less file patch bc xz-utils zip time rsync jq)
projects=(parser counter router mailer)

prepare() {
    host_engine
    host_image debian:bookworm-slim
    host_image gcc:12 gcc libc6-dev make
    host_image python:3.11-slim python3
    host_image gitlab/gitlab-runner:v16.6.0 git docker.io make
    host_image docker:24-dind docker.io
    docker tag docker:24-dind docker:24-cli
    host_repository "${upgradable[@]}"
    host_sudo ops
    usermod -aG docker ops
    host_sessions ci deploy agent
    host_common_jobs
    farm_files
    mkdir -p /srv/builds/queue /srv/builds/done /srv/artefacts /srv/cache
    chmod 777 /srv/builds /srv/builds/* /srv/artefacts /srv/cache
    start_runner
    cat >/etc/cron.d/farm <<'W'
PATH=/usr/sbin:/usr/bin:/sbin:/bin
*/6 * * * * ci docker container prune -f --filter until=10m >/dev/null; docker image prune -f >/dev/null
*/15 * * * * ci find /srv/artefacts /srv/builds/done -type f -mmin +30 -delete; du -s /srv/artefacts >>$HOME/usage
*/12 * * * * root tar czf /var/backups/git.tgz -C /srv git; find /srv/git -name '*.lock' -mmin +60 -delete
*/5 * * * * ci docker inspect -f '{{.State.Running}}' runner-1 | grep -q true || docker restart runner-1
W
    host_cron
}

# The runner: takes jobs out of a folder and runs them with the docker client, as runners do whose executor is docker.
start_runner() {
    cat >/srv/builds/runner <<'W'
#!/bin/bash
git config --global --add safe.directory '*'
while :; do
    for j in /builds/queue/*.job; do
        [ -e "$j" ] || continue
        n=$(basename "$j" .job)
        mv "$j" "/builds/done/$n.run"
        mkdir -p "/builds/work/$n"
        (cd "/builds/work/$n" && NAME=$n bash -e "/builds/done/$n.run") >"/builds/done/$n.log" 2>&1
        echo "exit $?" >>"/builds/done/$n.log"
        rm -rf "/builds/work/$n"
    done
    read -r -t 3 <><(:)
done
W
    chmod 755 /srv/builds/runner
    su ci -c 'docker run -d --name runner-1 --restart always -v /var/run/docker.sock:/var/run/docker.sock -v /srv/builds:/builds -v /srv/git:/srv/git:ro -v /srv/artefacts:/artefacts gitlab/gitlab-runner:v16.6.0 bash /builds/runner'
}

farm_files() {
    local p
    mkdir -p /srv/git
    for p in "${projects[@]}"; do
        mkdir -p "/srv/lab/$p/src" "/srv/lab/$p/tests"
        cd "/srv/lab/$p" || return
        for f in lex parse emit; do
            printf '#include <stdio.h>\n#include <string.h>\nint %s(const char *text)\n{\n    int n = 0;\n    for (; *text; text++)\n        n += *text == %s;\n    return n;\n}\n' $f "'a'" >src/$f.c
        done
        printf '#include <stdio.h>\nint lex(const char *); int parse(const char *); int emit(const char *);\nint main(int n, char **v)\n{\n    const char *t = n > 1 ? v[1] : "banana";\n    printf("%%d\\n", lex(t) + parse(t) + emit(t));\n    return 0;\n}\n' >src/main.c
        printf 'CFLAGS = -O1 -Wall -Isrc\nOBJ = src/lex.o src/parse.o src/emit.o src/main.o\n%s: $(OBJ)\n\t$(CC) -o $@ $(OBJ)\ntest: %s\n\tsh tests/run.sh ./%s\nclean:\n\trm -f %s $(OBJ)\n' "$p" "$p" "$p" "$p" >Makefile
        printf '#!/bin/sh\nfor t in banana apple aaa; do\n    [ "$("$1" $t)" -ge 0 ] || exit 1\ndone\necho passed\n' >tests/run.sh
        printf 'import unittest\nclass T(unittest.TestCase):\n    def test_one(self):\n        self.assertEqual("banana".count("a"), 3)\n' >tests/test_one.py
        printf 'FROM gcc:12 AS build\nWORKDIR /src\nCOPY . .\nRUN make && sh tests/run.sh ./%s\nFROM debian:bookworm-slim\nCOPY --from=build /src/%s /usr/bin/%s\nRUN useradd -r -u 10001 app\nUSER app\nENTRYPOINT ["/usr/bin/%s"]\n' "$p" "$p" "$p" "$p" >Dockerfile
        git init -q -b main .
        git -c user.name=ci -c user.email=ci@lab.example add .
        git -c user.name=ci -c user.email=ci@lab.example commit -qm First
        git clone -q --bare . "/srv/git/$p.git"
        cd / || return
        rm -rf "/srv/lab/$p"
    done
    chown -R ci:ci /srv/git
}

build=200
next() { build=$((build + 1)); draw project "${projects[@]}"; }
job() { on ci "cat >/srv/builds/queue/$build.tmp <<'E'
$1
E
mv /srv/builds/queue/$build.tmp /srv/builds/queue/$build.job
ls /srv/builds/queue; tail -n 3 /srv/builds/done/*.log | tail -12"; }

push_commit() {
    next
    on ci "cd \$(mktemp -d /tmp/work.XXXX) && git clone -q /srv/git/$project.git . && git config user.name ci && git config user.email ci@lab.example
sed -i '1i /* build $build */' src/lex.c; git diff --stat; git commit -qam 'Change $build'; git push -q origin main; git log --oneline | head -3; cd; rm -rf /tmp/work.*"
}
job_image() {
    next
    job "git clone -q /srv/git/$project.git src && cd src
git rev-parse --short HEAD
docker build -t farm/$project:$build --label commit=\$(git rev-parse --short HEAD) .
docker run --rm farm/$project:$build banana
docker tag farm/$project:$build farm/$project:latest"
}
job_compile() {
    next
    job "git clone -q --depth 1 file:///srv/git/$project.git src
docker run --rm -v /srv/builds/work/$build/src:/src -w /src gcc:12 make -j2 test
cp src/$project /artefacts/$project-$build
sha256sum /artefacts/$project-$build >/artefacts/$project-$build.sum"
}
job_tests() {
    next
    job "git clone -q /srv/git/$project.git src
docker create --name test-$build -w /src python:3.11-slim python3 -m unittest discover -s tests
docker cp src/. test-$build:/src
docker start -a test-$build
docker logs test-$build 2>&1 | tail -2
docker rm -v test-$build"
}
job_services() { # a service beside the tests, in a network of the job's own
    next
    job "docker network create job-$build
docker run -d --name web-$build --network job-$build python:3.11-slim python3 -m http.server 8000
sleep 2
docker run --rm --network job-$build python:3.11-slim python3 -c 'import urllib.request; print(urllib.request.urlopen(\"http://web-$build:8000/\").status)'
docker stop -t 1 web-$build; docker rm web-$build; docker network rm job-$build"
}
job_release() {
    next
    job "git clone -q /srv/git/$project.git src && cd src && git archive --format=tar.gz -o /artefacts/$project-$build.tgz HEAD
docker save farm/$project:latest | gzip -1 >/artefacts/$project-$build.image.tgz
tar tzf /artefacts/$project-$build.tgz | wc -l
docker load -q </artefacts/$project-$build.image.tgz
rm -f /artefacts/$project-$build.image.tgz"
}
build_on_host() {
    next
    on ci "d=\$(mktemp -d /tmp/host.XXXX); cd \$d; git clone -q /srv/git/$project.git . ; make CC='gcc -g' -j2; make test; python3 -m unittest discover -s tests 2>&1 | tail -1; strip $project; tar czf /srv/artefacts/$project-host-$build.tgz $project; make clean; cd; rm -rf \$d"
}
build_image_on_host() {
    local how
    next
    draw how "docker build -q -t farm/$project:h$build ." "docker build --no-cache -t farm/$project:h$build --build-arg N=$build . | tail -3" "docker build --target build -t farm/$project:dev ." "tar c . | docker build -q -t farm/$project:h$build -"
    on ci "d=\$(mktemp -d /tmp/image.XXXX); cd \$d; git clone -q /srv/git/$project.git .
$how
docker images farm/$project; docker history farm/$project:h$build 2>/dev/null | head -4; docker rmi farm/$project:h$build; cd; rm -rf \$d"
}
install_in_build() { # packages go into an image from the farm's own repository
    local p
    next
    draw p ed hostname gzip diffutils less patch xz-utils zip time
    on ci "d=\$(mktemp -d /tmp/tools.XXXX); cd \$d; cp /srv/repo/$p.deb /srv/repo/Packages . ; echo 'deb [trusted=yes] copy:/repo ./' >local.list
cat >Dockerfile <<'E'
FROM debian:bookworm-slim
COPY . /repo/
RUN cp /repo/local.list /etc/apt/sources.list && apt-get update -qq && apt-get install -y --no-install-recommends $p && rm -rf /var/lib/apt/lists/*
E
docker build -q -t farm/tools:$build . ; docker run --rm farm/tools:$build dpkg -s $p | head -3; docker rmi farm/tools:$build; cd; rm -rf \$d"
}
interactive_debug() {
    next
    on ci "docker run -d --name debug-$build -v /srv/cache:/cache gcc:12 sleep 40; docker exec debug-$build sh -c 'gcc --version | head -1; ls /cache | wc -l; df -h /'
script -qec 'docker exec -it debug-$build make --version' /dev/null </dev/null
docker cp debug-$build:/etc/os-release /tmp/os.$build; docker diff debug-$build | head -5; docker commit -q debug-$build farm/debug:$build; docker rm -f debug-$build; docker rmi farm/debug:$build; rm /tmp/os.$build"
}
nested_engine() { # a build that needs an engine of its own: a privileged container with one inside, as CI services do
    next
    on ci "docker run -d --privileged --name dind-$build -v dind-$build:/var/lib/docker docker:24-dind dockerd -H unix:///run/docker.sock --storage-driver vfs --bridge none --iptables=false --oom-score-adjust=0
sleep 8
docker exec dind-$build docker version --format '{{.Server.Version}}'
docker exec dind-$build sh -c 'mkdir -p /w && cd /w && mkdir root && cp /usr/bin/busybox root/ && tar -C root -c . | docker import - box:1 && printf \"FROM box:1\nCOPY Dockerfile /\n\" >Dockerfile && docker build -q -t nested:1 . && docker images'
docker rm -f -v dind-$build; docker volume rm dind-$build"
}
privileged_build() { # an image that needs loop and chroot work: a privileged build container
    next
    on ci "docker run --rm --privileged -v /srv/cache:/out debian:bookworm-slim sh -c 'mkdir -p /mnt/r && mount -t tmpfs tmpfs /mnt/r && cp -a /etc /mnt/r/ && tar czf /out/root-$build.tgz -C /mnt/r . && umount /mnt/r'; ls -l /srv/cache | tail -2; rm -f /srv/cache/root-$build.tgz"
}
prune() {
    on ci "docker container prune -f; docker image prune -f; docker builder prune -f; docker volume prune -f; docker images --format '{{.Repository}}:{{.Tag}}' | grep ^farm/ | head -n -8 | xargs -r docker rmi; docker system df"
}
restart_runner() {
    case $((RANDOM % 3)) in
    0) on ci "docker restart -t 2 runner-1; docker logs --tail 5 runner-1" ;;
    1) on ci "docker stop -t 2 runner-1; docker rm runner-1; docker run -d --name runner-1 --restart always -v /var/run/docker.sock:/var/run/docker.sock -v /srv/builds:/builds -v /srv/git:/srv/git:ro -v /srv/artefacts:/artefacts gitlab/gitlab-runner:v16.6.0 bash /builds/runner" ;;
    2) on ci "docker exec runner-1 docker ps; docker exec runner-1 sh -c 'ls /builds; df /builds | tail -1'" ;;
    esac
}
look_at_farm() {
    case $((RANDOM % 4)) in
    0) on ci "ls -lt /srv/artefacts | head; grep -l 'exit [1-9]' /srv/builds/done/*.log | tail -3; docker stats --no-stream" ;;
    1) on ops "ps -eo pid,user,pcpu,pmem,args --sort=-pcpu | head; sudo docker ps -a --format '{{.Names}} {{.Image}} {{.Status}}'; uptime" ;;
    2) on ops "sudo lsof -nP /run/docker.sock 2>/dev/null | head -3; ss -xl | grep docker; sudo du -sh /var/lib/docker/overlay2 /srv/builds" ;;
    3) on deploy "rsync -a --include='*.tgz' --include='*.sum' --exclude='*' /srv/artefacts/ ~/mirror/; ls ~/mirror | wc -l; sha256sum -c /srv/artefacts/*.sum 2>/dev/null | tail -2" ;;
    esac
}

act() {
    rest 2 8
    work 14 36 6 push_commit 9 job_image 9 job_compile 7 job_tests 5 job_services 4 job_release 8 build_on_host \
        7 build_image_on_host 4 install_in_build 5 interactive_debug 2 nested_engine 2 privileged_build 4 prune 3 restart_runner \
        6 look_at_farm 4 look_around 4 look_at_engine 2 upgrade_packages 3 administer_users 3 edit_settings 2 rotate_logs
}
