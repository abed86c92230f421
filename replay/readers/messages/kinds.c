/*
 * kinds: the table, in the order in which they are tried.
 */
#include "replay/readers/messages/kinds.h"

const struct message_kind *const message_kinds[] = {
	&message_audit, &message_json, &message_cef, &message_sysmon, &message_sudo, &message_login, &message_account,
	&message_cron, &message_netfilter, &message_falco, &message_logfmt, &message_klog, NULL};
