/*
 * kinds: the table, in the order in which they are tried, and what kinds share.
 */
#include "replay/readers/messages/kinds.h"

#include <string.h>

const struct message_kind *const message_kinds[] = {
	&message_audit, &message_json, &message_cef, &message_sysmon, &message_sudo, &message_login, &message_account,
	&message_cron, &message_netfilter, &message_falco, &message_logfmt, &message_klog, NULL};

struct text message_name(struct arena *arena, struct text prefix, struct text key)
{
	char *out = arena_alloc(arena, prefix.length + key.length + 1);
	memcpy(out, prefix.data, prefix.length);
	memcpy(out + prefix.length, key.data, key.length);
	return (struct text){out, prefix.length + key.length};
}
