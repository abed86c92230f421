# engine-socket-connected: a script speaks to the engine's socket; its arguments do not say so, only the kernel's connect does.
# shows: connect on the socket by an interpreter
# as: deploy
# label: malicious
# expects: [engine-socket-connected]
# allows: [engine-socket-unexpected-client]
prepare() {
    cat >/home/deploy/report.py <<'P'
import socket
s = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
s.connect(open("/home/deploy/report.conf").read().strip())
s.sendall(b"GET /containers/json?all=1 HTTP/1.0\r\n\r\n")
print(s.recv(4000))
P
    cat >/home/deploy/inventory.pl <<'P'
use Socket;
open F, "/home/deploy/report.conf"; chomp($p = <F>);
socket(S, AF_UNIX, SOCK_STREAM, 0) or die;
connect(S, sockaddr_un($p)) or die "$!";
syswrite S, "GET /images/json HTTP/1.0\r\n\r\n";
print while sysread S, $_, 4096;
P
    pick /var/run/docker.sock /run/docker.sock >/home/deploy/report.conf
}
act() {
    if dev; then
        python3 /home/deploy/report.py
    else
        perl /home/deploy/inventory.pl
        python3 /home/deploy/report.py
    fi
}
