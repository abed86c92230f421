/*
 * netfilter: packets that a rule of the kernel's firewall logs (iptables -j LOG, ufw, firewalld).
 *
 *   [UFW BLOCK] IN=eth0 OUT= MAC=… SRC=10.0.0.7 DST=10.0.0.1 LEN=60 … PROTO=TCP SPT=50122 DPT=22 WINDOW=64240 SYN URGP=0
 *
 * Raw names: netfilter.prefix (what the rule wrote before it), netfilter.KEY for each pair that has a value, and
 * netfilter.flags for words alone. Of a packet that stands in an error of ICMP the outer one's values are taken.
 */
#include "replay/readers/messages/kinds.h"

#include <string.h>

/* Where IN= begins, at the beginning or behind a blank; the length where it does not. */
static size_t pairs_begin(struct text message)
{
	for (size_t at = 0; at + 3 < message.length; at++)
		if (memcmp(message.data + at, "IN=", 3) == 0 && (!at || message.data[at - 1] == ' '))
			return at;
	return message.length;
}

static bool fits(const struct envelope *envelope)
{
	return text_contains(envelope->message, TEXT(" SRC="), false) && text_contains(envelope->message, TEXT(" PROTO="), false);
}

static void add_word(struct record *record, struct text word)
{
	size_t equals = text_find(word, '=');
	if (equals == word.length) {
		record_add(record, TEXT("netfilter.flags"), word);
		return;
	}
	struct text name = message_name(record->arena, TEXT("netfilter."), text_slice(word, 0, equals));
	if (equals + 1 < word.length && !record_get(record, NULL, name))
		record_add(record, name, text_slice(word, equals + 1, word.length));
}

static bool take(struct message *message)
{
	struct text text = message->envelope->message;
	size_t at = pairs_begin(text), words = 0;
	if (at == text.length)
		return false;
	struct text prefix = text_trim(text_slice(text, 0, at));
	if (prefix.length)
		record_add(message->record, TEXT("netfilter.prefix"), prefix);
	for (; at < text.length && words < ENVELOPE_NAMES_MAX; words++) {
		struct text word = text_slice(text, at, text.length);
		word = text_slice(word, 0, text_find(word, ' '));
		if (word.length)
			add_word(message->record, word);
		at += word.length + 1;
	}
	return true;
}

const struct message_kind message_netfilter = {
	.name = "netfilter", .programs = "kernel", .begins = "", .fits = fits, .take = take};
