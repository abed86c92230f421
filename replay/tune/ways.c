/* ways: see ways.h. */
#include "replay/tune/ways.h"

/* The field's length where the way is `FIELD == "VALUE"` and no more; 0: it is not. */
static size_t asked_field(struct text way)
{
	static const struct text equals = {" == \"", 5};
	const size_t field = text_find(way, ' ');
	size_t at = field + equals.length;
	if (!text_starts(text_slice(way, field < way.length ? field : way.length, way.length), equals, false))
		return 0;
	while (at < way.length && way.data[at] != '"')
		at += way.data[at] == '\\' ? 2 : 1;
	return at + 1 == way.length ? field : 0;
}

static bool ask_one_field(const struct text *ways, size_t count)
{
	const size_t field = asked_field(ways[0]);
	bool same = field > 0;
	for (size_t i = 1; same && i < count; i++)
		same = asked_field(ways[i]) == field && text_equal(text_slice(ways[i], 0, field), text_slice(ways[0], 0, field));
	return same;
}

void ways_print(const struct text *ways, size_t count, struct buffer *out)
{
	const bool list = count > 1 && ask_one_field(ways, count);
	const size_t value = list ? asked_field(ways[0]) + 4 : 0; /* behind FIELD, " == " */
	if (list)
		buffer_printf(out, "%.*s in ", TEXT_ARGS(text_slice(ways[0], 0, asked_field(ways[0]))));
	for (size_t i = 0; i < count; i++) {
		struct text way = text_slice(ways[i], value, ways[i].length);
		if (list)
			buffer_printf(out, "%s%.*s", i > 0 ? ", " : "(", TEXT_ARGS(way));
		else
			buffer_printf(out, "%s(%.*s)", i > 0 ? " or " : "(", TEXT_ARGS(way));
	}
	buffer_char(out, ')');
}
