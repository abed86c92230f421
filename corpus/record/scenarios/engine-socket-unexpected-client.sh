# engine-socket-unexpected-client: programs other than docker's own speak to the engine's socket, on the host and from inside a container.
# shows: curl, socat and python on the socket; connect by them; the same by a container that has the socket
# as: deploy
# label: malicious
# expects: [engine-socket-unexpected-client]
# allows: [docker-socket-mount, engine-socket-connected]
act() {
    if dev; then
        curl -s --unix-socket /var/run/docker.sock http://localhost/images/json
        python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.connect("/var/run/docker.sock"); s.send(b"GET /info HTTP/1.0\r\n\r\n"); print(s.recv(300))'
        docker run --rm -v /var/run/docker.sock:/var/run/docker.sock shop/toolbox:1.4 \
            curl -s --unix-socket /var/run/docker.sock http://d/v1.41/containers/json
    else
        printf 'GET /version HTTP/1.0\r\n\r\n' | socat - UNIX-CONNECT:/run/docker.sock
        curl -s -o /tmp/all.json --unix-socket /run/docker.sock 'http://localhost/containers/json?all=true'
        docker run --rm --mount type=bind,src=/run/docker.sock,dst=/run/docker.sock shop/toolbox:1.4 \
            sh -c 'printf "GET /_ping HTTP/1.0\r\n\r\n" | socat - UNIX-CONNECT:/run/docker.sock'
        rm -f /tmp/all.json
    fi
    true
}
