"""Stands between a client and an engine's socket and prints the API calls that pass: method, URI and JSON body.

usage: calls.py LISTEN ENGINE
"""
import json, os, socket, sys, threading, time

def copy(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    except OSError:
        pass
    try:
        target.shutdown(socket.SHUT_WR)
    except OSError:
        pass

def report(head, body):
    method, uri, _ = head.split(b"\r\n")[0].decode().split(" ", 2)
    if method in ("GET", "HEAD") and not body:
        return
    call = {"time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "method": method, "uri": uri}
    try:
        call["body"] = json.loads(body)
    except ValueError:
        pass
    print(json.dumps(call), flush=True)

def requests(client, engine):
    """Passes requests on one by one; after an upgrade bytes alone."""
    pending = b""
    try:
        while True:
            while b"\r\n\r\n" not in pending:
                if not (data := client.recv(65536)):
                    engine.shutdown(socket.SHUT_WR)
                    return
                pending += data
            head, pending = pending.split(b"\r\n\r\n", 1)
            fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
            length = int(fields.get(b"content-length", 0))
            while len(pending) < length:
                pending += client.recv(65536)
            report(head, pending[:length])
            engine.sendall(head + b"\r\n\r\n" + pending[:length])
            pending = pending[length:]
            if b"upgrade" in fields or fields.get(b"transfer-encoding") == b"chunked":
                engine.sendall(pending)
                copy(client, engine)
                return
    except OSError:
        pass

listener = socket.socket(socket.AF_UNIX)
if os.path.exists(sys.argv[1]):
    os.unlink(sys.argv[1])
listener.bind(sys.argv[1])
listener.listen(64)
while True:
    client, _ = listener.accept()
    engine = socket.socket(socket.AF_UNIX)
    engine.connect(sys.argv[2])
    threading.Thread(target=copy, args=(engine, client), daemon=True).start()
    threading.Thread(target=requests, args=(client, engine), daemon=True).start()
