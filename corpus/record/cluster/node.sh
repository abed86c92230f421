#!/bin/bash
# Functions of cluster.sh: a node of the cluster, a real kubelet over a real containerd whose images are busybox under other
# names. Sourced behind lib.sh. Pods get an address and no network; what they run is harmless.
# shellcheck disable=SC2154

# What a kubelet asks of the kernel is the whole machine's: here it finds in files of its own what it wants to find.
kernel_settings() {
    local setting
    mkdir -p "$work/sys"
    for setting in vm/overcommit_memory=1 vm/panic_on_oom=0 kernel/panic=10 kernel/panic_on_oops=1 \
        kernel/keys/root_maxkeys=1000000 kernel/keys/root_maxbytes=25000000; do
        [ -e "/proc/sys/${setting%=*}" ] || continue
        echo "${setting#*=}" >"$work/sys/$(basename "${setting%=*}")"
        mount --bind "$work/sys/$(basename "${setting%=*}")" "/proc/sys/${setting%=*}"
    done
}

# Where CAP_SYS_RESOURCE is missing, no container can be given it.
runtime() {
    cat >"$work/runc" <<'W'
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
exec runc "$@"
W
    chmod 755 "$work/runc"
    # A network that gives addresses and nothing else.
    mkdir -p "$work/cni/bin" "$work/cni/conf"
    cat >"$work/cni/bin/addresses" <<W
#!/bin/sh
cat >/dev/null
case \$CNI_COMMAND in
ADD)
    n=\$(( \$(cat $work/cni/next 2>/dev/null || echo 10) + 1 ))
    echo \$n >$work/cni/next
    printf '{"cniVersion":"0.4.0","interfaces":[{"name":"eth0","sandbox":"%s"}],' "\$CNI_NETNS"
    printf '"ips":[{"version":"4","address":"10.244.%d.%d/24","interface":0}]}\n' \$((n / 200)) \$((n % 200 + 2)) ;;
VERSION) echo '{"cniVersion":"0.4.0","supportedVersions":["0.3.1","0.4.0"]}' ;;
*) echo '{"cniVersion":"0.4.0"}' ;;
esac
W
    printf '#!/bin/sh\ncat >/dev/null\necho %s\n' \
        "'{\"cniVersion\":\"0.4.0\",\"supportedVersions\":[\"0.3.1\",\"0.4.0\"],\"interfaces\":[],\"ips\":[]}'" >"$work/cni/bin/loopback"
    chmod 755 "$work/cni/bin"/*
    echo '{"cniVersion": "0.4.0", "name": "lab", "plugins": [{"type": "addresses"}]}' >"$work/cni/conf/10-lab.conflist"
    cat >"$work/containerd.toml" <<W
version = 2
root = "$work/containerd"
state = "$work/containerd-state"
[grpc]
  address = "$work/containerd.sock"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".cni]
    bin_dir = "$work/cni/bin"
    conf_dir = "$work/cni/conf"
  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
      BinaryName = "$work/runc"
W
    containerd --config "$work/containerd.toml" >"$work/log/containerd" 2>&1 &
    wait_for containerd 30 ctr --address "$work/containerd.sock" version
}

# images NAME…: busybox, which waits for ever where no command is said
images() {
    local name layer config root=$work/image
    mkdir -p "$root/rootfs/bin" "$root/rootfs/etc" "$root/rootfs/tmp" "$root/archive"
    cp /bin/busybox "$root/rootfs/bin/"
    for name in $(/bin/busybox --list); do [ "$name" = busybox ] || ln -s busybox "$root/rootfs/bin/$name"; done
    echo 'root:x:0:0:root:/:/bin/sh' >"$root/rootfs/etc/passwd"
    tar -C "$root/rootfs" -cf "$root/archive/layer.tar" .
    layer=$(sha256sum "$root/archive/layer.tar" | cut -d' ' -f1)
    config='{"architecture":"amd64","os":"linux","config":{"Cmd":["sleep","2147483"],"Env":["PATH=/bin"]},"rootfs":{"type":"layers","diff_ids":["sha256:'$layer'"]}}'
    printf '%s' "$config" >"$root/archive/config.json"
    {
        printf '[{"Config":"config.json","Layers":["layer.tar"],"RepoTags":['
        printf '"%s",' "$@" | sed 's/,$//'
        printf ']}]'
    } >"$root/archive/manifest.json"
    tar -C "$root/archive" -cf "$root/images.tar" manifest.json config.json layer.tar
    ctr --address "$work/containerd.sock" --namespace k8s.io images import "$root/images.tar" >/dev/null
}

node() {
    kernel_settings
    runtime || return
    images registry.k8s.io/pause:3.10 "$@"
    cat >"$work/kubelet.yaml" <<W
apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
address: $NODE_ADDRESS
authentication: {anonymous: {enabled: false}, x509: {clientCAFile: $work/pki/ca.crt}, webhook: {enabled: true}}
authorization: {mode: Webhook}
tlsCertFile: $work/pki/$NODE.crt
tlsPrivateKeyFile: $work/pki/$NODE.key
cgroupDriver: cgroupfs
cgroupRoot: /
cgroupsPerQOS: false
enforceNodeAllocatable: []
clusterDNS: [10.96.0.10]
clusterDomain: cluster.local
containerRuntimeEndpoint: unix://$work/containerd.sock
failSwapOn: false
makeIPTablesUtilChains: false
podLogsDir: $work/pods
staticPodPath: $work/static
resolvConf: ""
evictionHard: {memory.available: "0%", nodefs.available: "0%", imagefs.available: "0%", nodefs.inodesFree: "0%", imagefs.inodesFree: "0%"}
imageGCHighThresholdPercent: 100
localStorageCapacityIsolation: false
W
    mkdir -p "$work/static" "$work/kubelet" "$work/pods"
    "$bin/kubelet" --config "$work/kubelet.yaml" --kubeconfig "$work/config/$NODE" --hostname-override "$NODE" \
        --node-ip "$NODE_ADDRESS" --root-dir "$work/kubelet" --cert-dir "$work/kubelet" >"$work/log/kubelet" 2>&1 &
    wait_for 'ready node' 60 kubectl_as admin wait --for=condition=Ready --timeout=1s "node/$NODE"
}
