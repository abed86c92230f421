/* toml: TOML 1.0 as JSON values. */
#include "generator/elastic/toml.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct toml {
	struct text source;
	size_t at;
	unsigned depth;
	const char *error;
	size_t error_at;
	json_t *root;
	json_t *table;   /* that keys go into; borrowed */
	json_t *closed;  /* set of pointers (as text) of what may not be opened again: inline tables, arrays of values */
	json_t *defined; /* the same of tables that a header has defined */
};

static bool fail(struct toml *t, const char *error)
{
	if (t->error == NULL) {
		t->error = error;
		t->error_at = t->at;
	}
	return false;
}

static char peek(const struct toml *t, size_t ahead)
{
	return t->at + ahead < t->source.length ? t->source.data[t->at + ahead] : '\0';
}

static bool ended(const struct toml *t)
{
	return t->at >= t->source.length;
}

static bool starts(const struct toml *t, const char *with)
{
	return text_starts(text_slice(t->source, t->at, t->source.length), text_of(with), false);
}

/* --- what a value may still take --- */

static void mark(json_t *set, const json_t *value)
{
	char key[32];

	snprintf(key, sizeof(key), "%p", (const void *)value);
	json_object_set_new(set, key, json_true());
}

static bool marked(const json_t *set, const json_t *value)
{
	char key[32];

	snprintf(key, sizeof(key), "%p", (const void *)value);
	return json_object_get(set, key) != NULL;
}

/* --- blanks --- */

static void skip_blanks(struct toml *t)
{
	while (peek(t, 0) == ' ' || peek(t, 0) == '\t')
		t->at++;
}

static bool take_newline(struct toml *t)
{
	if (peek(t, 0) == '\r' && peek(t, 1) == '\n')
		t->at++;
	if (peek(t, 0) != '\n')
		return false;
	t->at++;
	return true;
}

static bool is_control(char byte)
{
	return ((unsigned char)byte < ' ' && byte != '\t') || byte == 127;
}

static bool skip_comment(struct toml *t)
{
	if (peek(t, 0) != '#')
		return true;
	while (!ended(t) && peek(t, 0) != '\n' && !(peek(t, 0) == '\r' && peek(t, 1) == '\n')) {
		if (is_control(peek(t, 0)))
			return fail(t, "a control character stands in a comment");
		t->at++;
	}
	return true;
}

/* Blanks, comments and ends of lines. */
static bool skip_lines(struct toml *t)
{
	do {
		skip_blanks(t);
		if (!skip_comment(t))
			return false;
	} while (take_newline(t));
	return true;
}

static bool end_line(struct toml *t)
{
	skip_blanks(t);
	return skip_comment(t) && (ended(t) || take_newline(t) || fail(t, "the line goes on where it should end"));
}

/* --- strings --- */

static void add_character(struct buffer *out, unsigned long number)
{
	if (number < 0x80) {
		buffer_char(out, (char)number);
		return;
	}
	if (number < 0x800) {
		buffer_char(out, (char)(0xC0 | number >> 6));
	} else {
		if (number < 0x10000) {
			buffer_char(out, (char)(0xE0 | number >> 12));
		} else {
			buffer_char(out, (char)(0xF0 | number >> 18));
			buffer_char(out, (char)(0x80 | (number >> 12 & 0x3F)));
		}
		buffer_char(out, (char)(0x80 | (number >> 6 & 0x3F)));
	}
	buffer_char(out, (char)(0x80 | (number & 0x3F)));
}

static bool read_unicode(struct toml *t, size_t digits, struct buffer *out)
{
	uint64_t number;

	if (!text_to_ulong_base(text_slice(t->source, t->at, t->at + digits), 16, &number) || t->at + digits > t->source.length)
		return fail(t, "hexadecimal digits are expected here");
	if (number > 0x10FFFF || (number >= 0xD800 && number < 0xE000))
		return fail(t, "there is no such character");
	t->at += digits;
	add_character(out, (unsigned long)number);
	return true;
}

static bool read_escape(struct toml *t, struct buffer *out)
{
	static const char letters[] = "btnfr\"\\", meanings[] = "\b\t\n\f\r\"\\";
	char letter = peek(t, 0);
	const char *found = letter != '\0' ? strchr(letters, letter) : NULL;

	t->at++;
	if (found != NULL) {
		buffer_char(out, meanings[found - letters]);
		return true;
	}
	if (letter == 'u' || letter == 'U')
		return read_unicode(t, letter == 'u' ? 4 : 8, out);
	t->at--;
	return fail(t, "there is no such escape");
}

/* A backslash at the end of a line takes all blanks and lines that follow. */
static bool skip_folded(struct toml *t)
{
	size_t before = t->at;

	skip_blanks(t);
	if (!take_newline(t)) {
		t->at = before;
		return false;
	}
	while (peek(t, 0) == ' ' || peek(t, 0) == '\t' || take_newline(t)) {
		if (peek(t, 0) == ' ' || peek(t, 0) == '\t')
			t->at++;
	}
	return true;
}

/* Between triple quotes; the last of more quotes are the end. */
static bool read_lines(struct toml *t, char quote, struct buffer *out)
{
	char end[4] = {quote, quote, quote, '\0'};

	take_newline(t);
	while (!ended(t) && !starts(t, end)) {
		char byte = peek(t, 0);

		if (byte == '\\' && quote == '"') {
			t->at++;
			if (!skip_folded(t) && !read_escape(t, out))
				return false;
		} else if (take_newline(t)) {
			buffer_char(out, '\n');
		} else if (is_control(byte)) {
			return fail(t, "a control character stands in a string");
		} else {
			buffer_char(out, byte);
			t->at++;
		}
	}
	if (ended(t))
		return fail(t, "a string is not closed");
	t->at += 3;
	for (unsigned more = 0; more < 2 && peek(t, 0) == quote; more++, t->at++)
		buffer_char(out, quote);
	return true;
}

static bool read_line(struct toml *t, char quote, struct buffer *out)
{
	while (!ended(t) && peek(t, 0) != quote) {
		char byte = peek(t, 0);

		if (byte == '\n' || is_control(byte))
			return fail(t, byte == '\n' ? "a string is not closed" : "a control character stands in a string");
		t->at++;
		if (byte != '\\' || quote != '"')
			buffer_char(out, byte);
		else if (!read_escape(t, out))
			return false;
	}
	if (ended(t))
		return fail(t, "a string is not closed");
	t->at++;
	return true;
}

static bool read_string(struct toml *t, bool lines, struct buffer *out)
{
	char quote = peek(t, 0);

	if (lines && peek(t, 1) == quote && peek(t, 2) == quote) {
		t->at += 3;
		return read_lines(t, quote, out);
	}
	t->at++;
	return read_line(t, quote, out);
}

/* --- keys --- */

static bool is_bare(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_'
		|| byte == '-';
}

static bool read_key(struct toml *t, struct buffer *out)
{
	buffer_clear(out);
	skip_blanks(t);
	if (peek(t, 0) == '"' || peek(t, 0) == '\'') {
		if (!read_string(t, false, out))
			return false;
	} else {
		if (!is_bare(peek(t, 0)))
			return fail(t, "a key is expected here");
		while (is_bare(peek(t, 0)))
			buffer_char(out, t->source.data[t->at++]);
	}
	skip_blanks(t);
	if (text_find(buffer_view(out), '\0') < out->length)
		return fail(t, "a key holds a NUL");
	return true;
}

static const char *key_text(const struct buffer *key)
{
	return key->data != NULL ? key->data : "";
}

/* The table of that key within `table`, made where it is missing; of an array of tables the last one. */
static json_t *open_table(struct toml *t, json_t *table, const struct buffer *key)
{
	json_t *value = json_object_get(table, key_text(key));

	if (value == NULL) {
		value = json_object();
		if (json_object_set_new(table, key_text(key), value) != 0)
			fail(t, "a key is no UTF-8");
		return t->error == NULL ? value : NULL;
	}
	if (json_is_array(value) && !marked(t->closed, value))
		return json_array_get(value, json_array_size(value) - 1);
	if (!json_is_object(value) || marked(t->closed, value)) {
		fail(t, "the key is no table that can be gone on with");
		return NULL;
	}
	return value;
}

/* --- values --- */

static json_t *read_value(struct toml *t);

static json_t *read_text(struct toml *t)
{
	struct buffer out = {0};
	json_t *value = NULL;

	if (read_string(t, true, &out)) {
		value = json_stringn(out.data != NULL ? out.data : "", out.length);
		if (value == NULL)
			fail(t, "the string is no UTF-8");
	}
	buffer_free(&out);
	return value;
}

/* At the last bracket of what was read, which nothing may be added to; NULL: something was wrong. */
static json_t *close_value(struct toml *t, json_t *value)
{
	if (t->error == NULL) {
		t->at++;
		mark(t->closed, value);
		return value;
	}
	json_decref(value);
	return NULL;
}

static json_t *read_array(struct toml *t)
{
	json_t *array = json_array();

	t->at++;
	while (t->error == NULL && skip_lines(t) && peek(t, 0) != ']') {
		json_t *value = read_value(t);

		if (value == NULL || json_array_append_new(array, value) != 0 || !skip_lines(t))
			break;
		if (peek(t, 0) == ',')
			t->at++;
		else if (peek(t, 0) != ']')
			fail(t, "a comma or ] is expected here");
	}
	return close_value(t, array);
}

static bool read_pair(struct toml *t, json_t *table);

static json_t *read_inline(struct toml *t)
{
	json_t *table = json_object();
	bool more = true;

	t->at++;
	skip_blanks(t);
	if (peek(t, 0) == '}')
		more = false;
	while (more && t->error == NULL && read_pair(t, table)) {
		skip_blanks(t);
		more = peek(t, 0) == ',';
		if (more)
			t->at++;
		else if (peek(t, 0) != '}')
			fail(t, "a comma or } is expected here");
	}
	return close_value(t, table);
}

/* The word of a number, date or boolean; a date and a time may stand apart. */
static struct text read_word(struct toml *t)
{
	size_t from = t->at;

	while (is_bare(peek(t, 0)) || peek(t, 0) == '+' || peek(t, 0) == '.' || peek(t, 0) == ':')
		t->at++;
	if (t->at - from == 10 && peek(t, 0) == ' ' && peek(t, 1) >= '0' && peek(t, 1) <= '9' && t->source.data[from + 4] == '-') {
		t->at++;
		while (is_bare(peek(t, 0)) || peek(t, 0) == '+' || peek(t, 0) == '.' || peek(t, 0) == ':')
			t->at++;
	}
	return text_slice(t->source, from, t->at);
}

/* Digits, with single underscores between them. */
static bool without_underscores(struct text word, char *out, size_t size)
{
	size_t length = 0;

	for (size_t i = 0; i < word.length; i++) {
		bool inner = i > 0 && i + 1 < word.length;

		if (word.data[i] == '_') {
			if (!inner || word.data[i - 1] == '_' || strchr("+-.eE", word.data[i - 1]) != NULL
				|| strchr(".eE", word.data[i + 1]) != NULL)
				return false;
			continue;
		}
		if (length + 1 >= size)
			return false;
		out[length++] = word.data[i];
	}
	out[length] = '\0';
	return length > 0;
}

static bool is_date(struct text word)
{
	bool digits = word.length >= 8;

	for (size_t i = 0; i < word.length && digits; i++)
		digits = (word.data[i] >= '0' && word.data[i] <= '9') || strchr("-:.+TtZz ", word.data[i]) != NULL;
	return digits && ((word.length >= 10 && word.data[4] == '-' && word.data[7] == '-') || word.data[2] == ':');
}

static bool leading_zero(const char *digits)
{
	if (*digits == '+' || *digits == '-')
		digits++;
	return digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9';
}

static json_t *read_based(const char *digits)
{
	int base = digits[1] == 'x' ? 16 : digits[1] == 'o' ? 8 : 2;
	uint64_t number;

	if (!text_to_ulong_base(text_of(digits + 2), base, &number) || number > INT64_MAX)
		return NULL;
	return json_integer((json_int_t)number);
}

static json_t *read_float(const char *digits)
{
	const char *from = *digits == '+' || *digits == '-' ? digits + 1 : digits;
	size_t length = strlen(digits);
	char *end;
	double number;

	if (*from < '0' || *from > '9' || strpbrk(digits, ".eE") == NULL || strspn(digits, "+-0123456789.eE") != length
		|| strstr(digits, ".e") != NULL || strstr(digits, ".E") != NULL || digits[length - 1] == '.')
		return NULL;
	number = strtod(digits, &end);
	return *end == '\0' && isfinite(number) ? json_real(number) : NULL;
}

static json_t *number_of(struct text word)
{
	char digits[64];
	int64_t number;

	if (!without_underscores(word, digits, sizeof(digits)))
		return NULL;
	if (digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'o' || digits[1] == 'b'))
		return read_based(digits);
	if (leading_zero(digits))
		return NULL;
	struct text plain = text_of(digits[0] == '+' ? digits + 1 : digits);

	if (digits[0] == '+' && (digits[1] == '-' || digits[1] == '+'))
		return NULL;
	return text_to_long(plain, &number) ? json_integer(number) : read_float(digits);
}

static json_t *read_plain(struct toml *t)
{
	size_t from = t->at;
	struct text word = read_word(t);
	json_t *value = NULL;

	if (text_is(word, "true") || text_is(word, "false"))
		return json_boolean(word.data[0] == 't');
	if (is_date(word))
		return json_stringn(word.data, word.length);
	if (word.length > 0)
		value = number_of(word);
	if (value == NULL) {
		t->at = from;
		fail(t, "a value is expected here");
	}
	return value;
}

static json_t *read_value(struct toml *t)
{
	json_t *value = NULL;

	if (++t->depth > TOML_DEPTH_MAX)
		fail(t, "values are nested too deeply");
	else if (peek(t, 0) == '"' || peek(t, 0) == '\'')
		value = read_text(t);
	else if (peek(t, 0) == '[')
		value = read_array(t);
	else if (peek(t, 0) == '{')
		value = read_inline(t);
	else
		value = read_plain(t);
	t->depth--;
	return value;
}

/* --- lines --- */

/* a.b = value */
static bool read_pair(struct toml *t, json_t *table)
{
	struct buffer key = {0};
	bool fine = read_key(t, &key);
	unsigned depth = 0;

	while (fine && peek(t, 0) == '.') {
		t->at++;
		if (++depth > TOML_DEPTH_MAX)
			fail(t, "the key is nested too deeply");
		table = open_table(t, table, &key);
		if (table != NULL && marked(t->defined, table))
			fail(t, "the table was defined by a header");
		fine = t->error == NULL && read_key(t, &key);
	}
	if (fine && json_object_get(table, key_text(&key)) != NULL)
		fine = fail(t, "the key is there already");
	if (fine && peek(t, 0) != '=')
		fine = fail(t, "= is expected here");
	if (fine) {
		t->at++;
		skip_blanks(t);
		json_t *value = read_value(t);

		fine = value != NULL && (json_object_set_new(table, key_text(&key), value) == 0 || fail(t, "a key is no UTF-8"));
	}
	buffer_free(&key);
	return fine;
}

/* A new table at the end of the array of that key. */
static json_t *append_table(struct toml *t, json_t *table, const struct buffer *key)
{
	json_t *array = json_object_get(table, key_text(key)), *made;

	if (array == NULL) {
		array = json_array();
		if (json_object_set_new(table, key_text(key), array) != 0) {
			fail(t, "a key is no UTF-8");
			return NULL;
		}
	}
	if (!json_is_array(array) || marked(t->closed, array)) {
		fail(t, "the key is no array of tables");
		return NULL;
	}
	made = json_object();
	json_array_append_new(array, made);
	return made;
}

/* [a.b] and [[a.b]] */
static bool read_header(struct toml *t)
{
	bool array = peek(t, 1) == '[';
	struct buffer key = {0};
	json_t *table = t->root;

	t->at += array ? 2 : 1;
	bool fine = read_key(t, &key);
	unsigned depth = 0;

	while (fine && peek(t, 0) == '.') {
		t->at++;
		if (++depth > TOML_DEPTH_MAX)
			fail(t, "the key is nested too deeply");
		table = t->error == NULL ? open_table(t, table, &key) : NULL;
		fine = table != NULL && read_key(t, &key);
	}
	if (fine) {
		table = array ? append_table(t, table, &key) : open_table(t, table, &key);
		fine = table != NULL;
	}
	if (fine && !array && marked(t->defined, table))
		fine = fail(t, "the table is there already");
	buffer_free(&key);
	if (!fine)
		return false;
	mark(t->defined, table);
	t->table = table;
	if (!starts(t, array ? "]]" : "]"))
		return fail(t, "] is expected here");
	t->at += array ? 2 : 1;
	return true;
}

static void place_error(const struct toml *t, struct toml_error *error)
{
	*error = (struct toml_error){t->error, 1, 1};
	for (size_t i = 0; i < t->error_at && i < t->source.length; i++) {
		if (t->source.data[i] == '\n') {
			error->line++;
			error->column = 1;
		} else if ((t->source.data[i] & 0xC0) != 0x80) {
			error->column++;
		}
	}
}

json_t *toml_parse(struct text source, struct toml_error *error)
{
	struct toml t = {.source = source, .root = json_object(), .closed = json_object(), .defined = json_object()};

	t.table = t.root;
	if (text_starts(source, TEXT("\xEF\xBB\xBF"), false))
		t.at = 3;
	while (t.error == NULL && skip_lines(&t) && !ended(&t)) {
		if (peek(&t, 0) == '[' ? read_header(&t) : read_pair(&t, t.table))
			end_line(&t);
	}
	json_decref(t.closed);
	json_decref(t.defined);
	if (t.error == NULL)
		return t.root;
	place_error(&t, error);
	json_decref(t.root);
	return NULL;
}
