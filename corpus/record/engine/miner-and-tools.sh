# miner-and-tools: images named as a miner and as an attack tool (harmless here) are started; passwords stand in the environment, ports are open.
# label: malicious
# expects: [miner-image-started, attack-tool-image-started, secret-in-container-environment, datastore-port-published, control-port-published, preload-given-to-container]
# allows: [image-from-unknown-registry, remote-login-published, host-root-entered-by-chroot, enumeration-tool-run, miner-run, loader-variable-aimed-at-hooks, linker-preload-set, containers-deleted-in-bulk]
act() {
    if dev; then
        docker tag alpine:3.19 kannix/monero-miner:1; docker tag alpine:3.19 cdkteam/cdk:1
        docker run -d --name m kannix/monero-miner:1 sleep 5
        docker run --rm cdkteam/cdk:1 id
        docker create --name d -p 2375:2375 -p 6379:6379 -e REDIS_PASSWORD=hunter2 -e LD_PRELOAD=/proc/self/cwd/x.so alpine:3.19 true
    else
        docker tag alpine:3.19 metal3d/xmrig:6; docker tag alpine:3.19 brompwnie/botb:2
        docker run -d --name kswapd metal3d/xmrig:6 sleep 5
        docker create --name t brompwnie/botb:2; docker start t
        docker create --name e -p 9000:2375 -p 27017:27017 -e MONGO_PASSWORD=s3cret -e LD_PRELOAD=/dev/shm/l.so lab/tools:1 true
    fi
    true
}
