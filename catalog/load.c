/*
 * load: what the loaders of detections, organizations and lists share.
 */
#include "catalog/load.h"

#include <string.h>

enum { NAME_MAX_BYTES = 100 };

const char *const target_names[TARGET_MAX + 1] = {"falco", "sigma", "auditd", "elastic", "rsyslog", NULL};

static const struct yaml_shape target_shape[] = {
	{"condition", YAML_REQUIRED, &yaml_condition, "The condition that this target is asked."},
	{0},
};

const struct yaml_form targets_form = {.sort = YAML_TABLE, .pattern = "^(falco|sigma|auditd|elastic|rsyslog)$", .sample = "falco",
	.of = YAML_FORM(.sort = YAML_EITHER, .of = YAML_FORMS({.sort = YAML_EQL, .pattern = "\\S"},
		{.sort = YAML_RECORD, .shape = target_shape}))};

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool is_lower(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

static bool is_word(char byte)
{
	return is_lower(byte) || is_digit(byte) || byte == '_' || (byte >= 'A' && byte <= 'Z');
}

static bool is_blank(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

bool name_is_slug(struct text name)
{
	if (!name.length || name.length > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < name.length; i++) {
		bool edge = i == 0 || i + 1 == name.length;
		if (name.data[i] == '-' && (edge || name.data[i - 1] == '-'))
			return false;
		if (name.data[i] != '-' && !is_lower(name.data[i]) && !is_digit(name.data[i]))
			return false;
	}
	return true;
}

bool name_is_identifier(struct text name)
{
	if (!name.length || name.length > NAME_MAX_BYTES || is_digit(name.data[0]))
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (!is_word(name.data[i]))
			return false;
	return true;
}

/* Does the text have the form of the pattern? `9` is a digit, `x` a hex digit, all else itself. */
static bool has_form(struct text text, const char *form)
{
	if (text.length != strlen(form))
		return false;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool hex = is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
		bool fits = form[i] == '9' ? is_digit(byte) : form[i] == 'x' ? hex : byte == form[i];
		if (!fits)
			return false;
	}
	return true;
}

bool date_is_valid(struct text date)
{
	static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t year, month, day;
	if (!has_form(date, "9999-99-99"))
		return false;
	if (!text_to_long(text_slice(date, 0, 4), &year) || !text_to_long(text_slice(date, 5, 7), &month) ||
		!text_to_long(text_slice(date, 8, 10), &day))
		return false;
	if (month < 1 || month > 12 || day < 1)
		return false;
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return day <= days[month - 1] + (month == 2 && leap);
}

bool uuid_is_valid(struct text uuid)
{
	return has_form(uuid, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx");
}

bool technique_is_valid(struct text technique)
{
	return has_form(technique, "T9999") || has_form(technique, "T9999.999");
}

int load_text(const struct yaml *mapping, const char *key, struct diagnostics *d, struct text *text)
{
	const struct yaml *node = yaml_get(mapping, key);
	struct text whole;
	if (!node || node->kind != YAML_SCALAR)
		return 0; /* missing or misshapen: yaml_check's to report */
	if (yaml_text(node, d, key, &whole))
		return -1;
	whole = text_trim(whole);
	if (!whole.length)
		return yaml_error(d, node, "%s is empty", key);
	*text = whole;
	return 0;
}

int load_valid(const struct yaml *mapping, const char *key, bool (*valid)(struct text), const char *shape,
	struct diagnostics *d, struct text *text)
{
	struct text found = {0};
	if (load_text(mapping, key, d, &found))
		return -1;
	if (!found.length)
		return 0;
	if (!valid(found))
		return yaml_error(d, yaml_get(mapping, key), "%s must be %s, not \"%.*s\"", key, shape, TEXT_ARGS(found));
	*text = found;
	return 0;
}

int load_choice(const struct yaml *mapping, const char *key, const char *const *names, size_t count,
	struct diagnostics *d, unsigned *choice)
{
	struct text found = {0};
	if (load_text(mapping, key, d, &found))
		return -1;
	if (!found.length)
		return 0;
	struct buffer all = {0};
	for (unsigned i = 0; i < count; i++) {
		if (text_is(found, names[i])) {
			*choice = i;
			buffer_free(&all);
			return 0;
		}
		buffer_printf(&all, "%s%s", i == 0 ? "" : i + 1 == count ? " or " : ", ", names[i]);
	}
	yaml_error(d, yaml_get(mapping, key), "%s must be %s, not \"%.*s\"", key, all.data, TEXT_ARGS(found));
	buffer_free(&all);
	return -1;
}

static bool named_before(const struct text *texts, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (text_equal(texts[i], texts[index]))
			return true;
	return false;
}

int load_texts(struct arena *arena, const struct yaml *mapping, const char *key, bool (*valid)(struct text),
	const char *shape, struct diagnostics *d, struct texts *texts)
{
	const struct yaml *node = yaml_get(mapping, key);
	struct text *items;
	size_t count, errors = d->errors;
	if (!node || node->kind == YAML_NULL)
		return 0;
	if (yaml_texts(node, arena, d, key, &items, &count))
		return -1;
	for (size_t i = 0; i < count; i++) {
		const struct yaml *item = node->kind == YAML_SEQUENCE ? &node->items[i] : node;
		items[i] = text_trim(items[i]);
		if (!items[i].length)
			yaml_error(d, item, "%s has an empty item", key);
		else if (valid && !valid(items[i]))
			yaml_error(d, item, "%s must be %s, not \"%.*s\"", key, shape, TEXT_ARGS(items[i]));
		else if (named_before(items, i))
			yaml_error(d, item, "%s names \"%.*s\" twice", key, TEXT_ARGS(items[i]));
	}
	*texts = (struct texts){items, count};
	return d->errors == errors ? 0 : -1;
}

const struct place *load_places(struct arena *arena, const struct yaml *mapping, const char *key)
{
	const struct yaml *node = yaml_get(mapping, key);
	if (!node || node->kind == YAML_NULL || node->kind == YAML_MAPPING)
		return NULL;
	size_t count = node->kind == YAML_SEQUENCE ? node->count : 1;
	struct place *places = arena_array(arena, count, sizeof *places);
	for (size_t i = 0; i < count; i++)
		places[i] = node->kind == YAML_SEQUENCE ? node->items[i].place : node->place;
	return places;
}

int load_file_name(const struct yaml *document, struct text name, struct diagnostics *d)
{
	const char *file = document->place.file;
	if (!file || !name.length)
		return 0;
	const char *slash = strrchr(file, '/');
	struct text base = text_of(slash ? slash + 1 : file);
	bool same = base.length == name.length + 5 && text_starts(base, name, false) && text_ends(base, TEXT(".yaml"), false);
	if (same)
		return 0;
	return yaml_error(d, yaml_get(document, "name"), "the file of \"%.*s\" must be named %.*s.yaml", TEXT_ARGS(name),
		TEXT_ARGS(name));
}

/* Byte where a line begins, or document.length. */
static size_t line_start(struct text document, unsigned line)
{
	size_t at = 0;
	while (line-- > 1 && at < document.length) {
		at += text_find(text_slice(document, at, document.length), '\n');
		at += at < document.length;
	}
	return at;
}

/* Blanks before the first other byte on its own line. */
static size_t leading_spaces(struct text text)
{
	size_t spaces = 0;
	for (size_t i = 0; i < text.length && is_blank(text.data[i]); i++)
		spaces = text.data[i] == '\n' ? 0 : spaces + 1;
	return spaces;
}

static size_t count_breaks(struct text text)
{
	size_t breaks = 0;
	for (size_t i = 0; i < text.length; i++)
		breaks += text.data[i] == '\n';
	return breaks;
}

/* The part of the document from `at` on that is `text` but for blanks, or an empty text. */
static struct text written_form(struct text document, size_t at, struct text text)
{
	size_t from = at;
	for (size_t i = 0; i < text.length; i++) {
		if (is_blank(text.data[i]))
			continue;
		while (at < document.length && is_blank(document.data[at]))
			at++;
		if (at == document.length || document.data[at++] != text.data[i])
			return (struct text){0};
	}
	return text_slice(document, from, at);
}

/* Would the condition mean the same if folds were line breaks? Not if a string or a comment to the end
 * of the line crosses one. */
static bool breaks_are_blanks(struct text written)
{
	bool open = false;
	if (text_contains(written, TEXT("//"), false) || text_contains(written, TEXT("\"\"\""), false))
		return false;
	for (size_t i = 0; i < written.length; i++) {
		if (open && written.data[i] == '\\')
			i++;
		else if (written.data[i] == '"')
			open = !open;
		else if (open && written.data[i] == '\n')
			return false;
	}
	return true;
}

struct scalar_source scalar_source(const struct yaml *scalar)
{
	struct scalar_source source = {.text = scalar->text, .place = scalar->place};
	struct text document = scalar->document;
	if (!scalar->block && scalar->quoted)
		source.place.column++;
	if (!document.length || (!scalar->block && scalar->end_line <= scalar->place.line))
		return source;
	size_t at = utf8_skip(document, line_start(document, source.place.line), source.place.column - 1);
	if (scalar->block) {
		source.place.line++;
		at = line_start(document, source.place.line);
		size_t spaces = leading_spaces(text_slice(document, at, document.length));
		size_t own = leading_spaces(scalar->text);
		source.indent = spaces > own ? (unsigned)(spaces - own) : 0;
		source.place.column = source.indent + 1;
	}
	struct text written = written_form(document, at, text_trim(scalar->text));
	bool literal = count_breaks(written) == count_breaks(text_slice(scalar->text, 0, text_trim(scalar->text).length));
	if (!written.length || (scalar->block && literal) || !breaks_are_blanks(written))
		return source;
	if (scalar->block)
		source.place.column = 1;
	source.text = written;
	source.indent = 0;
	return source;
}

/* Past blanks and comments. */
static size_t skip_blank(struct text text, size_t at)
{
	while (at < text.length) {
		struct text rest = text_slice(text, at, text.length);
		if (is_blank(rest.data[0])) {
			at++;
		} else if (text_starts(rest, TEXT("//"), false)) {
			at += text_find(rest, '\n');
		} else if (text_starts(rest, TEXT("/*"), false)) {
			for (at += 2; at < text.length && !(text.data[at - 1] == '*' && text.data[at] == '/' && rest.length > 3);)
				at++;
			at += at < text.length;
		} else {
			break;
		}
	}
	return at;
}

/* Does the text begin with `WORD where`? */
static bool names_category(struct text text)
{
	size_t at = skip_blank(text, 0), from = at;
	while (at < text.length && is_word(text.data[at]))
		at++;
	if (at == from)
		return false;
	size_t next = skip_blank(text, at);
	struct text rest = text_slice(text, next, text.length);
	return next > at && text_starts(rest, TEXT("where"), false) && (rest.length == 5 || !is_word(rest.data[5]));
}

struct condition *load_condition(struct arena *arena, const struct scope *scope, const struct yaml *scalar,
	bool expression, struct diagnostics *d)
{
	if (scalar->kind != YAML_SCALAR) {
		yaml_error(d, scalar, "a condition must be a text");
		return NULL;
	}
	if (!text_trim(scalar->text).length) {
		yaml_error(d, scalar, "the condition is empty");
		return NULL;
	}
	struct scalar_source source = scalar_source(scalar);
	bool bare = expression && !names_category(source.text);
	struct condition *condition = (bare ? condition_parse_expression : condition_parse)(arena, scope, source.text,
		source.place, source.indent, scalar->document, d);
	if (condition)
		condition->source = text_trim(scalar->text);
	return condition;
}

static bool target_is_known(struct text name)
{
	for (size_t i = 0; target_names[i]; i++)
		if (text_is(name, target_names[i]))
			return true;
	return false;
}

static int load_target(const struct yaml *mapping, size_t index, struct diagnostics *d, struct target_override *target)
{
	const struct yaml *node = &mapping->items[index];
	target->target = mapping->keys[index].text;
	if (!target_is_known(target->target))
		return yaml_error_key(d, mapping, index, "\"%.*s\" is no target; falco, sigma and auditd are",
			TEXT_ARGS(target->target));
	if (node->kind == YAML_MAPPING) {
		if (yaml_check(node, target_shape, d, "target"))
			return -1;
		node = yaml_get(node, "condition");
	}
	if (node->kind != YAML_SCALAR || !text_trim(node->text).length)
		return yaml_error(d, node, "a target has a condition, which is a text");
	target->text = text_trim(node->text);
	target->place = scalar_source(node).place;
	return 0;
}

int load_targets(struct arena *arena, const struct yaml *mapping, struct diagnostics *d,
	struct target_override **targets, size_t *count)
{
	const struct yaml *node = yaml_get(mapping, "targets");
	size_t errors = d->errors;
	if (!node || node->kind != YAML_MAPPING || !node->count)
		return 0;
	struct target_override *all = arena_array(arena, node->count, sizeof *all);
	for (size_t i = 0; i < node->count; i++)
		load_target(node, i, d, &all[i]);
	*targets = all;
	*count = node->count;
	return d->errors == errors ? 0 : -1;
}
