#!/bin/bash
# Looks for what must not be in committed recordings: traces of the machine that recorded, hosts and registries,
# people. What this machine would leave behind is asked of the machine itself, so that nothing of it stands here.
# Hex-coded values (PROCTITLE, EXECVE arguments, saddr) are decoded first.
#
# usage: check-neutral.sh FILE…    (*.log or *.log.zst); exit status 1 if something is found
#   NEUTRAL_WORDS   more words to look for, separated by blanks
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
exec python3 - "$@" <<'P'
import glob, os, re, subprocess, sys

# Folders below / that Debian makes, and the lab's own.
ORDINARY = set("bin boot dev etc home lib lib32 lib64 libx32 lost+found media mnt opt proc root run sbin srv sys tmp usr var lab".split())
# Accounts that the lab makes.
ROLES = "ops|ci|deploy|agent|dev|app|node_modules|report1|batch2|temp[0-9]+"

def hosts_of_registries():
    """Hosts that this machine's package clients ask."""
    text = ""
    for name in glob.glob("/etc/apt/sources.list*") + glob.glob("/etc/apt/sources.list.d/*") + ["/etc/pip.conf", os.path.expanduser("~/.npmrc")]:
        try:
            text += open(name, encoding="utf-8", errors="replace").read()
        except OSError:
            pass
    return set(re.findall(r"https?://([\w.-]+)", text)) | {re.sub(r"^.*?([\w-]+\.\w+)$", r"\1", h) for h in re.findall(r"https?://([\w.-]+)", text)}

def words_of_machine():
    """What only this machine has: folders, its init, its host name's parts, foreign programs' folders."""
    words = {"/" + name for name in os.listdir("/") if name not in ORDINARY and not name.startswith(".")}
    init = open("/proc/1/cmdline", "rb").read().split(b"\0")[0].decode("utf-8", "replace")
    if os.path.basename(init) not in ("init", "systemd", "sh", "bash", "tini"):
        words.add(os.path.basename(init))
    words |= {"/usr/local/bin/" + name for name in os.listdir("/usr/local/bin")}
    words |= {os.path.expanduser("~/") + name for name in os.listdir(os.path.expanduser("~")) if name.startswith(".") and name not in (".bashrc", ".profile", ".ssh", ".docker", ".cache", ".config", ".kube", ".bash_history", ".local", ".gitconfig", ".debug", ".npm")}
    return words | set(os.environ.get("NEUTRAL_WORDS", "").split())

words = sorted(words_of_machine() | hosts_of_registries(), key=len, reverse=True)
bad = re.compile(r"(?<![\w./])(?:" + "|".join(map(re.escape, words)) + r")(?![\w-])|"
                 r"(?<!\w)/home/(?!(?:" + ROLES + r")\b)\w+|\b(?!(?:kubernetes|k8s)\.io/)[\w-]+\.(?:com|net|io|dev|org)/|https?_proxy=|_TOKEN\b|_SECRET\b|API_KEY", re.I)
hexed = re.compile(r"\b([a-z]\w*(?:\[\d+\])?)=((?:[0-9A-F]{2}){4,})(?=\s|$)")
found = 0
for name in sys.argv[1:]:
    data = subprocess.run(["zstd", "-dcq", name], capture_output=True, check=True).stdout if name.endswith(".zst") else open(name, "rb").read()
    for number, line in enumerate(data.decode("utf-8", "replace").split("\n"), 1):
        texts = [line]
        for key, value in hexed.findall(line):
            raw = bytes.fromhex(value)
            if key == "saddr":
                # of an AF_UNIX address only the bytes up to the first NUL mean something
                raw = raw[2:].split(b"\0")[0] if raw[:2] == b"\1\0" else b""
            texts.append(raw.replace(b"\0", b" ").decode("utf-8", "replace"))
        for text in texts:
            m = bad.search(text)
            if m:
                found += 1
                print("%s:%d: %r in %s" % (name, number, m[0], text[max(0, m.start() - 60):m.end() + 60]))
print("check-neutral: %d files, %d findings" % (len(sys.argv) - 1, found))
sys.exit(found > 0)
P
