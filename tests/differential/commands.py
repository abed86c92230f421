#!/usr/bin/env python3
"""What command_line finds in shell text against what bash runs.

  commands.py COMMANDS [COUNT]      COMMANDS: build/tests/differential/commands

Scripts are made of pieces (quotes, lists, redirections, compound commands, wrappers) by a fixed seed. bash runs each in an
empty folder with a PATH of one recorder under several names: it notes its argument list, and runs what a wrapper would. Both
must list the same programs with the same words (in any order: pipes run at once). Some scripts lose a byte first: what bash
refuses then is only counted, ours need not see every error.
"""
import os
import random
import subprocess
import sys
import tempfile

COMMANDS = os.path.abspath(sys.argv[1])
COUNT = int(sys.argv[2]) if len(sys.argv) > 2 else 1500
NAMES = ["alpha", "beta", "gamma", "delta"]
WRAPPERS = ["sudo", "env", "nohup", "nice", "timeout", "xargs", "setsid", "stdbuf"]
RECORDER = """#!/bin/bash
line=
name=${0##*/}
for word in "$name" "$@"; do
	LC_ALL=C
	out=
	for ((i = 0; i < ${#word}; i++)); do
		byte=${word:i:1}
		case $byte in
		[\\ -\\[\\]-~]) out+=$byte ;;
		*) printf -v byte '\\\\%02x' "'$byte"; out+=$byte ;;
		esac
	done
	line+="[$out]"
done
printf '%s\\n' "$line" >>"$RECORD"
case $name in
sudo) while [[ $1 == -* ]]; do case $1 in -u) shift 2 ;; --) shift; break ;; *) shift ;; esac; done ;;
env) while [[ $1 == -* ]]; do case $1 in -u) shift 2 ;; *) shift ;; esac; done ;;
nice) while [[ $1 == -* ]]; do case $1 in -n) shift 2 ;; *) shift ;; esac; done ;;
timeout) while [[ $1 == -* ]]; do case $1 in -k | -s) shift 2 ;; *) shift ;; esac; done; shift ;;
xargs) while [[ $1 == -* ]]; do case $1 in -n | -I) shift 2 ;; *) shift ;; esac; done ;;
stdbuf) while [[ $1 == -* ]]; do case $1 in -o) shift 2 ;; *) shift ;; esac; done ;;
nohup | setsid) ;;
sh | bash) [[ $1 == -c ]] && exec /bin/bash -c "$2"; exit ;;
*) exit 0 ;;
esac
while [[ $1 == *=* ]]; do shift; done
[ $# -eq 0 ] || exec "$@"
"""


class Maker:
    def __init__(self, chance):
        self.chance = chance

    def word(self):
        c = self.chance
        plain = c.choice(["a", "bc", "-x", "--long=v", "/etc/passwd", "1", "x=y", "a.b", "%s", "@", "a:b", "é", "^"])
        kind = c.randrange(14)
        if kind == 0:
            return "'" + c.choice(["", "a b", "$x", "\\", "a\nb", "\"", ";|&", "#"]) + "'"
        if kind == 1:
            return '"' + c.choice(["", "a b", "\\$x", "\\\\", "a\nb", "'", ";|&", "\\\"", "\\a", "a\\\nb", "#"]) + '"'
        if kind == 2:
            return "$'" + c.choice(["\\t", "a\\nb", "\\x41\\101", "\\'", "\\\\", "\\u00e9", "\\e[0m", "\\q"]) + "'"
        if kind == 3:
            return c.choice(["\\ ", "\\$", "\\\"", "\\'", "\\;", "\\a", "a\\\nb", "\\#", "\\\\"])
        if kind == 4:
            return c.choice(["{a,b}", "x{1..3}y", "{a,b{c,d}}", "{a}", "{}", "{,z}w", "{3..1}", "{a..c}", "{01..03}", "a{b", "{a,'b c'}", "{1..9..4}"])
        if kind == 5:
            return plain + self.word()
        if kind == 6:
            return "a#b"
        return plain

    def words(self):
        return "".join(" " * self.chance.randint(1, 2) + self.word() for _ in range(self.chance.randint(0, 4)))

    def redirect(self):
        return self.chance.choice([" >out", " 2>/dev/null", " >>log", " <in", " 2>&1", " &>both", " >|over", " <<<word", " <<<'a b'", " 3<>rw"])

    def simple(self, depth):
        c = self.chance
        text = "".join(c.choice(["A=1 ", "B='x y' ", "C= "]) for _ in range(c.choice([0, 0, 0, 1, 2])))
        kind = c.randrange(12) if depth < 3 else 99
        if kind == 0:
            wrapper = c.choice([f"sudo -u ci", "sudo", "env A=1", "env -i B=2 C=3", "nohup", "nice -n 5", "timeout 5", "timeout -k 1 5", "xargs -n 1",
                                "setsid", "stdbuf -o L", "exec", "command"])
            if wrapper == "exec":
                return f"({text}exec {c.choice(NAMES)}{self.words()})"
            text += wrapper + " "
        elif kind == 1:
            inner = self.line(depth + 2).replace("B='x y'", "B=x").replace("'", "").replace("$", "")
            return f"{c.choice(['sh', 'bash'])} -c '{inner}'" if balanced(inner) else c.choice(NAMES)
        elif kind == 2:
            return c.choice([": x", ":", "true", "let 1", "cd .", "export D=1", "test a = a", "[ a = a ]"])
        return text + c.choice(NAMES) + self.words() + (self.redirect() if c.random() < 0.25 else "")

    def command(self, depth):
        c = self.chance
        kind = c.randrange(16) if depth < 3 else 99
        inner = depth + 1
        if kind == 0:
            return f"( {self.line(inner)} )"
        if kind == 1:
            return "{ " + self.line(inner) + "; }"
        if kind == 2:
            return f"if alpha; then {self.line(inner)}; fi"
        if kind == 3:
            return f"for i in 1; do {self.line(inner)}; done"
        if kind == 4:
            return f"case x in (y) ;; x|z) {self.line(inner)} ;; esac"
        if kind == 5:
            text = self.line(inner).replace("<<E\n", "in\n") # bash 5.2 itself stumbles over here-documents in there
            return f": $( {text})" if self.chance.random() < 0.5 else f': "x$( {text})"'
        if kind == 6:
            return f"[[ a == a && -n b ]] && {self.simple(inner)}"
        if kind == 7:
            return f"while {self.simple(inner)}; do break; done"
        if kind == 8:
            body = self.simple(inner).replace("\\\n", "") # a here-document loses these before all else
            return f"gamma <<E\nx $( {body}) 'y\nE\n{self.simple(inner)}"
        if kind == 9:
            return f"! {self.simple(inner)} || :"
        if kind == 10:
            return "{ time " + self.simple(inner) + "; }"
        return self.simple(depth)

    def line(self, depth=0):
        c = self.chance
        text = self.command(depth)
        for _ in range(c.choice([0, 0, 1, 1, 2])):
            text += c.choice(["; ", " && ", " | ", "\n", " |& ", " &&\n", " # c\n"]) + self.command(depth)
        return text


def balanced(text):
    return subprocess.run(["/bin/bash", "-n", "-c", text], stderr=subprocess.DEVNULL, check=False).returncode == 0


def ours(text):
    run = subprocess.run([COMMANDS], input=text.encode(), stdout=subprocess.PIPE, check=False)
    return run.returncode, sorted(run.stdout.decode("ascii").splitlines())


def theirs(text, folder, bin_folder):
    record = os.path.join(folder, "record")
    work = os.path.join(folder, "work")
    subprocess.run(["rm", "-rf", work, record], check=True)
    os.mkdir(work)
    for name in ("in",):
        open(os.path.join(work, name), "w", encoding="ascii").close()
    open(record, "w", encoding="ascii").close()
    subprocess.run(["/bin/bash", "-c", text], cwd=work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env={"PATH": bin_folder, "RECORD": record, "LC_ALL": "C.UTF-8"}, timeout=20, check=False)
    with open(record, encoding="ascii") as source:
        return sorted(source.read().splitlines())


def main():
    chance = random.Random(20260101)
    equal = refused = lenient = 0
    different = []
    with tempfile.TemporaryDirectory() as folder:
        bin_folder = os.path.join(folder, "bin")
        os.mkdir(bin_folder)
        for name in NAMES + WRAPPERS + ["sh", "bash"]:
            path = os.path.join(bin_folder, name)
            with open(path, "w", encoding="ascii") as out:
                out.write(RECORDER)
            os.chmod(path, 0o755)
        for _ in range(COUNT):
            text = Maker(chance).line()
            lost = chance.random() < 0.1
            if lost: # a byte is lost: much of that is no shell text any more
                at = chance.randrange(len(text))
                text = text[:at] + text[at + 1:]
            status, mine = ours(text)
            if not balanced(text):
                refused += status != 0
                lenient += status == 0
                continue
            if lost or any(line[1:line.index("]")] not in NAMES + WRAPPERS + ["sh", "bash"] for line in mine if "]" in line):
                continue # a name that there is not, or a branch that is not taken any more
            bash = theirs(text, folder, bin_folder)
            if status == 0 and mine == bash:
                equal += 1
            else:
                different.append((text, bash, mine))
    for text, bash, mine in different[:10]:
        print(f"different\t{text!r}\n\tbash: {bash}\n\tours: {mine}")
    print(f"compared\t{equal} scripts with the same commands, {refused} that both refuse, {lenient} that only bash refuses, {len(different)} different")
    return 1 if different else 0


sys.exit(main())
