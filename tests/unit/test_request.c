/*
 * Container requests in command lines: what a client would take each spelling for.
 *
 * A case is a command line, split as a shell splits plain words, and what its facet must say:
 * the action (or `none`), then key=value[,value] for fields. `key=-`: missing; `key=`: there, and empty.
 */
#include "replay/derive/request.h"
#include "tests/unit/unit.h"

#include <stdio.h>

struct request_case {
	const char *line, *expected;
};

static const struct {
	const char *key, *field;
} keys[] = {
	{"runtime", "container.runtime"}, {"image", "container.image.name"}, {"tag", "container.image.tag"},
	{"command", "container.command"}, {"entrypoint", "container.entrypoint"}, {"user", "container.user"},
	{"env", "container.environment"}, {"labels", "container.labels"}, {"mounts", "container.mounts"},
	{"ports", "container.ports"}, {"devices", "container.devices"}, {"added", "container.capabilities.added"},
	{"dropped", "container.capabilities.dropped"}, {"host", "container.namespaces.host"},
	{"privileged", "container.security_context.privileged"}, {"options", "container.security_context.options"},
	{"readonly", "container.security_context.read_only_root"},
	{"escalation", "container.security_context.allow_privilege_escalation"}, {"restart", "container.restart_policy"},
	{"name", "container.name"}, {"id", "container.id"}, {"from", "container.volumes_from"}, {"rules", "container.device_rules"},
	{"groups", "container.groups"}, {"propagation", "container.mount_propagation"}, {"joined", "container.namespaces.joined"},
	{"runtime2", "container.oci_runtime"}, {"parent", "container.cgroup_parent"}, {"driver", "container.log_driver"},
	{"directory", "container.working_directory"}, {"sysctls", "container.sysctls"},
};

static const struct request_case docker_cases[] = {
	/* privileged: every spelling */
	{"docker run --privileged alpine", "run runtime=docker image=alpine tag=- privileged=true command=-"},
	{"docker run --privileged=true alpine", "run privileged=true"},
	{"docker run --privileged=1 alpine", "run privileged=true"},
	{"docker run --privileged=t alpine", "run privileged=true"},
	{"docker run --privileged=T alpine", "run privileged=true"},
	{"docker run --privileged=TRUE alpine", "run privileged=true"},
	{"docker run --privileged=True alpine", "run privileged=true"},
	{"docker run --privileged=false alpine", "run privileged=false image=alpine"},
	{"docker run --privileged=0 alpine", "run privileged=false"},
	{"docker run --privileged=f alpine", "run privileged=false"},
	{"docker run --privileged=FALSE alpine", "run privileged=false"},
	{"docker run --privileged --privileged=false alpine", "run privileged=false"},
	{"docker run --privileged=false --privileged alpine", "run privileged=true"},
	{"docker run --privileged true alpine", "run privileged=true image=true command=alpine"},
	{"docker run --privileged=yes alpine", "run privileged=- image=- mounts=-"},
	{"docker run --privileged= alpine", "run privileged=- image=-"},
	{"docker run --privileged alpine sh", "run privileged=true command=sh"},
	{"docker run -it --rm --privileged alpine sh -c id", "run privileged=true command=sh,-c,id"},
	{"docker container run --privileged alpine", "run privileged=true image=alpine"},
	{"docker create --privileged alpine", "create privileged=true image=alpine"},
	{"docker container create --privileged alpine", "create privileged=true"},
	{"/usr/bin/docker run --privileged alpine", "run privileged=true"},
	/* near misses */
	{"docker run alpine", "run image=alpine privileged=false mounts= added= dropped= host= ports= devices= env= labels= options= "
		"readonly=false escalation=true name=- user=- entrypoint=-"},
	{"docker run alpine echo --privileged", "run privileged=false command=echo,--privileged"},
	{"docker run alpine --privileged", "run privileged=false command=--privileged"},
	{"docker run -e FLAG=--privileged alpine", "run privileged=false env=FLAG=--privileged"},
	{"docker run -e --privileged alpine", "run privileged=false env=--privileged image=alpine"},
	{"docker run --env=--privileged alpine", "run privileged=false env=--privileged"},
	{"docker run --name privileged-test alpine", "run privileged=false name=privileged-test"},
	{"docker run --name --privileged alpine", "run privileged=false name=--privileged image=alpine"},
	{"docker run --label --privileged alpine", "run privileged=false labels=--privileged"},
	{"docker run -h --privileged alpine", "run privileged=false image=alpine"},
	{"docker run -- --privileged alpine", "run privileged=false image=--privileged command=alpine"},
	{"docker run alpine -v /:/host", "run mounts= command=-v,/:/host"},
	{"docker run --workdir -v alpine", "run mounts= image=alpine"},
	{"docker run --entrypoint -v alpine", "run mounts= image=alpine entrypoint=-v"},
	{"echo docker run --privileged alpine", "none"},
	{"echo --privileged", "none"},
	{"docker -H unix:///var/run/docker.sock ps", "none"},
	{"docker ps --filter volume=/", "none"},
	{"docker images", "none"},
	{"docker build -v /:/host .", "none"},
	{"docker container ls", "none"},
	{"docker container", "none"},
	{"docker", "none"},
	{"docker --help run --privileged alpine", "none"},
	{"docker run --help --privileged alpine", "none"},
	{"docker exec -h box", "none"},
	{"docker --version", "none"},
	{"docker -v run alpine", "none"},
	{"docker runs --privileged alpine", "none"},
	{"docker volume create --name x", "none"},
	{"docker service create --mount type=bind,source=/,target=/h x", "create image=x mounts=/:/h:rw propagation="},
	{"docker service create --network host --cap-add SYS_ADMIN x", "create host=network added=CAP_SYS_ADMIN"},
	{"docker service update web --mount-add type=bind,src=/,dst=/h --image evil:1", "create image=evil tag=1 mounts=/:/h:rw"},
	{"docker service ls", "none"},
	{"docker run --volumes-from a:ro alpine", "run from=a:ro mounts=-"},
	{"docker run --device-cgroup-rule c/1:1 --group-add 0 alpine", "run rules=c/1:1 groups=0"},
	{"docker run -v /x:/y:rshared,ro -v /z:/z:private alpine", "run mounts=/x:/y:ro,/z:/z:rw propagation=/x:rshared"},
	{"docker run --mount type=bind,src=/x,dst=/y,bind-propagation=slave alpine", "run propagation=/x:slave"},
	{"docker run --pid container:a --pid=container:b --network=container:a alpine", "run joined=pid:b,network:a"},
	{"docker run --pid container:a --pid host alpine", "run joined= host=pid"},
	{"docker run --runtime=runsc --cgroup-parent /up --log-driver none -w /proc/self/fd/8 alpine",
		"run runtime2=runsc parent=/up driver=none directory=/proc/self/fd/8"},
	{"docker exec -w/proc/self/fd/7 box sh", "exec directory=/proc/self/fd/7 name=box"},
	{"podman --runtime /tmp/x run --sysctl a=1,b=2 alpine", "run runtime2=/tmp/x sysctls=a=1,b=2"},
	{"docker image run alpine", "none"},
	{"sudo docker run --privileged alpine", "none"},
	{"dockerd -H tcp://0.0.0.0:2375", "none"},
	{"docker-credential-helper run --privileged alpine", "none"},
	{"docker ruN --privileged alpine", "none"},
	/* global options */
	{"docker -H unix:///var/run/docker.sock run alpine", "run image=alpine mounts="},
	{"docker -H tcp://10.0.0.1:2375 run --privileged alpine", "run privileged=true"},
	{"docker --host tcp://10.0.0.1:2375 run alpine", "run image=alpine"},
	{"docker --host=tcp://10.0.0.1:2375 run alpine", "run image=alpine"},
	{"docker -Htcp://10.0.0.1:2375 run alpine", "run image=alpine"},
	{"docker --context x run --privileged alpine", "run privileged=true"},
	{"docker -c x run --privileged alpine", "run privileged=true"},
	{"docker -D -l debug --config /c --tls --tlscacert=a run alpine", "run image=alpine"},
	{"docker -Dc x run alpine", "run image=alpine"},
	{"docker --host run alpine", "none"},
	{"docker --nonsense run alpine", "none"},
	/* volumes */
	{"docker run -v /var/run/docker.sock:/var/run/docker.sock alpine", "run mounts=/run/docker.sock:/run/docker.sock:rw"},
	{"docker run -v/var/run/docker.sock:/s alpine", "run mounts=/run/docker.sock:/s:rw"},
	{"docker run -v=/var/run/docker.sock:/s alpine", "run mounts=/run/docker.sock:/s:rw"},
	{"docker run --volume /run/docker.sock:/s alpine", "run mounts=/run/docker.sock:/s:rw"},
	{"docker run --volume=/run/docker.sock:/s alpine", "run mounts=/run/docker.sock:/s:rw"},
	{"docker run -itv /:/host alpine", "run mounts=/:/host:rw image=alpine"},
	{"docker run -itv/:/host alpine", "run mounts=/:/host:rw"},
	{"docker run -dv=/:/host alpine", "run mounts=/:/host:rw"},
	{"docker run -v /:/host:ro alpine", "run mounts=/:/host:ro"},
	{"docker run -v /:/host:rw alpine", "run mounts=/:/host:rw"},
	{"docker run -v /:/host:ro,z alpine", "run mounts=/:/host:ro"},
	{"docker run -v /:/host:Z,ro alpine", "run mounts=/:/host:ro"},
	{"docker run -v /:/host:rshared alpine", "run mounts=/:/host:rw"},
	{"docker run -v /:/host:ro,rslave alpine", "run mounts=/:/host:ro"},
	{"docker run -v //:/host alpine", "run mounts=/:/host:rw"},
	{"docker run -v /./:/host/ alpine", "run mounts=/:/host:rw"},
	{"docker run -v /var/run/../run/docker.sock:/s alpine", "run mounts=/run/docker.sock:/s:rw"},
	{"docker run -v /tmp/..:/host alpine", "run mounts=/:/host:rw"},
	{"docker run -v /../../etc:/host alpine", "run mounts=/etc:/host:rw"},
	{"docker run -v data:/data alpine", "run mounts=data:/data:rw"},
	{"docker run -v data:/data:ro alpine", "run mounts=data:/data:ro"},
	{"docker run -v /data alpine", "run mounts=:/data:rw"},
	{"docker run -v ./src:/src alpine", "run mounts=/srv/app/src:/src:rw"},
	{"docker run -v .:/src alpine", "run mounts=/srv/app:/src:rw"},
	{"docker run -v ../..:/src alpine", "run mounts=/:/src:rw"},
	{"docker run -v '~/x:/src' alpine", "run mounts=~/x:/src:rw"},
	{"docker run -v /a:/b -v /c:/d:ro --volume=/e:/f alpine", "run mounts=/a:/b:rw,/c:/d:ro,/e:/f:rw"},
	{"docker run -v :/x alpine", "run mounts= image=alpine"},
	{"docker run -v /:ro alpine", "run mounts="},
	{"docker run -v /a:b alpine", "run mounts="},
	{"docker run -v /a:/b:ro:z alpine", "run mounts="},
	{"docker run --volumes-from other alpine", "run mounts=- privileged=false"},
	{"docker run --volumes-from other -v /a:/b alpine", "run mounts=/a:/b:rw"},
	{"docker run --volume-driver -v alpine", "run mounts= image=alpine"},
	{"docker run -v '$HOME/x:/y' alpine", "run mounts=- image=alpine"},
	{"docker run -v '${SOCK}:/y' -v /:/h alpine", "run mounts=/:/h:rw"},
	{"docker run -v", "run mounts=- image=- privileged=-"},
	{"docker run -v /:/host", "run mounts=/:/host:rw image=- privileged=-"},
	/* --mount */
	{"docker run --mount type=bind,source=/,target=/host alpine", "run mounts=/:/host:rw"},
	{"docker run --mount=type=bind,source=/,target=/host alpine", "run mounts=/:/host:rw"},
	{"docker run --mount type=bind,src=/,dst=/host alpine", "run mounts=/:/host:rw"},
	{"docker run --mount type=bind,src=/etc,destination=/host alpine", "run mounts=/etc:/host:rw"},
	{"docker run --mount type=bind,source=/,target=/host,readonly alpine", "run mounts=/:/host:ro"},
	{"docker run --mount type=bind,source=/,target=/host,ro alpine", "run mounts=/:/host:ro"},
	{"docker run --mount type=bind,source=/,target=/host,readonly=true alpine", "run mounts=/:/host:ro"},
	{"docker run --mount type=bind,source=/,target=/host,ro=1 alpine", "run mounts=/:/host:ro"},
	{"docker run --mount type=bind,source=/,target=/host,readonly=false alpine", "run mounts=/:/host:rw"},
	{"docker run --mount type=bind,source=/,target=/host,ro=0 alpine", "run mounts=/:/host:rw"},
	{"docker run --mount TYPE=bind,Source=/,Target=/host alpine", "run mounts=/:/host:rw"},
	{"docker run --mount readonly,target=/host,source=/,type=bind alpine", "run mounts=/:/host:ro"},
	{"docker run --mount type=bind,source=/,target=/host,bind-propagation=rshared alpine", "run mounts=/:/host:rw"},
	{"docker run --mount source=data,target=/data alpine", "run mounts=data:/data:rw"},
	{"docker run --mount type=volume,source=data,target=/data,readonly alpine", "run mounts=data:/data:ro"},
	{"docker run --mount type=volume,target=/data alpine", "run mounts=:/data:rw"},
	{"docker run --mount type=tmpfs,target=/run alpine", "run mounts=:/run:rw"},
	{"docker run --mount type=tmpfs,source=/,target=/run alpine", "run mounts=:/run:rw"},
	{"docker run --mount type=bind,target=/run alpine", "run mounts="},
	{"docker run --mount type=bind,source=/ alpine", "run mounts="},
	{"docker run --mount type=bind,source=./x,target=/y alpine", "run mounts=/srv/app/x:/y:rw"},
	{"docker run --mount type=image,source=alpine,target=/y alpine", "run mounts="},
	{"docker run --mount 'type=bind,source=$PWD,target=/y' alpine", "run mounts=-"},
	{"docker run --tmpfs /run alpine", "run mounts=:/run:rw"},
	{"docker run --tmpfs /run:ro,size=64m alpine", "run mounts=:/run:ro"},
	{"docker run --tmpfs=/run --tmpfs /tmp alpine", "run mounts=:/run:rw,:/tmp:rw"},
	{"docker run --use-api-socket alpine", "run mounts=/run/docker.sock:/run/docker.sock:rw"},
	{"docker run --use-api-socket=false alpine", "run mounts="},
	/* capabilities */
	{"docker run --cap-add SYS_ADMIN alpine", "run added=CAP_SYS_ADMIN dropped="},
	{"docker run --cap-add=SYS_ADMIN alpine", "run added=CAP_SYS_ADMIN"},
	{"docker run --cap-add CAP_SYS_ADMIN alpine", "run added=CAP_SYS_ADMIN"},
	{"docker run --cap-add=cap_sys_admin alpine", "run added=CAP_SYS_ADMIN"},
	{"docker run --cap-add=sys_admin alpine", "run added=CAP_SYS_ADMIN"},
	{"docker run --cap-add=ALL alpine", "run added=ALL"},
	{"docker run --cap-add all --cap-drop NET_RAW alpine", "run added=ALL dropped=CAP_NET_RAW"},
	{"docker run --cap-add SYS_ADMIN --cap-add=NET_ADMIN alpine", "run added=CAP_SYS_ADMIN,CAP_NET_ADMIN"},
	{"docker run --cap-drop=ALL alpine", "run added= dropped=ALL"},
	{"docker run --cap-drop SYS_ADMIN alpine", "run added= dropped=CAP_SYS_ADMIN"},
	{"podman run --cap-add=sys_admin,,bpf alpine", "run added=CAP_SYS_ADMIN,CAP_BPF"},
	{"docker run --cap-add= alpine", "run added="},
	{"docker run --label cap-add=SYS_ADMIN alpine", "run added= labels=cap-add=SYS_ADMIN"},
	{"docker run alpine --cap-add SYS_ADMIN", "run added="},
	{"docker run --cap-add '$CAP' alpine", "run added=-"},
	/* namespaces */
	{"docker run --pid=host alpine", "run host=pid"},
	{"docker run --pid host alpine", "run host=pid"},
	{"docker run --network=host alpine", "run host=network"},
	{"docker run --network host alpine", "run host=network"},
	{"docker run --net=host alpine", "run host=network"},
	{"docker run --net host alpine", "run host=network"},
	{"docker run --network name=host alpine", "run host=network"},
	{"docker run --network name=hosts,alias=host alpine", "run host="},
	{"docker run --network=my-host alpine", "run host="},
	{"docker run --network bridge --network host alpine", "run host=network"},
	{"docker run --ipc=host --uts=host --userns=host --cgroupns=host alpine", "run host=ipc,uts,user,cgroup"},
	{"docker run --pid=container:x --ipc=shareable --cgroupns=private alpine", "run host="},
	{"docker run --pid=host --pid=private alpine", "run host="},
	{"docker run --pid=host --net=host --pid=container:x alpine", "run host=network"},
	{"docker run --hostname host alpine", "run host="},
	{"docker run -h host --add-host host:1.2.3.4 alpine", "run host= image=alpine"},
	/* the rest of a request */
	{"docker run -p 8080:80 alpine", "run ports=0.0.0.0:8080:80"},
	{"docker run -p80 alpine", "run ports=0.0.0.0::80"},
	{"docker run -p 127.0.0.1:8080:80/tcp -p 53:53/udp alpine", "run ports=127.0.0.1:8080:80,0.0.0.0:53:53/udp"},
	{"docker run -p 127.0.0.1::80 alpine", "run ports=127.0.0.1::80"},
	{"docker run --publish '[::1]:80:80' alpine", "run ports=[::1]:80:80"},
	{"docker run -p published=8080,target=80 alpine", "run ports=0.0.0.0:8080:80"},
	{"docker run --device /dev/sda alpine", "run devices=/dev/sda"},
	{"docker run --device=/dev/sda:/dev/xvda:rwm --device /dev//mem alpine", "run devices=/dev/sda,/dev/mem"},
	{"docker run --device vendor.com/gpu=all alpine", "run devices=vendor.com/gpu=all"},
	{"docker run --security-opt seccomp=unconfined alpine", "run options=seccomp=unconfined escalation=true"},
	{"docker run --security-opt=apparmor:unconfined alpine", "run options=apparmor=unconfined"},
	{"docker run --security-opt no-new-privileges alpine", "run options=no-new-privileges escalation=false"},
	{"docker run --security-opt no-new-privileges:true alpine", "run options=no-new-privileges=true escalation=false"},
	{"docker run --security-opt no-new-privileges=false alpine", "run escalation=true"},
	{"docker run --security-opt label=type:svirt_t alpine", "run options=label=type:svirt_t"},
	{"docker run --read-only alpine", "run readonly=true"},
	{"docker run --restart unless-stopped alpine", "run restart=unless-stopped"},
	{"docker run --restart=always --restart no alpine", "run restart=no"},
	{"docker run -u 0:0 alpine", "run user=0:0"},
	{"docker run --user=root -e A=1 --env B alpine", "run user=root env=A=1,B"},
	{"docker run --env-file f alpine", "run env=- labels="},
	{"docker run --entrypoint /bin/sh alpine -c id", "run entrypoint=/bin/sh command=-c,id"},
	{"docker run --entrypoint= alpine", "run entrypoint=- image=alpine"},
	{"docker run alpine sh -c 'echo $HOME'", "run command=sh,-c,echo~$HOME"},
	{"docker run -e 'A=$B' -l 'x=${Y}' alpine", "run env=A=$B labels=x=${Y}"},
	{"docker run registry.example:5000/team/app:1.2 x", "run image=registry.example:5000/team/app tag=1.2"},
	{"docker run alpine@sha256:aa", "run image=alpine tag=-"},
	{"docker run '$IMAGE' sh", "run image=- tag=- privileged=false command=sh"},
	{"docker run -m 1g --cpus 2 --ulimit nofile=1 --gpus all -w /x alpine", "run image=alpine"},
	{"docker run --sig-proxy=false -a stdout --detach-keys a alpine", "run image=alpine"},
	{"docker run -dit alpine", "run image=alpine"},
	{"docker run -d=true -i=false alpine", "run image=alpine"},
	{"docker run - alpine", "run image=- command=alpine"},
	{"docker create -d alpine", "create image=- privileged=-"},
	/* what the client refuses: only what stood before */
	{"docker run --privileged --nonsense alpine", "run privileged=true image=- mounts=- added=-"},
	{"docker run --privileged -Z alpine", "run privileged=true image=- readonly=-"},
	{"docker run --Privileged alpine", "run privileged=- image=-"},
	{"docker run -privileged alpine", "run privileged=false ports= image=alpine"}, /* -p rivileged */
	{"docker run --=x alpine", "run image=-"},
	{"docker run --- alpine", "run image=-"},
	{"docker run --priv alpine", "run privileged=- image=-"},
	{"docker run --privileged", "run privileged=true image=- mounts=-"},
	/* exec and start */
	{"docker exec --privileged -u root box id", "exec privileged=true user=root name=box command=id mounts=-"},
	{"docker exec box sh --privileged", "exec privileged=false name=box command=sh,--privileged"},
	{"docker exec -it -e A=1 -w / 0123456789ab sh", "exec id=0123456789ab name=- env=A=1 command=sh"},
	{"docker container exec -itu0 box sh", "exec user=0 name=box"},
	{"docker exec", "exec privileged=- name=-"},
	{"docker start box", "start name=box"},
	{"docker start box -a", "start name=box"},
	{"docker container start -ai box", "start name=box"},
	{"docker start --attach -- box", "start name=box"},
};

static const struct request_case other_cases[] = {
	/* builds, and the containers that they are made in */
	{"podman build --cap-add sys_admin,BPF -v /:/h -t x .", "run runtime=podman added=CAP_SYS_ADMIN,CAP_BPF mounts=/:/h:rw image=- privileged=-"},
	{"podman build . --security-opt=seccomp=unconfined", "run options=seccomp=unconfined mounts=-"},
	{"podman image build --pid host --network host .", "run host=pid"},
	{"podman build -t x .", "run mounts=- added=- image=-"},
	{"buildah bud --device /dev/sda -f Containerfile .", "run runtime=podman devices=/dev/sda"},
	{"buildah build-using-dockerfile --userns=host .", "run host=user"},
	{"buildah from --cap-add ALL --name w alpine:3", "create added=ALL name=w image=alpine tag=3 mounts=-"},
	{"buildah from --net host --pull=always quay.io/x/y", "create host=network image=quay.io/x/y"},
	{"buildah run --cap-add CAP_SYS_ADMIN -v /:/h:ro w -- chroot /h", "run added=CAP_SYS_ADMIN mounts=/:/h:ro name=w"},
	{"buildah --root /x run --pid=host w sh", "run host=pid name=w command=sh"},
	{"buildah run w echo --cap-add ALL", "run added=- command=echo,--cap-add,ALL"},
	{"buildah unshare sh", "none"},
	{"podman run --privileged quay.io/x/y:1", "run runtime=podman privileged=true image=quay.io/x/y tag=1"},
	{"podman --remote run -v /:/h alpine", "run mounts=/:/h:rw"},
	{"podman -r run -v /:/h alpine", "run mounts=/:/h:rw"},
	{"podman --log-level debug --root /x run alpine", "run image=alpine"},
	{"podman run --log-level=debug --runtime crun alpine", "run image=alpine"},
	{"podman container run --cap-add=SYS_ADMIN,NET_ADMIN alpine", "run added=CAP_SYS_ADMIN,CAP_NET_ADMIN"},
	{"podman run --cap-add all alpine", "run added=ALL"},
	{"podman create --cap-drop=all --cap-add chown alpine", "create added=CAP_CHOWN dropped=ALL"},
	{"podman run -v /etc:/e:O alpine", "run mounts=/etc:/e:ro"},
	{"podman run -v /etc:/e:U,z alpine", "run mounts=/etc:/e:rw"},
	{"podman run --mount type=bind,src=etc,dst=/e,rw=false alpine", "run mounts=/srv/app/etc:/e:ro"},
	{"podman run --mount type=glob,src=/etc,dst=/e alpine", "run mounts=/etc:/e:rw"},
	{"podman run --pid ns:/proc/1/ns/pid alpine", "run host=pid"},
	{"podman run --network=ns:/run/netns/x alpine", "run host="},
	{"podman run --userns=keep-id alpine", "run host="},
	{"podman run --userns host alpine", "run host=user"},
	{"podman run --pod p alpine", "run host=- image=alpine"},
	{"podman run --env-host alpine", "run env=-"},
	{"podman run --entrypoint '[\"sh\",\"-c\"]' alpine", "run entrypoint=sh,-c"},
	{"podman run --entrypoint sh alpine", "run entrypoint=sh"},
	{"podman run --rootfs /srv/root sh", "run image=- command=sh"},
	{"podman run docker://alpine:3", "run image=alpine tag=3"},
	{"podman run --tls-verify=false -q alpine", "run image=alpine"},
	{"podman run -p 80:80,81:81 alpine", "run ports=0.0.0.0:80:80,0.0.0.0:81:81"},
	{"podman exec -l id", "exec command=id name=- privileged=false"},
	{"podman exec --privileged box id", "exec privileged=true name=box"},
	{"podman start --all", "start name=-"},
	{"podman kube play pod.yaml", "none"},
	{"podman play kube pod.yaml", "none"},
	{"podman ps -a", "none"},
	{"podman pod create --share pid", "create host=- mounts=-"},
	{"podman pod create -v /:/h --pid=host n", "create host=pid mounts=/:/h:rw"},
	{"podman unshare cat /proc/self/uid_map", "none"},
	{"podman container ls", "none"},
	{"podman-remote run --privileged alpine", "run runtime=podman privileged=true"},
	{"nerdctl run --privileged alpine", "run runtime=nerdctl privileged=true"},
	{"nerdctl -n k8s.io run -v /:/h alpine", "run mounts=/:/h:rw"},
	{"nerdctl --namespace=k8s.io run --net host alpine", "run host=network"},
	{"nerdctl run --cap-add SYS_ADMIN,BPF alpine", "run added=CAP_SYS_ADMIN,CAP_BPF"},
	{"nerdctl -a /run/containerd/containerd.sock ps", "none"},
	{"nerdctl exec --privileged box id", "exec privileged=true name=box"},
	{"docker-compose run -v /:/h web sh", "run runtime=docker mounts=/:/h:rw command=sh image=- privileged=-"},
	{"docker-compose -f a.yml -p x run --rm -e A=1 web", "run env=A=1 mounts=- command=-"},
	{"docker-compose run --volume=/run/docker.sock:/s -u 0 web", "run mounts=/run/docker.sock:/s:rw user=0"},
	{"docker-compose run -T -d --entrypoint 'sh -c' web id", "run entrypoint=sh,-c command=id"},
	{"docker-compose run web -v /:/h", "run mounts=- command=-v,/:/h"},
	{"docker-compose exec --privileged web id", "exec privileged=true command=id"},
	{"docker-compose exec -T --index=2 web id", "exec privileged=false command=id"},
	{"docker-compose up -d", "none"},
	{"docker-compose --verbose ps", "none"},
	{"docker compose run -v /:/h web", "run runtime=docker mounts=/:/h:rw"},
	{"docker compose -f x.yml run --cap-add SYS_ADMIN web", "run added=CAP_SYS_ADMIN"},
	{"docker -D compose --profile p exec --privileged web id", "exec privileged=true"},
	{"docker-compose compose run -v /:/h web", "run mounts=/:/h:rw"},
	{"docker compose up", "none"},
	{"docker compose", "none"},
	{"podman compose run -v /:/h web", "run runtime=podman mounts=/:/h:rw"},
	{"nerdctl compose run -v /:/h web", "run runtime=nerdctl mounts=/:/h:rw"},
	{"ctr run --privileged docker.io/library/alpine:3 box sh", "run runtime=containerd privileged=true image=docker.io/library/alpine tag=3 "
		"name=box command=sh escalation=false"},
	{"ctr run -privileged img box", "run privileged=true"},
	{"ctr run --mount type=bind,src=/,dst=/host,options=rbind:rw img box", "run mounts=/:/host:rw"},
	{"ctr run --mount type=bind,src=/etc,dst=/host,options=rbind:ro img box", "run mounts=/etc:/host:ro"},
	{"ctr -n k8s.io run --net-host img box", "run host=network"},
	{"ctr run --net-host=false img box", "run host="},
	{"ctr run --with-ns pid:/proc/1/ns/pid img box", "run host=pid"},
	{"ctr run --with-ns pid:/proc/77/ns/pid img box", "run host="},
	{"ctr run -d --rm --cap-add CAP_SYS_ADMIN --allow-new-privs img box", "run added=CAP_SYS_ADMIN escalation=true"},
	{"ctr run -dt img box", "run image=- privileged=-"},
	{"ctr run img box sh --privileged", "run privileged=false command=sh,--privileged"},
	{"ctr --address=/a containers create --privileged img box", "create privileged=true"},
	{"ctr c create --privileged img box", "create privileged=true"},
	{"ctr t exec --exec-id 1 box id", "exec name=box command=id privileged=-"},
	{"ctr tasks ls", "none"},
	{"ctr images pull x", "none"},
	{"ctr run -h", "none"},
	{"crictl exec -i -t 0123456789abc sh", "exec runtime=- id=0123456789abc command=sh"},
	{"crictl -r unix:///run/containerd/containerd.sock exec box id", "exec name=box command=id"},
	{"crictl create pod c.json p.json", "create mounts=- privileged=-"},
	{"crictl ps", "none"},
};

struct world {
	struct arena arena, event_arena;
	const struct registry *registry;
	struct clients clients;
};

static void world_make(struct world *world)
{
	*world = (struct world){0};
	world->registry = unit_registry(&world->arena);
	unit_clients(&world->arena, world->registry, &world->clients);
}

static void world_free(struct world *world)
{
	arena_free(&world->event_arena);
	arena_free(&world->arena);
}

static struct facet *exec_of(struct world *world, struct event *event, const struct text *words, size_t count)
{
	const struct registry *r = world->registry;
	arena_reset(&world->event_arena);
	event_begin(event, &world->event_arena, r);
	struct facet *facet = event_add_facet(event, unit_category(r, "process"), unit_action(r, "process", "exec"));
	facet_set_texts(event, facet, unit_field(r, "process.args"), words, count);
	facet_set_text(event, facet, unit_field(r, "process.working_directory"), TEXT("/srv/app"));
	return facet;
}

/* The values joined by commas, blanks in them as ~; `-` where the field is missing. */
static struct text shown(struct world *world, const struct facet *facet, const char *key)
{
	struct buffer out = {0};
	const struct values *values = NULL;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (text_is(text_of(keys[i].key), key))
			values = facet_get(facet, unit_field(world->registry, keys[i].field));
	}
	if (values == NULL)
		return TEXT("-");
	for (size_t i = 0; i < values->count; i++) {
		buffer_string(&out, i > 0 ? "," : "");
		for (size_t j = 0; j < values->items[i].text.length; j++) {
			char c = values->items[i].text.data[j];
			buffer_char(&out, c == ' ' ? '~' : c);
		}
	}
	struct text text = text_copy(&world->event_arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

static bool key_known(struct text key)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		if (text_is(key, keys[i].key))
			return true;
	}
	return false;
}

static void check_case(struct world *world, const struct request_case *c)
{
	struct event event;
	struct text *words, *expected;
	size_t count, expectations = text_split(&world->arena, text_of(c->expected), ' ', &expected);
	CU_ASSERT(request_split(&world->arena, text_of(c->line), &words, &count));
	struct facet *exec = exec_of(world, &event, words, count);
	struct facet *facet = request_derive(&world->clients, &event, exec);
	struct text action = facet != NULL ? world->registry->actions[facet->action].name : TEXT("none");
	bool fine = text_equal(action, expected[0]);
	for (size_t i = 1; facet != NULL && i < expectations; i++) {
		size_t equals = text_find(expected[i], '=');
		struct text key = text_copy(&world->arena, text_slice(expected[i], 0, equals));
		struct text got = shown(world, facet, key.data);
		fine = fine && key_known(key);
		if (!text_equal(got, text_slice(expected[i], equals + 1, expected[i].length))) {
			printf("\n    %s: %.*s, got %.*s", c->line, TEXT_ARGS(expected[i]), TEXT_ARGS(got));
			fine = false;
		}
	}
	if (facet != NULL)
		fine = fine && facet->derived && event.facet_count == 2;
	if (!fine)
		printf("\n    %s: expected %s, got %.*s", c->line, c->expected, TEXT_ARGS(action));
	CU_ASSERT(fine);
}

static void test_docker(void)
{
	struct world world;
	world_make(&world);
	for (size_t i = 0; i < sizeof(docker_cases) / sizeof(*docker_cases); i++)
		check_case(&world, &docker_cases[i]);
	world_free(&world);
}

static void test_others(void)
{
	struct world world;
	world_make(&world);
	for (size_t i = 0; i < sizeof(other_cases) / sizeof(*other_cases); i++)
		check_case(&world, &other_cases[i]);
	world_free(&world);
}

/* A comma inside a value, which the table's notation cannot show. */
static void test_csv(void)
{
	struct world world;
	struct event event;
	struct text words[] = {TEXT("docker"), TEXT("run"), TEXT("--mount"),
		TEXT("type=bind,\"source=/a,b \"\"c\"\"\",target=/x,\"readonly\""), TEXT("alpine")};
	world_make(&world);
	struct facet *facet = request_derive(&world.clients, &event, exec_of(&world, &event, words, 5));
	CU_ASSERT_PTR_NOT_NULL_FATAL(facet);
	CHECK_TEXT(facet_text(facet, unit_field(world.registry, "container.mounts")), "/a,b \"c\":/x:ro");
	world_free(&world);
}

/* The actor's own container is not the one that is asked for. */
static void test_actor_stays(void)
{
	struct world world;
	struct event event;
	struct text words[] = {TEXT("docker"), TEXT("run"), TEXT("alpine")};
	world_make(&world);
	const struct registry *r = world.registry;
	struct facet *exec = exec_of(&world, &event, words, 3);
	facet_set_text(&event, exec, unit_field(r, "container.id"), TEXT("0123456789ab"));
	facet_set_text(&event, exec, unit_field(r, "container.image.tag"), TEXT("old"));
	facet_set_text(&event, exec, unit_field(r, "user.name"), TEXT("ci"));
	facet_set_long(&event, exec, unit_field(r, "process.pid"), 77);
	facet_set_bool(&event, exec, unit_field(r, "process.in_container"), true);
	struct facet *facet = request_derive(&world.clients, &event, exec);
	CU_ASSERT_PTR_NOT_NULL_FATAL(facet);
	CU_ASSERT_PTR_NULL(facet_get(facet, unit_field(r, "container.id")));
	CU_ASSERT_PTR_NULL(facet_get(facet, unit_field(r, "container.image.tag")));
	CHECK_TEXT(facet_text(facet, unit_field(r, "container.image.name")), "alpine");
	CHECK_TEXT(facet_text(facet, unit_field(r, "user.name")), "ci");
	CHECK_TEXT(facet_text(facet, unit_field(r, "process.pid")), "77");
	CHECK_TEXT(facet_text(facet, unit_field(r, "process.in_container")), "true");
	CHECK_TEXT(facet_text(facet, unit_field(r, "event.category")), "container");
	CHECK_TEXT(facet_text(facet, unit_field(r, "event.action")), "run");
	CHECK_TEXT(facet_text(exec, unit_field(r, "container.id")), "0123456789ab");
	CU_ASSERT_FALSE(exec->derived);
	world_free(&world);
}

/* Which program it was: its file name decides, then its path, and only then its first argument. */
static void test_client_name(void)
{
	static const struct {
		const char *name, *executable, *first;
		bool request;
	} cases[] = {
		{"docker", "", "x", true}, {"bash", "", "docker", false}, {"", "/usr/bin/docker", "x", true},
		{"", "/bin/docker.sh", "docker", false}, {"", "", "/opt/docker", true}, {"", "", "dockerx", false},
		{"com.docker.cli", "", "docker", true}, {"python3.11", "/usr/bin/python3.11", "docker-compose", false},
	};
	struct world world;
	world_make(&world);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct event event;
		struct text words[] = {text_of(cases[i].first), TEXT("run"), TEXT("alpine")};
		struct facet *exec = exec_of(&world, &event, words, 3);
		facet_set_text(&event, exec, unit_field(world.registry, "process.name"), text_of(cases[i].name));
		facet_set_text(&event, exec, unit_field(world.registry, "process.executable"), text_of(cases[i].executable));
		CU_ASSERT_EQUAL(request_derive(&world.clients, &event, exec) != NULL, cases[i].request);
	}
	world_free(&world);
}

static void test_outcome(void)
{
	struct world world;
	struct event event;
	struct text words[] = {TEXT("docker"), TEXT("run"), TEXT("alpine")};
	world_make(&world);
	struct facet *exec = exec_of(&world, &event, words, 3);
	facet_set_text(&event, exec, FIELD_OUTCOME, TEXT("failure"));
	CU_ASSERT_PTR_NULL(request_derive(&world.clients, &event, exec));
	CU_ASSERT_EQUAL(event.facet_count, 1);
	exec = exec_of(&world, &event, words, 3);
	facet_set_text(&event, exec, FIELD_OUTCOME, TEXT("success"));
	CU_ASSERT_PTR_NOT_NULL(request_derive(&world.clients, &event, exec));
	world_free(&world);
}

/* A source that joins the arguments, and one without a working directory. */
static void test_poor_sources(void)
{
	struct world world;
	struct event event;
	struct text words[] = {TEXT("docker"), TEXT("run"), TEXT("-v"), TEXT("./x:/y"), TEXT("alpine")};
	world_make(&world);
	const struct registry *r = world.registry;
	struct facet *exec = exec_of(&world, &event, words, 0);
	facet_unset(event.arena, exec, unit_field(r, "process.args"));
	CU_ASSERT_PTR_NULL(request_derive(&world.clients, &event, exec));
	facet_set_text(&event, exec, unit_field(r, "process.command_line"), TEXT("docker run --privileged alpine sh"));
	struct facet *facet = request_derive(&world.clients, &event, exec);
	CU_ASSERT_PTR_NOT_NULL_FATAL(facet);
	CHECK_TEXT(facet_text(facet, unit_field(r, "container.security_context.privileged")), "true");
	exec = exec_of(&world, &event, words, 5);
	facet_unset(event.arena, exec, unit_field(r, "process.working_directory"));
	facet = request_derive(&world.clients, &event, exec);
	CU_ASSERT_PTR_NOT_NULL_FATAL(facet);
	CHECK_TEXT(facet_text(facet, unit_field(r, "container.mounts")), "./x:/y:rw");
	world_free(&world);
}

static void test_split(void)
{
	static const struct {
		const char *line, *words;
		bool simple;
	} cases[] = {
		{"a b  c", "a|b|c", true}, {"  a\tb ", "a|b", true}, {"", "", true}, {"'a b' c", "a b|c", true},
		{"\"a b\"c", "a bc", true}, {"a\\ b", "a b", true}, {"'a\\b'", "a\\b", true}, {"\"a\\b\\\"\"", "a\\b\"", true},
		{"'' a", "|a", true}, {"a'b'\"c\"", "abc", true}, {"a | b", "a", false}, {"a > b", "a", false},
		{"a $X b", "a", false}, {"a \"$X\"", "a", false}, {"a '$X'", "a|$X", true}, {"a `b`", "a", false},
		{"a; b", "", false}, {"a 'b", "a", false}, {"a *", "a", false}, {"a#b", "a#b", true}, {"a #b", "a", false},
		{"~/x", "", false}, {"a~b", "a~b", true}, {"a\\\nb", "ab", true}, {"a && b", "a", false},
	};
	struct arena arena = {0};
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct text *words;
		size_t count;
		CU_ASSERT_EQUAL(request_split(&arena, text_of(cases[i].line), &words, &count), cases[i].simple);
		CHECK_TEXT(count > 0 ? text_join(&arena, words, count, '|') : TEXT(""), cases[i].words);
	}
	arena_free(&arena);
}

void suite_request(void)
{
	CU_pSuite suite = unit_suite("request");
	UNIT_TEST(suite, test_docker);
	UNIT_TEST(suite, test_others);
	UNIT_TEST(suite, test_csv);
	UNIT_TEST(suite, test_actor_stays);
	UNIT_TEST(suite, test_client_name);
	UNIT_TEST(suite, test_outcome);
	UNIT_TEST(suite, test_poor_sources);
	UNIT_TEST(suite, test_split);
}
