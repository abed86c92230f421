/*
 * sysmon: events of Sysmon for Linux, which stand in syslog as XML (xml_record.h). Read by the dialect sysmon.
 */
#include "replay/readers/messages/kinds.h"
#include "replay/readers/xml_record.h"

static void *open_parser(const struct message_place *place)
{
	(void)place;
	return xml_record_new();
}

static void close_parser(void *state)
{
	xml_record_free(state);
}

static bool fits(const struct envelope *envelope)
{
	return text_starts(envelope->message, TEXT("<Event>"), false) || text_starts(envelope->message, TEXT("<Event "), false);
}

static bool take(struct message *message)
{
	const struct dialect *dialect = catalog_dialect(message->place->options->catalog, TEXT("sysmon"));
	if (!dialect || !xml_record_take(message->state, message->envelope->message, message->record))
		return false;
	message->dialect = dialect;
	return true;
}

const struct message_kind message_sysmon = {"sysmon", true, "", "<", fits, take, open_parser, NULL, close_parser};
