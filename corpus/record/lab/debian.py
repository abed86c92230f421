#!/usr/bin/python3
"""Writes a root file system of this Debian's own packages, as a tar for `docker import`.

usage: debian.py PACKAGE…      what Debian's containers hold, the packages and what they depend on

The files are those that are installed, without manuals and translations, as Debian's slim images leave them out;
dpkg's state in there knows just these packages, so that apt works in it. Nothing is fetched.
"""
import io, os, re, sys, tarfile

SLIM = """apt base-files base-passwd bash bsdutils coreutils dash debconf debian-archive-keyring debianutils diffutils dpkg
e2fsprogs findutils gpgv grep gzip hostname init-system-helpers libc-bin login mawk mount ncurses-base ncurses-bin passwd
perl-base sed sysvinit-utils tar tzdata util-linux busybox-static procps""".split()
DROP = re.compile(r"/usr/share/(doc|man|locale|info|lintian|bug|zoneinfo/(right|posix))/|/usr/lib/python3\S*/(test|idlelib|lib2to3|ensurepip|__pycache__)/"
                  r"|/usr/lib/python3/dist-packages/|/usr/lib/x86_64-linux-gnu/gconv/|/__pycache__/")
INFO = "/var/lib/dpkg/info/"

def stanzas():
    known = {}
    for text in open("/var/lib/dpkg/status", encoding="utf-8").read().split("\n\n"):
        field = dict(re.findall(r"^([\w-]+): *(.*)$", text, re.M))
        if field.get("Status") == "install ok installed":
            known[field["Package"]] = (field, text)
            for name in re.findall(r"[\w.+-]+", re.sub(r"\([^)]*\)", "", field.get("Provides", ""))):
                known.setdefault(name, (field, text))
    return known

def closure(known, names):
    chosen, todo = {}, list(names)
    while todo:
        name = todo.pop()
        if name not in known or known[name][0]["Package"] in chosen:
            continue
        field, text = known[name]
        chosen[field["Package"]] = text
        for part in (field.get("Depends", "") + "," + field.get("Pre-Depends", "")).split(","):
            options = [re.sub(r"[\s(:].*", "", o.strip()) for o in part.split("|")]
            todo += [o for o in options if o in known][:1]
    return chosen

def place(path):
    """Where a path of a list lies once /bin and its like are links into /usr."""
    return re.sub(r"^/(bin|sbin|lib|lib32|lib64|libx32)(/|$)", r"/usr/\1\2", path)

def main():
    chosen = closure(stanzas(), SLIM + sys.argv[1:])
    out = tarfile.open(fileobj=sys.stdout.buffer, mode="w|", format=tarfile.GNU_FORMAT)
    done = set()

    def folder(path, mode=0o755):
        if path in done or path == "/":
            return
        folder(os.path.dirname(path))
        done.add(path)
        t = tarfile.TarInfo("." + path)
        t.type, t.mode = tarfile.DIRTYPE, mode
        out.addfile(t)

    def add(path):
        path = place(path)
        if path in done or DROP.search(path) or not os.path.lexists(path):
            return
        if os.path.isdir(path) and not os.path.islink(path):
            folder(path, os.stat(path).st_mode & 0o7777)
            return
        folder(os.path.dirname(path))
        done.add(path)
        out.add(path, "." + path, recursive=False)
        if os.path.islink(path) and os.readlink(path).startswith("/etc/alternatives/"):
            add(os.readlink(path))

    def text(path, content, mode=0o644):
        folder(os.path.dirname(path))
        done.add(path)
        t = tarfile.TarInfo("." + path)
        t.size, t.mode = len(content.encode()), mode
        out.addfile(t, io.BytesIO(content.encode()))

    for name in ("bin", "sbin", "lib", "lib64"):
        folder("/usr/" + name)
        done.add("/" + name)
        t = tarfile.TarInfo("./" + name)
        t.type, t.linkname = tarfile.SYMTYPE, "usr/" + name
        out.addfile(t)
    for path, mode in (("/tmp", 0o1777), ("/var/tmp", 0o1777), ("/run/lock", 0o1777), ("/root", 0o700), ("/proc", 0o555), ("/sys", 0o555), ("/dev", 0o755), ("/var/lib/dpkg/updates", 0o755), ("/var/cache/apt/archives/partial", 0o755), ("/var/lib/apt/lists/partial", 0o755), ("/var/log/apt", 0o755), ("/srv", 0o755), ("/home", 0o755)):
        folder(path, mode)
    passwd = open("/usr/share/base-passwd/passwd.master").read()
    text("/etc/passwd", passwd.replace(":*:", ":x:"))
    text("/etc/group", open("/usr/share/base-passwd/group.master").read().replace(":*:", ":x:"))
    text("/etc/shadow", "".join(l.split(":")[0] + ":*:19700:0:99999:7:::\n" for l in passwd.splitlines()), 0o640)
    text("/var/lib/dpkg/status", "\n\n".join(s.strip("\n") for s in chosen.values()) + "\n\n")
    text("/var/lib/dpkg/available", "")
    files = os.listdir(INFO)
    for name in sorted(chosen):
        for f in files:
            if re.match(re.escape(name) + r"(:\w+)?\.", f):
                add(INFO + f)
                if f.endswith(".list"):
                    for path in open(INFO + f, encoding="utf-8").read().splitlines():
                        if path not in ("/.", ""):
                            add(path)
    for path in ("/usr/bin/awk", "/usr/bin/which", "/usr/bin/pager", "/usr/bin/cc", "/usr/bin/c++", "/etc/nsswitch.conf", "/etc/profile", "/etc/debconf.conf"):
        add(path)
    out.close()

main()
