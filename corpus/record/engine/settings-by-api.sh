# settings-by-api: containers are asked for with settings that reach the host or hide them: devices and rules, groups, other containers' namespaces, shared mounts, no log.
# label: malicious
# expects: [device-cgroup-rule-added, privileged-group-given, host-device-shared, foreign-namespaces-joined, mount-propagation-shared, container-output-not-logged, container-in-foreign-cgroup, minor-host-namespaces-shared, volumes-of-other-container-taken, dangerous-capability-added, container-confinement-disabled, host-namespaces-shared, host-network-controlled, kernel-device-shared]
# allows: [credentials-mounted, sensitive-mount-rw, containers-deleted-in-bulk, network-capability-added]
act() {
    docker create --name victim -v data:/d --ipc shareable alpine:3.19 sleep 60
    docker start victim
    if dev; then
        docker create --name a1 --device-cgroup-rule 'b 8:* rmw' --group-add 6 --device /dev/kmsg --device /dev/mem alpine:3.19 true
        docker create --name a2 --pid container:victim --log-driver none --volumes-from victim alpine:3.19 true
        docker create --name a3 -v /srv/data:/d:rshared --cap-add SYS_ADMIN --security-opt seccomp=unconfined --cgroup-parent /system.slice alpine:3.19 true
        docker create --name a4 --net host --uts host --cap-add NET_RAW alpine:3.19 true
    else
        /usr/bin/python3 - <<'P'
import docker
a = docker.APIClient(base_url="unix:///run/calls.sock", version="1.41")
def make(name, **k):
    h = a.create_host_config(**k)
    print(a.create_container("lab/tools:1", ["true"], name=name, host_config=h))
make("b1", device_cgroup_rules=["c 1:* rwm", "b *:* r"], group_add=["disk"], devices=["/dev/mem:/dev/mem:r", "/dev/fuse"])
make("b2", ipc_mode="container:victim", volumes_from=["victim:ro"], log_config=docker.types.LogConfig(type="none"), network_mode="none")
make("b3", cap_add=["SYS_PTRACE"], security_opt=["apparmor=unconfined", "seccomp=unconfined"], cgroup_parent="/", binds=["/srv/data:/d:shared"])
make("b4", network_mode="host", uts_mode="host", cap_add=["NET_ADMIN"])
P
    fi
    true
}
