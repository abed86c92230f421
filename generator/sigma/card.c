/* card: title, dates, tags, level. */
#include "generator/sigma/card.h"

#include <stdarg.h>

/* Said in the detection's file, though the rule means the same: it stays taken exactly. */
static void remark(struct taking *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void remark(struct taking *t, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	reason_add(t->import->arena, &t->item->notes, arena_vprintf(t->import->arena, format, arguments));
	va_end(arguments);
}

static const struct {
	const char *name;
	enum status status;
} statuses[] = {
	{"stable", STATUS_STABLE}, {"test", STATUS_TEST}, {"experimental", STATUS_EXPERIMENTAL},
	{"deprecated", STATUS_DEPRECATED}, {"unsupported", STATUS_DEPRECATED},
};

static void read_status(struct taking *t, struct draft *draft)
{
	struct text status = t->document->status;

	for (size_t i = 0; i < sizeof(statuses) / sizeof(*statuses); i++) {
		if (text_equal_fold(status, text_of(statuses[i].name)))
			draft->status = statuses[i].status;
	}
	if (text_equal_fold(status, TEXT("unsupported")))
		remark(t, "the rule's status is unsupported");
}

static void add(struct arena *arena, struct texts *texts, struct text text)
{
	struct text *items = arena_grow(arena, (struct text *)texts->items, texts->count, sizeof(*items));

	items[texts->count++] = text;
	texts->items = items;
}

static bool has(const struct texts *texts, struct text text)
{
	for (size_t i = 0; i < texts->count; i++) {
		if (text_equal(texts->items[i], text))
			return true;
	}
	return false;
}

/* attack.t1053.003 → T1053.003. */
static bool technique_of(struct arena *arena, struct text tag, struct text *technique)
{
	struct text rest = text_slice(tag, 7, tag.length);
	char *out = arena_strndup(arena, rest.data, rest.length);

	if (!text_starts(tag, TEXT("attack.t"), true) || (rest.length != 5 && rest.length != 9))
		return false;
	out[0] = 'T';
	for (size_t i = 1; i < rest.length; i++) {
		if (i == 5 ? out[i] != '.' : (out[i] < '0' || out[i] > '9'))
			return false;
	}
	*technique = text_of(out);
	return true;
}

static void read_tags(struct taking *t, struct draft *draft)
{
	const struct texts *tags = &t->document->tags;
	struct buffer lost = {0};
	struct text technique;

	for (size_t i = 0; i < tags->count; i++) {
		if (technique_of(t->import->arena, tags->items[i], &technique)) {
			if (!has(&draft->techniques, technique))
				add(t->import->arena, &draft->techniques, technique);
			continue;
		}
		buffer_printf(&lost, "%s%.*s", lost.length ? ", " : "", TEXT_ARGS(tags->items[i]));
	}
	if (lost.length)
		remark(t, "further tags: %.*s", TEXT_ARGS(buffer_view(&lost)));
	buffer_free(&lost);
}

static bool is_https(struct text url)
{
	for (size_t i = 0; i < url.length; i++) {
		if ((unsigned char)url.data[i] <= ' ')
			return false;
	}
	return url.length > 8 && text_starts(url, TEXT("https://"), false) && url.data[8] != '/';
}

static void read_references(struct taking *t, struct draft *draft)
{
	const struct texts *references = &t->document->references;

	for (size_t i = 0; i < references->count; i++) {
		if (!is_https(references->items[i]))
			remark(t, "a further reference: %.*s", TEXT_ARGS(references->items[i]));
		else if (!has(&draft->references, references->items[i]))
			add(t->import->arena, &draft->references, references->items[i]);
	}
}

static struct text date_of(struct taking *t, struct text date)
{
	static const char form[] = "dddd-dd-dd";
	bool good = date.length == sizeof(form) - 1;

	for (size_t i = 0; good && form[i]; i++)
		good = form[i] == 'd' ? date.data[i] >= '0' && date.data[i] <= '9' : date.data[i] == form[i];
	int64_t nanoseconds;

	if (good && date_parse(date, &nanoseconds))
		return date;
	if (date.length)
		remark(t, "a date that is none: %.*s", TEXT_ARGS(date));
	return TEXT("");
}

static const struct {
	const char *product, *surface;
} surfaces[] = {{"linux", "host"}, {"windows", "host"}, {"macos", "host"}, {"kubernetes", "orchestrator"}};

void card_read(struct taking *t)
{
	const struct sigma_document *document = t->document;
	struct draft *draft = t->item->draft;

	draft->id = document->id;
	draft->title = document->title;
	draft->description = document->description;
	draft->author = document->author;
	draft->date = date_of(t, document->date);
	draft->modified = date_of(t, document->modified);
	draft->false_positives = document->false_positives;
	read_status(t, draft);
	if (document->level.length == 0)
		remark(t, "the rule has no level: medium is assumed");
	else if (!severity_from_name(text_fold(t->import->arena, document->level), &draft->severity))
		remark(t, "the rule's level is not known: %.*s", TEXT_ARGS(document->level));
	read_tags(t, draft);
	read_references(t, draft);
	for (size_t i = 0; i < sizeof(surfaces) / sizeof(*surfaces); i++) {
		if (text_is(document->logsource.product, surfaces[i].product))
			draft->surface = text_of(surfaces[i].surface);
	}
	if (document->unkept.length)
		remark(t, "not kept: %.*s", TEXT_ARGS(document->unkept));
}
