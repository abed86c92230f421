/* shape_reading: shapes whose raw values are taken apart byte by byte. */
#include "catalog/shape_reading.h"

#include "catalog/container.h"
#include "catalog/date_layout.h"

#include <string.h>

bool reading_unfit(const struct reading *r)
{
	r->event->unfilled++;
	return false;
}

bool reading_is_list(const struct reading *r)
{
	return r->event->registry->fields[r->field].list;
}

bool reading_set_text(const struct reading *r, struct text text)
{
	return !text.length || facet_set_text(r->event, r->facet, r->field, text);
}

bool reading_set_texts(const struct reading *r, const struct text *texts, size_t count)
{
	if (reading_is_list(r))
		return facet_set_texts(r->event, r->facet, r->field, texts, count);
	return count == 0 || reading_set_text(r, texts[0]);
}

bool shape_read_date(const struct reading *r, const struct text *raw, size_t count)
{
	int64_t nanoseconds;

	(void)count;
	return date_by_layout(r->use->layout, raw[0], &nanoseconds) ? reading_set_time(r, nanoseconds) : reading_unfit(r);
}

/* --- words --- */

struct words {
	struct arena *arena;
	struct text *items;
	size_t count;
};

static void add_word(struct words *words, struct text word)
{
	words->items = arena_grow(words->arena, words->items, words->count, sizeof *words->items);
	words->items[words->count++] = word;
}

/* The next word from *at on, without its quotes; a quote that does not end stands for itself. false: none is left. */
static bool next_word(struct arena *arena, struct text line, size_t *at, struct text *word)
{
	static const char blanks[] = " \t\n";
	while (*at < line.length && memchr(blanks, line.data[*at], sizeof blanks - 1))
		++*at;
	if (*at == line.length)
		return false;
	char *bytes = arena_alloc(arena, line.length - *at + 1), quote = 0;
	size_t length = 0;
	for (; *at < line.length && (quote || !memchr(blanks, line.data[*at], sizeof blanks - 1)); ++*at) {
		char byte = line.data[*at];
		bool more = *at + 1 < line.length;
		if (quote && byte == quote)
			quote = 0;
		else if (!quote && (byte == '\'' || byte == '"') && memchr(line.data + *at + 1, byte, line.length - *at - 1))
			quote = byte;
		else if (byte == '\\' && more && quote != '\'' && (!quote || strchr("\"\\$`", line.data[*at + 1])))
			bytes[length++] = line.data[++*at];
		else
			bytes[length++] = byte;
	}
	*word = (struct text){bytes, length};
	return true;
}

bool shape_read_shell_words(const struct reading *r, const struct text *raw, size_t count)
{
	struct words words = {.arena = r->event->arena};
	struct text word;

	for (size_t i = 0; i < count; i++)
		for (size_t at = 0; next_word(words.arena, raw[i], &at, &word);)
			add_word(&words, word);
	if (!reading_is_list(r))
		return reading_set_text(r, text_join(words.arena, words.items, words.count, ' '));
	return facet_set_texts(r->event, r->facet, r->field, words.items, words.count);
}

bool shape_read_lower(const struct reading *r, const struct text *raw, size_t count)
{
	struct text *lower = arena_array(r->event->arena, count, sizeof *lower);

	for (size_t i = 0; i < count; i++)
		lower[i] = text_fold(r->event->arena, raw[i]);
	return reading_set_texts(r, lower, count);
}

bool shape_read_truth(const struct reading *r, const struct text *raw, size_t count)
{
	static const char *const words[2][6] = {{"false", "no", "off", "0", "disabled", "n"},
		{"true", "yes", "on", "1", "enabled", "y"}};

	(void)count;
	for (size_t truth = 0; truth < 2; truth++) {
		for (size_t i = 0; i < sizeof words[0] / sizeof *words[0]; i++) {
			if (!text_equal_fold(raw[0], text_of(words[truth][i])))
				continue;
			return reading_set_text(r, truth ? TEXT("true") : TEXT("false"));
		}
	}
	return reading_unfit(r);
}

/* --- base64 --- */

/* 0 … 63, -1: none of the alphabet's (either of the two that RFC 4648 has). */
static int base64_digit(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	return byte == '+' || byte == '-' ? 62 : byte == '/' || byte == '_' ? 63 : -1;
}

bool shape_read_base64(const struct reading *r, const struct text *raw, size_t count)
{
	struct text text = text_trim(raw[0]);
	char *bytes = arena_alloc(r->event->arena, text.length + 1);
	size_t length = 0, digits = 0;
	uint32_t bits = 0;

	(void)count;
	for (unsigned pad = 0; pad < 2 && text.length && text.data[text.length - 1] == '='; pad++)
		text.length--;
	for (size_t i = 0; i < text.length; i++) {
		int digit = base64_digit(text.data[i]);
		if (digit < 0)
			return reading_unfit(r);
		bits = (bits << 6 | (uint32_t)digit) & 0xffffffu;
		if (++digits % 4 != 1)
			bytes[length++] = (char)(bits >> (digits % 4 == 2 ? 4 : digits % 4 == 3 ? 2 : 0) & 0xffu);
	}
	if (digits % 4 == 1)
		return reading_unfit(r);
	for (size_t i = 0; i < length; i++)
		bytes[i] = bytes[i] ? bytes[i] : ' ';
	return reading_set_text(r, text_trim((struct text){bytes, length}));
}

/* --- ADDRESS:port --- */

/* Where the port begins; text.length: there is none. An address of IPv6 without brackets has none. */
static size_t port_of(struct text text)
{
	size_t colon = text_find(text, ':');
	if (text.length && text.data[0] == '[')
		colon = text_find(text, ']') + 1;
	else if (text_contains(text_slice(text, colon + 1, text.length), TEXT(":"), false))
		return text.length;
	return colon < text.length && text.data[colon] == ':' ? colon + 1 : text.length;
}

bool shape_read_address_ip(const struct reading *r, const struct text *raw, size_t count)
{
	size_t port = port_of(raw[0]);
	struct text address = text_slice(raw[0], 0, port < raw[0].length ? port - 1 : port);

	(void)count;
	if (address.length > 1 && address.data[0] == '[' && address.data[address.length - 1] == ']')
		address = text_slice(address, 1, address.length - 1);
	return reading_set_text(r, address);
}

bool shape_read_address_port(const struct reading *r, const struct text *raw, size_t count)
{
	(void)count;
	return reading_set_text(r, text_slice(raw[0], port_of(raw[0]), raw[0].length));
}

/* --- mounts --- */

/* source:destination[:mode]; a lone path is a volume without a name. */
static struct text bind(struct arena *arena, struct text raw)
{
	size_t first = text_find(raw, ':');
	struct text rest = text_slice(raw, first + 1, raw.length);
	size_t second = text_find(rest, ':');

	if (first >= raw.length)
		return container_mount(arena, TEXT(""), raw, TEXT(""));
	return container_mount(arena, text_slice(raw, 0, first), text_slice(rest, 0, second),
		text_slice(rest, second + 1, rest.length));
}

bool shape_read_binds(const struct reading *r, const struct text *raw, size_t count)
{
	struct text *mounts = arena_array(r->event->arena, count, sizeof *mounts);

	for (size_t i = 0; i < count; i++)
		mounts[i] = bind(r->event->arena, raw[i]);
	return reading_set_texts(r, mounts, count);
}
