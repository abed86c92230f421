# developer-laptops: a developer's machine: edit, compile and test, containers with the project or the home mounted, compose, debuggers, local servers.
# as: dev
# seeds: 41 42
# label: benign
# shellcheck disable=SC1091,SC2016,SC2154,SC2034
. /lab/host.sh
risky=privileged_trial
upgradable=(ed hostname gzip bzip2 diffutils less file patch bc xz-utils zip time rsync jq)

prepare() {
    host_engine
    host_account dev 1504 'Developer' docker
    host_image debian:bookworm-slim
    host_image python:3.11-slim python3 curl
    host_image gcc:12 gcc libc6-dev make gdb strace
    host_image node:20 nodejs
    host_image redis:7 redis-server redis-tools
    host_image docker:24-cli docker.io git
    docker tag docker:24-cli lazyteam/lazydocker:v0.23
    docker tag docker:24-cli wagoodman/dive:v0.12
    host_repository "${upgradable[@]}"
    host_sudo ops dev
    host_sessions deploy agent
    host_common_jobs
    home_of_dev
    printf 'PATH=/usr/sbin:/usr/bin:/sbin:/bin\n*/6 * * * * dev git -C $HOME/src/tinyhash gc -q --auto; du -s $HOME/src >>$HOME/.cache/usage\n*/16 * * * * dev tar czf $HOME/.cache/src.tgz -C $HOME src\n' >/etc/cron.d/dev
    host_cron
}

home_of_dev() {
    local h=/home/dev
    mkdir -p $h/src/tinyhash $h/src/notes-api $h/src/chat-ui $h/.cache $h/.kube $h/.aws $h/.ssh $h/bin /srv/git /srv/wheels
    cat >$h/src/tinyhash/hash.c <<'W'
#include <stdio.h>
#include <string.h>
unsigned hash(const char *text)
{
    unsigned h = 5381;
    for (; *text; text++)
        h = h * 33 + (unsigned char)*text;
    return h;
}
int main(int n, char **v)
{
    for (int i = 1; i < n; i++)
        printf("%08x %s\n", hash(v[i]), v[i]);
    return 0;
}
W
    printf 'CFLAGS = -g -O1 -Wall\ntinyhash: hash.o\n\t$(CC) -o $@ hash.o\ntest: tinyhash\n\t./tinyhash a bc def | wc -l\nclean:\n\trm -f tinyhash hash.o\n' >$h/src/tinyhash/Makefile
    cat >$h/src/notes-api/app.py <<'W'
import http.server, json, os
NOTES = []
class Api(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps({"notes": NOTES, "cache": os.environ.get("CACHE")}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
if __name__ == "__main__":
    http.server.HTTPServer(("0.0.0.0", int(os.environ.get("PORT", "8000"))), Api).serve_forever()
W
    printf 'import unittest, app\nclass T(unittest.TestCase):\n    def test_notes(self):\n        self.assertEqual(app.NOTES, [])\n' >$h/src/notes-api/test_app.py
    printf 'FROM python:3.11-slim\nWORKDIR /app\nCOPY . .\nENV PORT=8000\nCMD ["python3", "app.py"]\n' >$h/src/notes-api/Dockerfile
    printf 'version: "2.4"\nservices:\n  api:\n    build: .\n    ports: ["127.0.0.1:8000:8000"]\n    volumes: [".:/app"]\n    environment: {CACHE: cache}\n    depends_on: [cache]\n  cache:\n    image: redis:7\n    command: [redis-server, --save, "", --protected-mode, "no"]\n' >$h/src/notes-api/docker-compose.yml
    printf 'const lines = require("fs").readFileSync(0, "utf8").split("\\n");\nconsole.log(lines.length);\n' >$h/src/chat-ui/count.js
    printf 'const test = require("node:test"), assert = require("node:assert");\ntest("sum", () => assert.equal(1 + 1, 2));\n' >$h/src/chat-ui/count.test.js
    printf '{"name": "chat-ui", "version": "0.1.0", "private": true, "scripts": {"test": "node --test", "start": "node count.js"}}\n' >$h/src/chat-ui/package.json
    printf 'apiVersion: v1\nkind: Config\ncurrent-context: dev\nclusters: [{name: dev, cluster: {server: "https://127.0.0.1:6443"}}]\ncontexts: [{name: dev, context: {cluster: dev, user: dev}}, {name: stage, context: {cluster: dev, user: dev}}]\nusers: [{name: dev, user: {username: dev, password: none}}]\n' >$h/.kube/config
    printf '[default]\nregion = eu-west-1\n' >$h/.aws/config
    printf 'set number\n' >$h/.vimrc
    chmod 700 $h/.ssh $h/.kube
    ssh-keygen -q -t ed25519 -N '' -C dev@lab -f $h/.ssh/id_ed25519
    printf 'Host *\n    StrictHostKeyChecking no\n' >$h/.ssh/config
    cat $h/.ssh/id_ed25519.pub >>$h/.ssh/authorized_keys
    cat $h/.ssh/id_ed25519.pub >>/home/ops/.ssh/authorized_keys
    cat $h/.ssh/id_ed25519.pub >>/home/deploy/.ssh/authorized_keys
    chown -R dev:dev $h
    local p
    for p in tinyhash notes-api chat-ui; do
        su dev -c "cd $h/src/$p && git init -q -b main . && git config user.name dev && git config user.email dev@lab.example && git add . && git commit -qm First"
        git -c safe.directory='*' clone -q --bare $h/src/$p /srv/git/$p.git
        su dev -c "cd $h/src/$p && git remote add origin deploy@localhost:/srv/git/$p.git"
    done
    chown -R deploy /srv/git
    mkdir -p $h/share && cp /usr/bin/hello $h/share 2>/dev/null
    printf '#!/bin/sh\nmkdir -p "$HOME/bin"\nprintf "#!/bin/sh\\necho tool \\"\\$@\\"\\n" >"$HOME/bin/tool"\nchmod 755 "$HOME/bin/tool"\n"$HOME/bin/tool" installed\n' >$h/share/install.sh
    tar czf $h/share/tool.tgz -C $h/src tinyhash
    chown -R dev:dev $h/share
    setpriv --reuid dev --regid dev --clear-groups python3 -m http.server 8900 --bind 127.0.0.1 --directory $h/share >/dev/null 2>&1 </dev/null &
}

# me SCRIPT: what the developer types into a shell
me() { printf '%s\n' "$1" | bash; }
edit=0
compile_and_test() {
    edit=$((edit + 1))
    case $((RANDOM % 4)) in
    0) me "cd ~/src/tinyhash; sed -i 's/5381[0-9]*/5381$((edit % 10))/' hash.c; make; make test; ./tinyhash one two; git diff --stat" ;;
    1) me "cd ~/src/tinyhash; vim.tiny -es -u NONE -c '1put =\\\"/* edit $edit */\\\"' -c wq hash.c; gcc -g -fsanitize=undefined -Wall -o /tmp/th hash.c && /tmp/th x; rm -f /tmp/th; make clean; make" ;;
    2) me "cd ~/src/notes-api; echo '# $edit' >>app.py; python3 -m unittest -q; python3 -m py_compile app.py; grep -n NOTES *.py" ;;
    3) me "cd ~/src/chat-ui; echo '// $edit' >>count.js; npm test 2>&1 | tail -8; seq 1 20 | node count.js; node -e 'console.log(process.version)'" ;;
    esac
}
commit_and_push() {
    local p b
    draw p tinyhash notes-api chat-ui
    edit=$((edit + 1))
    me "cd ~/src/$p; date >>notes.txt; git status -s; git add .; git commit -qm 'Change $edit'; git log --oneline | head -3; git push -q origin main; git fetch -q; git branch -a
git checkout -q -b topic-$edit; git checkout -q main; git merge -q topic-$edit; git branch -d topic-$edit; git stash list"
}
tool_in_container() { # a tool that is not installed: the project mounted into its image
    local p
    draw p tinyhash notes-api chat-ui
    case $((RANDOM % 6)) in
    0) me "cd ~/src/tinyhash; docker run --rm -v \"\$PWD\":/src -w /src gcc:12 make clean test; make clean" ;;
    1) me "cd ~/src/chat-ui; docker run --rm -u \$(id -u):\$(id -g) -v \$(pwd):/app -w /app node:20 node --test 2>&1 | tail -3" ;;
    2) me "cd ~/src/notes-api; script -qec 'docker run --rm -it -v \"\$PWD\":/app -w /app python:3.11-slim python3 -m unittest' /dev/null </dev/null" ;;
    3) me "docker run --rm -v ~/src/$p:/w:ro -w /w debian:bookworm-slim sh -c 'find . -type f | wc -l; du -s .'" ;;
    4) me "docker run --rm -i --network none python:3.11-slim python3 - <<'E'
print(sum(range(100)))
E" ;;
    5) me "docker run --rm --mount type=bind,source=\$HOME/src,target=/src,readonly debian:bookworm-slim grep -rc main /src/tinyhash" ;;
    esac
}
home_in_container() { # the home, or what tools keep there, in a container, as tools ask for it
    case $((RANDOM % 5)) in
    0) me "docker run --rm -v \$HOME:/home/dev -w /home/dev/src python:3.11-slim ls" ;;
    1) me "docker run --rm -v ~/.aws:/root/.aws:ro -e AWS_PROFILE=default python:3.11-slim python3 -c 'import configparser; c = configparser.ConfigParser(); c.read(\"/root/.aws/config\"); print(c.sections())'" ;;
    2) me "docker run --rm -v ~/.kube:/root/.kube:ro -v ~/src:/src debian:bookworm-slim sh -c 'ls /root/.kube; ls /src'" ;;
    3) me "docker run --rm -v ~/.ssh:/root/.ssh:ro -v ~/src/tinyhash:/w -w /w docker:24-cli git -c safe.directory='*' log --oneline -1" ;;
    4) me "docker run --rm -v ~/.cache:/root/.cache -v ~/src/notes-api:/app -w /app python:3.11-slim python3 -m compileall -q ." ;;
    esac
}
compose_loop() {
    case $((RANDOM % 5)) in
    0) me "cd ~/src/notes-api; docker-compose up -d --build; sleep 2; curl -s http://127.0.0.1:8000/; docker-compose logs --tail 5; docker-compose ps" ;;
    1) me "cd ~/src/notes-api; docker-compose up -d; docker-compose restart -t 1 api; docker-compose exec -T cache redis-cli set k $RANDOM; docker-compose exec -T cache redis-cli get k" ;;
    2) me "cd ~/src/notes-api; docker-compose down -v -t 1; docker-compose config --services" ;;
    3) me "cd ~/src/notes-api; docker-compose run --rm api python3 -m unittest -q; docker-compose stop -t 1" ;;
    4) me "cd ~/src/notes-api; docker-compose up -d cache; docker exec -i notes-api_cache_1 redis-cli info server | head -4; script -qec 'docker exec -it notes-api_cache_1 sh -c \"ps aux; env\"' /dev/null </dev/null" ;;
    esac
}
build_image() {
    edit=$((edit + 1))
    me "cd ~/src/notes-api; docker build -q -t notes:$edit .; docker run -d --rm --name notes-$edit -p 127.0.0.1:$((8100 + edit % 100)):8000 notes:$edit; sleep 2; curl -s http://127.0.0.1:$((8100 + edit % 100))/; docker logs notes-$edit; docker exec notes-$edit python3 -V; docker cp notes-$edit:/app/app.py /tmp/app.$edit; diff /tmp/app.$edit app.py && rm /tmp/app.$edit; docker stop -t 1 notes-$edit; docker rmi notes:$edit"
}
packages_in_container() {
    local p
    draw p ed hostname gzip diffutils less patch xz-utils zip time
    me "docker run --rm -v /srv/repo:/repo:ro debian:bookworm-slim sh -c 'echo \"deb [trusted=yes] copy:/repo ./\" >/etc/apt/sources.list; apt-get update -qq; DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $p; dpkg -s $p | head -2'"
}
fetch_tools() {
    case $((RANDOM % 4)) in
    0) me "curl -sf http://127.0.0.1:8900/tool.tgz | tar xz -C /tmp; ls /tmp/tinyhash; rm -rf /tmp/tinyhash" ;;
    1) me "curl -sSf http://127.0.0.1:8900/install.sh | sh; ~/bin/tool version" ;;
    2) me "wget -q -O /tmp/install.sh http://127.0.0.1:8900/install.sh && less -F /tmp/install.sh | head -3; sh /tmp/install.sh; rm /tmp/install.sh" ;;
    3) me "cd /tmp; python3 -m venv --without-pip /tmp/venv; /tmp/venv/bin/python -c 'import sys; print(sys.prefix)'; rm -rf /tmp/venv" ;;
    esac
}
debug_program() {
    case $((RANDOM % 5)) in
    0) me "cd ~/src/tinyhash; make; gdb -q -batch -ex 'break hash' -ex 'run abc' -ex bt -ex 'info locals' ./tinyhash 2>&1 | tail -5" ;;
    1) me "cd ~/src/tinyhash; make; strace -f -o /tmp/trace.out ./tinyhash x y; grep -c mmap /tmp/trace.out; rm /tmp/trace.out" ;;
    2) me "cd ~/src/tinyhash; make; strace -c ./tinyhash x 2>&1 | tail -3; perf stat -e cpu-clock ./tinyhash x 2>&1 | tail -4; objdump -d tinyhash | grep -c call; nm tinyhash | grep -i hash" ;;
    3) me "cd ~/src/notes-api; PORT=8777 python3 app.py 2>/dev/null & p=\$!; sleep 1; curl -s http://127.0.0.1:8777/; ls -l /proc/\$p/fd | wc -l; cat /proc/\$p/maps | wc -l; kill \$p" ;;
    4) me "docker run --rm --cap-add=SYS_PTRACE --security-opt seccomp=unconfined -v ~/src/tinyhash:/w -w /w gcc:12 sh -c 'make clean; make; gdb -q -batch -ex \"break hash\" -ex \"run abc\" -ex bt ./tinyhash 2>&1 | tail -3; strace -c ./tinyhash a 2>&1 | tail -2; make clean'" ;;
    esac
}
network_things() {
    local n
    between n 7000 7900
    case $((RANDOM % 5)) in
    0) me "timeout 5 ssh -N -L $n:127.0.0.1:8900 ops@localhost & sleep 2; curl -sI http://127.0.0.1:$n/ | head -1; wait" ;;
    1) me "timeout 6 socat TCP-LISTEN:$n,fork,reuseaddr TCP:127.0.0.1:8900 & sleep 1; curl -s -o /dev/null -w '%{http_code}\n' http://127.0.0.1:$n/; wait" ;;
    2) me "docker run -d --rm --name hostnet --network host -v ~/src/notes-api:/app:ro -w /app -e PORT=$n python:3.11-slim python3 app.py; sleep 2; curl -s http://127.0.0.1:$n/; docker stop -t 1 hostnet" ;;
    3) me "ss -tln | head; getent hosts localhost; curl -s -o /dev/null -w '%{http_code}\n' http://127.0.0.1:8000/; ping -c 1 -W 1 127.0.0.1 | tail -1" ;;
    4) me "timeout 4 kubectl --request-timeout=2s get pods; kubectl config view; kubectl config get-contexts; kubectl config use-context stage; kubectl config use-context dev" ;;
    esac
}
remote_work() {
    case $((RANDOM % 3)) in
    0) me "ssh ops@localhost 'uptime; df -h / | tail -1'; scp -q ~/src/tinyhash/hash.c ops@localhost:/tmp/hash.c; ssh ops@localhost rm -f /tmp/hash.c" ;;
    1) me "eval \$(ssh-agent) >/dev/null; ssh-add -q ~/.ssh/id_ed25519; ssh-add -l; ssh -A deploy@localhost 'ssh-add -l; ls /srv/git'; kill \$SSH_AGENT_PID" ;;
    2) me "rsync -a --delete ~/src/ ops@localhost:/tmp/src-copy/; ssh-keygen -lf ~/.ssh/id_ed25519.pub; cat ~/.ssh/config; ls -la ~/.ssh; openssl rand -hex 8; gpg --list-keys 2>/dev/null | wc -l" ;;
    esac
}
engine_tools() { # screens and analysers of images that want the engine's socket
    case $((RANDOM % 4)) in
    0) me "docker run --rm -v /var/run/docker.sock:/var/run/docker.sock lazyteam/lazydocker:v0.23 docker ps" ;;
    1) me "docker run --rm -v /var/run/docker.sock:/var/run/docker.sock:ro wagoodman/dive:v0.12 docker history redis:7" ;;
    2) me "python3 -c 'import docker; c = docker.from_env(); print([x.name for x in c.containers.list()]); print(c.containers.run(\"debian:bookworm-slim\", [\"echo\", \"from a test\"], remove=True))'" ;;
    3) me "docker container prune -f; docker image prune -f; docker volume ls; docker system df; docker images | head -5" ;;
    esac
}
privileged_trial() { # a quick test with all privileges: bad practice, and meant as nothing else
    me "docker run --rm --privileged debian:bookworm-slim sh -c 'mount -t tmpfs tmpfs /mnt && df /mnt | tail -1; sysctl -n net.ipv4.ip_forward; id'"
}
look_at_laptop() {
    case $((RANDOM % 4)) in
    0) me "ps aux --sort=-pcpu | head -4; df -h ~; free -m | head -2; history | tail -2" ;;
    1) me "docker ps -a; docker stats --no-stream; docker images --format '{{.Repository}}:{{.Tag}} {{.Size}}'; docker inspect redis:7 | jq -r '.[0].Config.Cmd'" ;;
    2) me "find ~/src -name '*.py' -newer ~/.vimrc | xargs wc -l; grep -rn TODO ~/src --include='*.c' | head; tree ~/src 2>/dev/null | tail -1; crontab -l" ;;
    3) me "sudo apt-get update -qq; apt list --installed 2>/dev/null | wc -l; sudo apt-get -s upgrade | tail -2; env | sort | head -5; cat ~/.kube/config | grep -c server" ;;
    esac
}

act() {
    rest 2 8
    work 10 28 16 compile_and_test 8 commit_and_push 10 tool_in_container 6 home_in_container 8 compose_loop 5 build_image \
        4 packages_in_container 5 fetch_tools 8 debug_program 7 network_things 4 remote_work 5 engine_tools 1 privileged_trial \
        6 look_at_laptop 2 upgrade_developer_packages 2 edit_dotfiles
}
upgrade_developer_packages() {
    local p
    draw p "${upgradable[@]}"
    me "sudo apt-get update -qq; sudo DEBIAN_FRONTEND=noninteractive apt-get install -y --reinstall $p | tail -1; dpkg -l $p | tail -1"
}
edit_dotfiles() {
    local n
    between n 10 99
    case $((RANDOM % 3)) in
    0) me "echo 'alias l$n=\"ls -l\"' >>~/.bashrc; tail -1 ~/.bashrc; cp ~/.bashrc ~/.bashrc.bak" ;;
    1) me "git config --global alias.s$n status; git config --global -l | tail -1; sed -i 's/number/number/' ~/.vimrc" ;;
    2) me "(crontab -l 2>/dev/null; echo '$n * * * * true' | sed 's/[6-9][0-9]/5/') | tail -3 | crontab -; crontab -l; printf 'Host node$n\n    HostName 127.0.0.1\n    User ops\n' >>~/.ssh/config; ssh node$n true" ;;
    esac
}
