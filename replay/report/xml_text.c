/* xml_text: see xml_text.h. */
#include "replay/report/xml_text.h"

#include <string.h>

static const char *escape_of(char byte)
{
	switch (byte) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\t': return "&#9;"; /* attributes would make these three blanks */
	case '\r': return "&#13;";
	default: return NULL;
	}
}

static bool is_allowed(const char *data, size_t step)
{
	unsigned char byte = (unsigned char)data[0];
	if (step == 1)
		return (byte >= 0x20 && byte < 0x7f) || byte == '\n';
	/* U+0080 … U+009F are allowed, and no text: terminals obey them. U+FFFE and U+FFFF are no characters. */
	bool control = byte == 0xc2 && (unsigned char)data[1] < 0xa0;
	bool none = step == 3 && (memcmp(data, "\xef\xbf\xbe", 3) == 0 || memcmp(data, "\xef\xbf\xbf", 3) == 0);
	return !control && !none;
}

void xml_text(FILE *out, struct text text)
{
	for (size_t at = 0, step; at < text.length; at += step) {
		const char *escape = escape_of(text.data[at]);
		step = utf8_step(text.data + at, text.length - at);
		if (escape)
			fputs(escape, out);
		else if (is_allowed(text.data + at, step))
			fwrite(text.data + at, 1, step, out);
		else
			fputs("\xef\xbf\xbd", out);
	}
}
