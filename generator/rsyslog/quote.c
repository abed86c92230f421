/* quote: see quote.h. */
#include "generator/rsyslog/quote.h"

#include <string.h>

bool rsyslog_quotable(struct text text)
{
	return text.length <= RSYSLOG_TEXT_MAX && memchr(text.length > 0 ? text.data : "", '\0', text.length) == NULL;
}

void rsyslog_quote(struct buffer *out, struct text text)
{
	static const char raw[] = "\b\n\t\r\\\"$", escape[] = "bntr\\\"$";

	buffer_char(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		const char *special = memchr(raw, byte, sizeof(raw) - 1);

		if (special != NULL) {
			buffer_char(out, '\\');
			buffer_char(out, escape[special - raw]);
		} else if (byte < ' ' || byte == 127) {
			buffer_printf(out, "\\x%02x", byte);
		} else {
			buffer_char(out, (char)byte);
		}
	}
	buffer_char(out, '"');
}

void rsyslog_comment(struct buffer *out, struct text text)
{
	buffer_string(out, "# ");
	for (size_t i = 0; i < text.length; i++)
		buffer_char(out, (unsigned char)text.data[i] < ' ' || text.data[i] == 127 ? ' ' : text.data[i]);
	if (text.length > 0 && text.data[text.length - 1] == '\\')
		buffer_char(out, '.'); /* the next line is no comment */
	buffer_char(out, '\n');
}
