/* socket: a struct sockaddr in hex. */
#include "catalog/socket.h"

#include <arpa/inet.h>
#include <string.h>

enum { INET_LENGTH = 8, INET6_LENGTH = 24, INET6_ADDRESS = 8, SUN_PATH = 2 };

static int digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

static bool bytes_of(struct arena *arena, struct text hex, unsigned char **bytes)
{
	*bytes = arena_alloc(arena, hex.length / 2 + 1);
	for (size_t i = 0; i + 1 < hex.length; i += 2) {
		int high = digit(hex.data[i]), low = digit(hex.data[i + 1]);

		if (high < 0 || low < 0)
			return false;
		(*bytes)[i / 2] = (unsigned char)(high * 16 + low);
	}
	return hex.length % 2 == 0;
}

static struct text path_of(struct arena *arena, const unsigned char *bytes, size_t length)
{
	char *path = arena_strndup(arena, (const char *)bytes, length);
	size_t end = length > 0 && path[0] == '\0' ? 1 : 0;

	while (end < length && path[end] != '\0')
		end++;
	if (end > 0 && path[0] == '\0')
		path[0] = '@';
	return end == 1 && path[0] == '@' ? TEXT("") : (struct text){path, end};
}

static struct text ip_of(struct arena *arena, int family, const unsigned char *bytes)
{
	static const unsigned char mapped[12] = {[10] = 0xff, [11] = 0xff};
	char text[INET6_ADDRSTRLEN];

	if (family == AF_INET6 && memcmp(bytes, mapped, sizeof(mapped)) == 0)
		return ip_of(arena, AF_INET, bytes + sizeof(mapped));
	if (inet_ntop(family, bytes, text, sizeof(text)) == NULL)
		return TEXT("");
	return text_of(arena_printf(arena, "%s", text));
}

bool socket_address_read(struct arena *arena, struct text hex, struct socket_address *address)
{
	unsigned char *bytes;
	size_t length = hex.length / 2;

	if (!bytes_of(arena, hex, &bytes) || length < SUN_PATH || bytes[1] != 0)
		return false;
	*address = (struct socket_address){(enum socket_family)bytes[0], {NULL, 0}, 0};
	if (bytes[0] == SOCKET_UNIX) {
		address->text = path_of(arena, bytes + SUN_PATH, length - SUN_PATH);
		return true;
	}
	if ((bytes[0] != SOCKET_INET || length < INET_LENGTH) && (bytes[0] != SOCKET_INET6 || length < INET6_LENGTH))
		return false;
	address->port = (uint16_t)(bytes[2] << 8 | bytes[3]);
	address->text = bytes[0] == SOCKET_INET ? ip_of(arena, AF_INET, bytes + 4) : ip_of(arena, AF_INET6, bytes + INET6_ADDRESS);
	return true;
}
