/*
 * socket: a struct sockaddr in hex, as Linux audit logs it (saddr=), on a machine with little-endian words.
 *
 *   01002F72756E2F646F636B65722E736F636B00…      unix   /run/docker.sock
 *   01000062757300…                              unix   @bus: an abstract name begins with a NUL, written @
 *   0200 0947 0A000001 0000000000000000          inet   10.0.0.1, port 2375
 *   0A00 0947 flowinfo 16 bytes scope            inet6; IPv4 in IPv6 is written as IPv4
 */
#ifndef MEWS_SOCKET_H
#define MEWS_SOCKET_H

#include "catalog/text.h"

enum socket_family { SOCKET_UNIX = 1, SOCKET_INET = 2, SOCKET_INET6 = 10 };

struct socket_address {
	enum socket_family family;
	struct text text; /* path or IP address; empty: a socket without a name */
	uint16_t port;
};

/* false: no address of these families. */
bool socket_address_read(struct arena *arena, struct text hex, struct socket_address *address);

#endif
