/* parse: the stream of documents, and what a rule says of itself. */
#include "generator/sigma/parse.h"

#include "generator/sigma/correlated.h"
#include "generator/sigma/scalar.h"
#include "generator/sigma/selection.h"

bool sigma_fault(struct sigma_reading *reading, struct place place, const char *format, ...)
{
	va_list arguments;

	if (reading->error != NULL)
		return false;
	va_start(arguments, format);
	reading->error = arena_vprintf(reading->arena, format, arguments);
	va_end(arguments);
	reading->place = place;
	return false;
}

/* --- what a document says of itself --- */

static struct text word_of(const struct yaml *document, const char *key)
{
	const struct yaml *node = yaml_get(document, key);

	return node != NULL && node->kind == YAML_SCALAR ? text_trim(node->text) : TEXT("");
}

struct texts sigma_words(struct sigma_reading *reading, const struct yaml *node)
{
	struct texts texts = {NULL, 0};

	if (node == NULL || (node->kind != YAML_SEQUENCE && node->kind != YAML_SCALAR))
		return texts;
	const struct yaml *items = node->kind == YAML_SEQUENCE ? node->items : node;
	size_t count = node->kind == YAML_SEQUENCE ? node->count : 1;
	struct text *words = arena_array(reading->arena, count + 1, sizeof(*words));

	for (size_t i = 0; i < count; i++) {
		if (items[i].kind == YAML_SCALAR && text_trim(items[i].text).length > 0)
			words[texts.count++] = text_trim(items[i].text);
	}
	texts.items = words;
	return texts;
}

/* 2024/01/31 of older rules is 2024-01-31. */
static struct text date_of(struct sigma_reading *reading, struct text date)
{
	char *out = arena_strndup(reading->arena, date.data, date.length);

	for (char *at = out; *at; at++) {
		if (*at == '/')
			*at = '-';
	}
	return (struct text){out, date.length};
}

/* Keys that no detection has a place for. */
static struct text unkept_of(struct sigma_reading *reading, const struct yaml *document)
{
	static const char *const kept[] = {"title", "id", "name", "status", "description", "author", "date", "modified", "level",
		"references", "tags", "falsepositives", "logsource", "detection", "correlation", "filter", "action", "vars", NULL};
	struct buffer out = {0};

	for (size_t i = 0; i < document->count; i++) {
		bool known = false;

		for (size_t k = 0; kept[k] != NULL && !known; k++)
			known = text_is(document->keys[i].text, kept[k]);
		if (!known)
			buffer_printf(&out, "%s%.*s", out.length ? ", " : "", TEXT_ARGS(document->keys[i].text));
	}
	struct text unkept = text_copy(reading->arena, buffer_view(&out));

	buffer_free(&out);
	return unkept;
}

static void read_words(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out)
{
	out->title = word_of(document, "title");
	out->id = word_of(document, "id");
	out->name = word_of(document, "name");
	out->status = word_of(document, "status");
	out->description = word_of(document, "description");
	out->author = word_of(document, "author");
	out->date = date_of(reading, word_of(document, "date"));
	out->modified = date_of(reading, word_of(document, "modified"));
	out->level = word_of(document, "level");
	out->references = sigma_words(reading, yaml_get(document, "references"));
	out->tags = sigma_words(reading, yaml_get(document, "tags"));
	out->false_positives = sigma_words(reading, yaml_get(document, "falsepositives"));
	out->unkept = unkept_of(reading, document);
}

static bool read_logsource(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out)
{
	const struct yaml *logsource = yaml_get(document, "logsource");

	if (logsource == NULL || logsource->kind != YAML_MAPPING)
		return sigma_fault(reading, document->place, "the document has no log source");
	out->logsource.product = text_fold(reading->arena, word_of(logsource, "product"));
	out->logsource.category = text_fold(reading->arena, word_of(logsource, "category"));
	out->logsource.service = text_fold(reading->arena, word_of(logsource, "service"));
	if (out->logsource.product.length + out->logsource.category.length + out->logsource.service.length == 0)
		return sigma_fault(reading, logsource->place, "the log source names no product, category or service");
	return true;
}

bool sigma_logsource_covers(const struct sigma_logsource *of, const struct sigma_logsource *logsource)
{
	return (of->product.length == 0 || text_equal(of->product, logsource->product))
		&& (of->category.length == 0 || text_equal(of->category, logsource->category))
		&& (of->service.length == 0 || text_equal(of->service, logsource->service));
}

/* --- detections --- */

static bool read_condition(struct sigma_reading *reading, const struct identifiers *identifiers, const struct yaml *node,
	struct sigma_document *out)
{
	if (node->kind != YAML_SCALAR || node->text.length == 0)
		return sigma_fault(reading, node->place, "a condition is expected here");
	struct rule_node *tree = expression_parse(reading, identifiers, node->text, node->place);

	if (tree == NULL)
		return false;
	out->conditions[out->condition_count++] = (struct sigma_condition){node->text, tree};
	return true;
}

static bool read_conditions(struct sigma_reading *reading, const struct yaml *detection, const char *const *skip,
	struct sigma_document *out)
{
	const struct yaml *condition = yaml_get(detection, "condition");
	struct identifiers identifiers;

	if (condition == NULL)
		return sigma_fault(reading, detection->place, "the detection has no condition");
	if (!selection_read_all(reading, detection, skip, &identifiers))
		return false;
	if (condition->kind != YAML_SEQUENCE) {
		out->conditions = arena_array(reading->arena, 1, sizeof(*out->conditions));
		return read_condition(reading, &identifiers, condition, out);
	}
	out->conditions = arena_array(reading->arena, condition->count + 1, sizeof(*out->conditions));
	if (condition->count == 0)
		return sigma_fault(reading, condition->place, "the detection has no condition");
	for (size_t i = 0; i < condition->count; i++) {
		if (!read_condition(reading, &identifiers, &condition->items[i], out))
			return false;
	}
	return true;
}

static bool read_rule(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out)
{
	static const char *const skip[] = {"condition", "timeframe", NULL};
	const struct yaml *detection = yaml_get(document, "detection");

	if (!read_logsource(reading, document, out))
		return false;
	if (detection == NULL || detection->kind != YAML_MAPPING)
		return sigma_fault(reading, document->place, "the rule has no detection");
	return read_conditions(reading, detection, skip, out);
}

static bool read_filter(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out)
{
	static const char *const skip[] = {"condition", "rules", NULL};
	const struct yaml *filter = yaml_get(document, "filter");

	if (!read_logsource(reading, document, out))
		return false;
	if (filter->kind != YAML_MAPPING)
		return sigma_fault(reading, filter->place, "a filter is a mapping");
	const struct yaml *rules = yaml_get(filter, "rules"), *condition = yaml_get(filter, "condition");

	if (rules == NULL)
		return sigma_fault(reading, filter->place, "the filter does not say of which rules: `rules` is missing");
	if (condition != NULL && condition->kind == YAML_SEQUENCE)
		return sigma_fault(reading, condition->place, "a filter has one condition");
	out->filtered = sigma_words(reading, rules);
	out->filters_all = out->filtered.count == 0
		|| (rules->kind == YAML_SCALAR && text_equal_fold(text_trim(rules->text), TEXT("any")));
	return read_conditions(reading, filter, skip, out);
}

/* --- pipelines, for their variables --- */

static bool read_pipeline(struct sigma_reading *reading, const struct yaml *document, struct sigma_document *out)
{
	const struct yaml *variables = yaml_get(document, "vars");

	if (variables == NULL || variables->kind != YAML_MAPPING)
		return true;
	struct placeholder *items = arena_array(reading->arena, variables->count + 1, sizeof(*items));

	for (size_t i = 0; i < variables->count; i++) {
		struct texts values = sigma_words(reading, &variables->items[i]);

		items[i] = (struct placeholder){variables->keys[i].text, values.items, values.count};
	}
	out->placeholders = (struct placeholders){items, variables->count};
	return true;
}

/* --- one document --- */

static struct sigma_document *read_document(struct arena *arena, const struct yaml *node, const struct placeholders *placeholders)
{
	static const struct {
		const char *key;
		enum sigma_kind kind;
		bool (*read)(struct sigma_reading *, const struct yaml *, struct sigma_document *);
	} kinds[] = {
		{"correlation", SIGMA_CORRELATION, correlated_read},
		{"filter", SIGMA_FILTER, read_filter},
		{"detection", SIGMA_RULE, read_rule},
		{"transformations", SIGMA_PIPELINE, read_pipeline},
		{"vars", SIGMA_PIPELINE, read_pipeline},
		{NULL, SIGMA_RULE, read_rule},
	};
	struct sigma_document *out = arena_alloc(arena, sizeof(*out));
	struct sigma_reading reading = {.arena = arena, .placeholders = placeholders};
	size_t i = 0;

	out->place = node->place;
	if (node->kind != YAML_MAPPING) {
		sigma_fault(&reading, node->place, "a Sigma document is a mapping");
	} else {
		while (kinds[i].key != NULL && yaml_get(node, kinds[i].key) == NULL)
			i++;
		out->kind = kinds[i].kind;
		read_words(&reading, node, out);
		kinds[i].read(&reading, node, out);
	}
	out->error = reading.error;
	out->error_place = reading.place;
	return out;
}

/* --- action: global, reset, repeat --- */

static size_t key_index(const struct yaml *mapping, struct text key)
{
	for (size_t i = 0; i < mapping->count; i++) {
		if (text_equal(mapping->keys[i].text, key))
			return i;
	}
	return mapping->count;
}

/* `over` laid over `base`: mappings are joined, all else is replaced. The key `action` is left out. */
static struct yaml merged(struct arena *arena, const struct yaml *base, const struct yaml *over, unsigned depth)
{
	struct yaml out = *over;

	if (base == NULL || base->kind != YAML_MAPPING || over->kind != YAML_MAPPING || depth > 8)
		return out;
	out.items = arena_array(arena, base->count + over->count + 1, sizeof(*out.items));
	out.keys = arena_array(arena, base->count + over->count + 1, sizeof(*out.keys));
	out.count = 0;
	for (size_t i = 0; i < base->count; i++) {
		size_t other = key_index(over, base->keys[i].text);

		out.keys[out.count] = base->keys[i];
		out.items[out.count++] = other < over->count ? merged(arena, &base->items[i], &over->items[other], depth + 1)
							     : base->items[i];
	}
	for (size_t i = 0; i < over->count; i++) {
		if (key_index(base, over->keys[i].text) < base->count || (depth == 0 && text_is(over->keys[i].text, "action")))
			continue;
		out.keys[out.count] = over->keys[i];
		out.items[out.count++] = over->items[i];
	}
	return out;
}

struct stream {
	struct arena *arena;
	struct yaml global, previous; /* kind YAML_NULL: none */
	struct sigma_document **documents;
	size_t count;
};

static void add_document(struct stream *stream, struct sigma_document *document)
{
	stream->documents = arena_grow(stream->arena, stream->documents, stream->count, sizeof(*stream->documents));
	stream->documents[stream->count++] = document;
}

static void read_next(struct stream *stream, const struct yaml *node, const struct placeholders *placeholders)
{
	static const struct yaml empty = {.kind = YAML_MAPPING};
	const struct yaml *action = node->kind == YAML_MAPPING ? yaml_get(node, "action") : NULL;
	struct text word = action != NULL && action->kind == YAML_SCALAR ? action->text : TEXT("");

	if (node->kind == YAML_NULL)
		return; /* nothing between two markers */
	if (text_is(word, "global")) {
		stream->global = merged(stream->arena, stream->global.kind == YAML_MAPPING ? &stream->global : &empty, node, 0);
		return;
	}
	if (text_is(word, "reset")) {
		stream->global.kind = YAML_NULL;
		return;
	}
	bool repeats = text_is(word, "repeat") && stream->previous.kind == YAML_MAPPING;
	const struct yaml *base = repeats ? &stream->previous : stream->global.kind == YAML_MAPPING ? &stream->global : NULL;
	struct yaml *whole = arena_alloc(stream->arena, sizeof(*whole));

	*whole = merged(stream->arena, base, node, 0);
	stream->previous = *whole;
	add_document(stream, read_document(stream->arena, whole, placeholders));
}

void sigma_parse(struct arena *arena, struct text content, const char *file, const struct placeholders *placeholders,
	struct sigma_document ***documents, size_t *count)
{
	struct stream stream = {.arena = arena};
	struct diagnostics d = {0};
	struct yaml *nodes;
	size_t node_count;

	if (yaml_parse(arena, content, file, NULL, &d, &nodes, &node_count) != 0) {
		struct sigma_document *broken = arena_alloc(arena, sizeof(*broken));

		broken->error = arena_strdup(arena, d.count ? d.items[0].message : "the file cannot be read");
		broken->place = broken->error_place = d.count ? d.items[0].place : (struct place){.file = file};
		broken->place.file = broken->error_place.file = arena_strdup(arena, file);
		add_document(&stream, broken);
		node_count = 0;
	}
	for (size_t i = 0; i < node_count; i++)
		read_next(&stream, &nodes[i], placeholders);
	diagnostics_free(&d);
	*documents = stream.documents;
	*count = stream.count;
}
