/* dialect_new: see dialect_new.h. */
#include "cli/dialect_new.h"

#include "catalog/date_layout.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct skeleton {
	const struct dialect_check *check;
	FILE *out;
	const struct check_name *time, *key; /* NULL: none was found */
	bool *used;                          /* [names] */
};

const struct dialect *dialect_blank(struct arena *arena, const struct registry *registry, const char *reads)
{
	struct diagnostics d = {0};
	struct yaml *document;
	size_t count;
	const struct dialect *dialect = NULL;
	struct text source = text_of(arena_printf(arena, "name: blank\nreads: %s\ngroups: [{name: all, other: log}]\n", reads));
	if (yaml_parse(arena, source, "blank", NULL, &d, &document, &count) == 0)
		dialect = dialect_load(arena, registry, document, &d);
	diagnostics_free(&d);
	return dialect;
}

/* A YAML scalar, in quotes where it would be something else without. */
static void put_text(FILE *out, struct text text)
{
	bool plain = text.length > 0 && text.data[0] != '-' && text.data[0] != '.';
	for (size_t i = 0; i < text.length; i++)
		plain = plain && (strchr("._-/", text.data[i]) || (text.data[i] >= 'a' && text.data[i] <= 'z') ||
			(text.data[i] >= 'A' && text.data[i] <= 'Z') || (i && text.data[i] >= '0' && text.data[i] <= '9'));
	static const char *const words[] = {"true", "false", "yes", "no", "on", "off", "null", "y", "n"};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		plain = plain && !text_equal_fold(text, text_of(words[i]));
	if (plain) {
		fprintf(out, "%.*s", TEXT_ARGS(text));
		return;
	}
	fputc('"', out);
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte < ' ' || byte == 0x7f)
			fprintf(out, "\\x%02x", byte);
		else
			fprintf(out, byte == '"' || byte == '\\' ? "\\%c" : "%c", byte);
	}
	fputc('"', out);
}

/* The value as a comment: on one line. */
static void put_example(const struct skeleton *s, const struct check_name *name)
{
	fprintf(s->out, "%" PRIu64 "x ", name->count);
	put_text(s->out, name->example);
}

/* --- time --- */

struct time_form {
	const char *shape; /* NULL: as it stands */
	size_t digits;
};

static const struct time_form forms[] = {{"seconds", 10}, {"milliseconds", 13}, {"microseconds", 16}, {"nanoseconds", 19}};

/* A number of that many digits before a point, which is a moment of this century. */
static bool is_count(struct text text, size_t digits)
{
	size_t point = text_find(text, '.');
	if (point != digits || text.data[0] != '1')
		return false;
	for (size_t i = 0; i < text.length; i++)
		if ((text.data[i] < '0' || text.data[i] > '9') && i != point)
			return false;
	return true;
}

/* Where day and month may stand in either order nothing is guessed. */
static const char *const layouts[] = {"%d/%b/%Y:%H:%M:%S%f %z", "%d/%b/%Y:%H:%M:%S%f", "%d/%b/%Y %H:%M:%S%f",
	"%a %b %d %H:%M:%S %Y", "%a %b %d %H:%M:%S %Y %z", "%a, %d %b %Y %H:%M:%S%f %z", "%b %d, %Y %H:%M:%S%f",
	"%d %b %Y %H:%M:%S%f", "%Y/%m/%d %H:%M:%S%f",
	"%Y%m%d %H:%M:%S%f", "%Y%m%d%H%M%S%f", "%d.%m.%Y %H:%M:%S%f"};

/* *shape: what stands behind `shape:`; NULL: the value needs none. */
static bool is_time(struct text text, const char **shape)
{
	int64_t nanoseconds;
	*shape = NULL;
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		if (!date_by_layout(text_of(layouts[i]), text, &nanoseconds))
			continue;
		*shape = layouts[i];
		return true;
	}
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (!is_count(text, forms[i].digits))
			continue;
		*shape = forms[i].digits == 10 ? NULL : forms[i].shape;
		return true;
	}
	return text.length >= 19 && text.data[4] == '-' && date_parse(text, &nanoseconds);
}

/* The most frequent one; among equals a name that says so, then the shorter. */
static void find_time(struct skeleton *s)
{
	const char *shape;
	for (size_t i = 0; i < s->check->name_count; i++) {
		const struct check_name *name = &s->check->names[i];
		if (!is_time(name->example, &shape) || (s->time && s->time->count > name->count))
			continue;
		bool shorter = !s->time || name->name.length < s->time->name.length;
		bool says = text_contains(name->name, TEXT("time"), true) || text_contains(name->name, TEXT("ts"), true) ||
			text_contains(name->name, TEXT("date"), true);
		if (!s->time || (says && shorter))
			s->time = name;
	}
	if (s->time)
		s->used[s->time - s->check->names] = true;
}

static void put_time(const struct skeleton *s)
{
	const char *shape;
	if (!s->time) {
		fputs("# time:   the raw name of the time, or {name: …, shape: date, layout: \"%d/%b/%Y:%H:%M:%S %z\"}\n", s->out);
		return;
	}
	is_time(s->time->example, &shape);
	fputs(shape ? "time: {name: " : "time: ", s->out);
	put_text(s->out, s->time->name);
	if (shape)
		fprintf(s->out, shape[0] == '%' ? ", shape: date, layout: \"%s\"}" : ", shape: %s}", shape);
	fputs(" # ", s->out);
	put_example(s, s->time);
	fputc('\n', s->out);
}

/* --- events --- */

struct event_guess {
	unsigned category, action;
};

static bool match_names(const struct dialect_event *event, struct text value, bool alone)
{
	if (alone && event->match_count > 1)
		return false;
	for (size_t i = 0; i < event->match_count; i++)
		for (size_t k = 0; event->matches[i].kind == MATCH_EQUAL && k < event->matches[i].count; k++)
			if (value.length > 2 && text_equal_fold(event->matches[i].values[k], value))
				return true;
	return false;
}

static bool look_for_event(const struct dialect *dialect, struct text value, bool alone, struct event_guess *guess)
{
	for (size_t i = 0; i < dialect->group_count; i++) {
		for (size_t k = 0; k < dialect->groups[i].event_count; k++) {
			const struct dialect_event *event = &dialect->groups[i].events[k];
			if (!(event->use & USE_READ) || !match_names(event, value, alone))
				continue;
			*guess = (struct event_guess){event->category, event->action};
			return true;
		}
	}
	return false;
}

/* What some dialect of the catalog calls an event of that name: one that the name alone tells, where there is such. */
static bool guess_event(const struct catalog *catalog, struct text value, struct event_guess *guess)
{
	uint64_t number;
	if (text_to_ulong_base(value, 10, &number) || text_equal_fold(value, TEXT("true")) || text_equal_fold(value, TEXT("false")))
		return false;
	for (int alone = 1; alone >= 0; alone--)
		for (size_t i = 0; i < catalog->dialect_count; i++)
			if (catalog->dialects[i]->reads.length && look_for_event(catalog->dialects[i], value, alone, guess))
				return true;
	return false;
}

/* The name of few values of which most are known as events. */
static void find_key(struct skeleton *s)
{
	uint64_t best = 0;
	for (size_t i = 0; i < s->check->name_count; i++) {
		const struct check_name *name = &s->check->names[i];
		uint64_t known = 0;
		struct event_guess guess;
		if (name->many || s->used[i] || name->count * 2 <= s->check->ledger.events)
			continue;
		for (size_t k = 0; k < name->value_count; k++)
			known += guess_event(s->check->catalog, name->values[k].text, &guess) ? name->values[k].count : 0;
		if (known > best && known * 2 > name->count) {
			best = known;
			s->key = name;
		}
	}
	if (s->key)
		s->used[s->key - s->check->names] = true;
}

static void put_event(const struct skeleton *s, const struct check_value *value)
{
	const struct registry *registry = &s->check->catalog->registry;
	struct event_guess guess;
	bool known = guess_event(s->check->catalog, value->text, &guess);
	fputs(known ? "      - {event: " : "      # - {event: ?", s->out);
	if (known)
		fprintf(s->out, "%.*s.%.*s", TEXT_ARGS(registry->categories[guess.category].name),
			TEXT_ARGS(registry->actions[guess.action].name));
	fputs(", match: {", s->out);
	put_text(s->out, s->key->name);
	fputs(": ", s->out);
	put_text(s->out, value->text);
	fprintf(s->out, "}} # %" PRIu64 "x\n", value->count);
}

/* Names of few values that most records have. */
static void put_candidates(const struct skeleton *s)
{
	for (size_t i = 0; i < s->check->name_count; i++) {
		const struct check_name *name = &s->check->names[i];
		if (s->used[i] || name->many || name->value_count < 2 || name->count * 2 < s->check->ledger.events)
			continue;
		if (name->value_count * 3 > name->count && name->value_count > 12)
			continue;
		fputs("      #   ", s->out);
		put_text(s->out, name->name);
		fputc(':', s->out);
		for (size_t k = 0; k < name->value_count; k++) {
			fputs(k ? ", " : " ", s->out);
			put_text(s->out, name->values[k].text);
			fprintf(s->out, " %" PRIu64 "x", name->values[k].count);
		}
		fputc('\n', s->out);
	}
}

static void put_events(const struct skeleton *s)
{
	fputs("    events: # category.action: mews list events\n", s->out);
	for (size_t i = 0; s->key && i < s->key->value_count; i++)
		put_event(s, &s->key->values[i]);
	if (s->key)
		return;
	fputs("      # What tells the events apart? match: {NAME: [VALUE, …]}\n", s->out);
	put_candidates(s);
	fputs("      - {event: process.other}\n", s->out);
}

/* --- fields --- */

static void put_field(struct skeleton *s, size_t index)
{
	const struct check_name *name = &s->check->names[index];
	const struct field *field = &s->check->catalog->registry.fields[name->field];
	fputs("      ", s->out);
	put_text(s->out, field->name);
	fputs(": ", s->out);
	put_text(s->out, name->name);
	fputs(" # ", s->out);
	put_example(s, name);
	fputc('\n', s->out);
	s->used[index] = true;
}

static size_t dots(struct text name)
{
	size_t count = 0;
	for (size_t i = 0; i < name.length; i++)
		count += name.data[i] == '.';
	return count;
}

/* Of the names that may be a field the most alike, of these the most frequent. */
static const struct check_name *name_for(const struct skeleton *s, unsigned field)
{
	const struct check_name *best = NULL;
	for (size_t i = 0; i < s->check->name_count; i++) {
		const struct check_name *name = &s->check->names[i];
		bool near = name->likeness > 1 || (name->likeness && dots(name->name) < 3);
		if (!s->used[i] && name->field == field && near && (!best || name->likeness > best->likeness))
			best = name;
	}
	return best;
}

static void put_fields(struct skeleton *s)
{
	fputs("    fields: # mews list fields; guesses by what other dialects know\n", s->out);
	for (unsigned field = FIELD_OUTCOME; field < s->check->catalog->registry.field_count; field++) {
		const struct check_name *name = name_for(s, field);
		if (name)
			put_field(s, (size_t)(name - s->check->names));
	}
	fputs("      # What nobody knows yet:\n", s->out);
	for (size_t i = 0; i < s->check->name_count; i++) {
		if (s->used[i])
			continue;
		fputs("      # ?: ", s->out);
		put_text(s->out, s->check->names[i].name);
		fputs(" # ", s->out);
		put_example(s, &s->check->names[i]);
		fputc('\n', s->out);
	}
}

void dialect_new_print(const struct dialect_check *check, const char *name, const char *sample, FILE *out)
{
	struct skeleton s = {.check = check, .out = out};
	s.used = arena_array(check->arena, check->name_count + 1, sizeof *s.used);
	find_time(&s);
	find_key(&s);
	fprintf(out, "# Guessed from %" PRIu64 " records. Go on with: mews dialect check %s.yaml %s\n", check->ledger.events,
		name, sample);
	fprintf(out, "name: %s\ntitle: %s\nreads: %.*s\n", name, name, TEXT_ARGS(check->dialect->reads));
	fputs("# missing: [\"-\"]   raw values that mean \"no value\"\n", out);
	put_time(&s);
	fprintf(out, "groups:\n  - name: %s\n", name);
	if (s.key) {
		fputs("    when: {", out);
		put_text(out, s.key->name);
		fputs(": \"*\"} # which records are of this product\n", out);
	}
	fputs("    other: process # what no event fits\n", out);
	put_events(&s);
	put_fields(&s);
}
