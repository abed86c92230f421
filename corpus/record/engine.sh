#!/bin/bash
# Records what a Docker engine says of containers that really run: its events, `docker inspect`, and the bodies of the
# API calls that the client makes. Runs in namespaces of its own, with an image made of busybox; leaves nothing behind.
#
# usage: engine.sh CASES OUT [ACT…]    CASES: lines NAME<tab>OPTION… IMAGE COMMAND…, as after `docker create --name NAME`
#
# With ACTs, files as in engine/ (a function act, which may use dev and pick; RUN says the variant), these are acted one after
# the other in place of what follows the cases by default, and OUT/acts has NAME, lines of calls.jsonl and of events.jsonl
# when each began; the last line is called end.
#
# OUT/calls.jsonl    {"time", "method", "uri", "body"} of each API call with a body, or that changes something
# OUT/events.jsonl   docker events --format '{{json .}}'
# OUT/api-events.jsonl   GET /events
# OUT/inspect.json   docker inspect of all containers
# OUT/dockerd.log    of the engine's own log (dockerd -D) what it says of calls
#
# Exit status: 0 recorded; 1 something failed; 2 wrong use; 77 skipped, and why.
set -u
umask 022
export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
skip() { echo "skipped: $*"; exit 77; }

if [ "${1:-}" != --inside ]; then
    [ $# -ge 2 ] || { sed -n '2,/^$/s/^# \{0,1\}//p' "$0" >&2; exit 2; }
    [ "$(id -u)" = 0 ] || skip "root"
    for t in dockerd containerd docker runc busybox unshare ip python3 curl; do
        command -v $t >/dev/null || skip "the program $t"
    done
    unshare -m -p -f -u -n -i true 2>/dev/null || skip "namespaces of one's own (CAP_SYS_ADMIN)"
    mkdir -p "$2" || exit 1
    cases=$(readlink -f "$1") out=$(readlink -f "$2")
    shift 2
    exec unshare -m -p -f -u -n -i --kill-child --mount-proc "$0" --inside "$cases" "$out" "$(readlink -f "$0")" "$@"
fi

cases=$2 out=$3 lab=$(dirname "$4")/lab
acts=("${@:5}")
hostname lab
mount --make-rprivate /
mount --make-rshared / # of these namespaces alone, as a host's is
mount -t tmpfs -o mode=755 tmpfs /run
mount -t tmpfs tmpfs /var/lib/docker 2>/dev/null || { mkdir -p /var/lib/docker && mount -t tmpfs tmpfs /var/lib/docker; }
mount -t tmpfs tmpfs /srv
mkdir -p /srv/data /srv/secrets /run/lock /var/lib/docker
# Where CAP_SYS_RESOURCE is missing, a wrapper takes it out of what a privileged container is given.
if [ $((0x$(awk '/CapBnd/{print $2}' /proc/self/status) >> 24 & 1)) = 1 ]; then
    echo '{}' >/run/daemon.json
else
    cat >/run/runc.lab <<'W'
#!/bin/sh
f=
p=
for a in "$@"; do
    case $p in
    --bundle) f=$a/config.json ;;
    --process) f=$a ;;
    esac
    p=$a
done
[ -n "$f" ] && sed -i 's/"CAP_SYS_RESOURCE",//g; s/,"CAP_SYS_RESOURCE"//g' "$f"
exec /usr/sbin/runc "$@"
W
    chmod 755 /run/runc.lab
    echo '{"runtimes": {"lab": {"path": "/run/runc.lab"}}, "default-runtime": "lab"}' >/run/daemon.json
fi
ip link set lo up
exec 3>&1
dockerd -D --config-file /run/daemon.json --iptables=false --ip6tables=false --storage-driver vfs \
    -H unix:///run/docker.sock >/run/dockerd.log 2>&1 3>&- &
for _ in $(seq 100); do docker info >/dev/null 2>&1 && break; sleep 0.2; done
docker info >/dev/null 2>&1 || { tail -n 5 /run/dockerd.log >&2; exit 1; }

# An image that holds busybox and nothing foreign.
root=/run/image
mkdir -p $root/bin $root/etc $root/tmp $root/proc $root/sys $root/dev $root/host
cp "$(command -v busybox)" $root/bin/busybox
for a in sh sleep id true cat ls; do ln -s busybox $root/bin/$a; done
echo 'root:x:0:0:root:/:/bin/sh' >$root/etc/passwd
echo 'app:x:1000:1000:app:/:/bin/sh' >>$root/etc/passwd
docker volume create data >/dev/null
docker events --format '{{json .}}' >"$out/events.jsonl" 3>&- &
events=$!
curl -sN --unix-socket /run/docker.sock http://engine/v1.41/events >"$out/api-events.jsonl" 3>&- &
api=$!
python3 "$lab/calls.py" /run/calls.sock /run/docker.sock >"$out/calls.jsonl" 3>&- &
sleep 1
tar -C $root -c . | docker import -c 'ENTRYPOINT ["/bin/busybox"]' -c 'CMD ["true"]' - registry.example:5000/lab/entry:2 >/dev/null
tar -C $root -c . | docker import - lab/tools:1 >/dev/null
docker tag lab/tools:1 alpine:3.19
export DOCKER_HOST=unix:///run/calls.sock

while IFS=$'\t' read -r name words; do
    case $name in '' | '#'*) continue ;; esac
    eval "set -- $words"
    docker create --name "$name" "$@" >/dev/null || { echo "engine.sh: $name was not made" >&2; exit 1; }
    docker start "$name" >/dev/null 2>>/run/starts.log || echo "engine.sh: $name did not start" >&2
done <"$cases"
if [ ${#acts[@]} -gt 0 ]; then
    # shellcheck source=lab/lib.sh
    . "$lab/lib.sh"
    begins() { sleep 1; echo "$1 $(wc -l <"$out/calls.jsonl") $(wc -l <"$out/events.jsonl")" >>"$out/acts"; }
    for a in "${acts[@]}"; do
        begins "$(basename "$a" .sh)"
        # shellcheck source=/dev/null
        (. "$a"; act) </dev/null >>"$out/acts.log" 2>&1 3>&-
        # shellcheck disable=SC2046
        DOCKER_HOST=unix:///run/docker.sock docker rm -f $(docker ps -aq) >/dev/null 2>&1
    done
    begins end
    kill $events $api 2>/dev/null
    exit 0
fi
docker exec -d --privileged -u 0 -e A=b plain sleep 1 || exit 1
docker exec -d plain true || exit 1
sleep 0.5
unset DOCKER_HOST
docker inspect $(docker ps -aq --no-trunc) >"$out/inspect.json" || exit 1
export DOCKER_HOST=unix:///run/calls.sock
docker network create lab >/dev/null; docker network rm lab >/dev/null
docker pause plain >/dev/null; docker unpause plain >/dev/null; docker restart -t 0 plain >/dev/null
docker kill plain >/dev/null
docker rename plain renamed
docker rm -f $(docker ps -aq) >/dev/null
docker volume rm data >/dev/null
docker rmi -f lab/tools:1 >/dev/null 2>&1
sleep 1
kill $events $api 2>/dev/null
grep -E 'msg="(Calling (POST|DELETE)|form data)' /run/dockerd.log >"$out/dockerd.log"
for f in dockerd.log calls.jsonl events.jsonl api-events.jsonl inspect.json; do
    [ -s "$out/$f" ] || { echo "engine.sh: $f is empty" >&2; exit 1; }
done
exit 0
