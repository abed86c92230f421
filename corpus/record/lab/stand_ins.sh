# shellcheck shell=bash
# Harmless programs under the names that attackers' tools have.
# stand_in FILE: a program that connects where an argument HOST:PORT or URL of this machine says, sends a greeting, waits, ends
stand_in() {
    [ -x /srv/lab/stand-in ] || {
        cat >/srv/lab/stand-in.c <<'C'
#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
int main(int count, char **words) {
    for (int i = 1; i < count; i++) {
        char *host = strstr(words[i], "://"), address[32] = "";
        host = host ? host + 3 : words[i];
        char *colon = strrchr(host, ':');
        if (!colon || colon - host > 31 || atoi(colon + 1) <= 0) continue;
        memcpy(address, host, colon - host);
        struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(colon + 1))};
        if (inet_pton(AF_INET, address, &to.sin_addr) != 1) continue;
        int s = socket(AF_INET, SOCK_STREAM, 0);
        if (connect(s, (struct sockaddr *)&to, sizeof to) == 0) (void)!write(s, "hello\n", 6);
    }
    usleep(700000);
    return 0;
}
C
        gcc -static -O1 -o /srv/lab/stand-in /srv/lab/stand-in.c
    }
    mkdir -p "$(dirname "$1")"
    cp /srv/lab/stand-in "$1" && chmod 755 "$1"
}
# outside ADDRESS: an address of the lab's own loopback that looks like a far one
outside() { ip addr add "$1/32" dev lo 2>/dev/null || true; }
# answer PORT [TEXT]: waits on the port of all addresses and sends each caller the text
answer() {
    socat "TCP-LISTEN:$1,fork,reuseaddr" "SYSTEM:printf '%s\\n' '${2:-ok}'" >/dev/null 2>&1 </dev/null &
    echo $! >>/run/answers
}
# serve FOLDER [PORT]: a web server on it
serve() {
    mkdir -p "$1"
    busybox httpd -p "${2:-80}" -h "$1"
    pgrep -n -f "httpd -p ${2:-80}" >>/run/answers
}
answers_stop() {
    [ ! -e /run/answers ] || xargs kill </run/answers 2>/dev/null
    rm -f /run/answers
}
