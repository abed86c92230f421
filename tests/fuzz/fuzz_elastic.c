/* Elastic's EQL, its regular expressions, and rules as NDJSON: any bytes are read or refused; what is read can be asked. */
#include "generator/elastic/ask.h"
#include "generator/elastic/kql.h"
#include "generator/elastic/lucene.h"
#include "generator/elastic/rulefile.h"

#include "catalog/regex.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_query(struct arena *arena, struct text source)
{
	const char *error = NULL;
	size_t offset = 0;
	struct eql_query *query = eql_parse(arena, source, &error, &offset);
	struct evaluator *evaluator = evaluator_new();
	struct sights sights = {NULL, 0};
	struct sight *sight = sight_add(arena, &sights, NULL, TEXT(""));

	if ((query == NULL) != (error != NULL) || offset > source.length)
		abort();
	sight_set(arena, sight, "a", TEXT("b"));
	for (size_t i = 0; query != NULL && i < query->count; i++)
		elastic_fits(evaluator, &query->steps[i], sight);
	evaluator_free(evaluator);
}

static void read_kuery(struct arena *arena, struct text source)
{
	const char *error = NULL;
	size_t offset = 0;
	struct eql_query *query = kql_parse(arena, source, &error, &offset);

	if ((query == NULL) != (error != NULL) || offset > source.length)
		abort();
}

/* An expression that was read is one of our subset, and comes back after it was written. */
static void read_regex(struct text source)
{
	struct buffer ours = {0}, theirs = {0};
	const char *error = NULL;
	size_t offset;

	if (lucene_read(&ours, source, &error)) {
		struct regex *regex = regex_compile(buffer_view(&ours), false, &error, &offset);

		if (regex != NULL)
			lucene_write(&theirs, buffer_view(&ours));
		regex_free(regex);
	} else if (error == NULL) {
		abort();
	}
	buffer_free(&ours);
	buffer_free(&theirs);
}

static void read_rule(struct arena *arena, struct text source)
{
	json_error_t error;
	json_t *json = json_loadb(source.data, source.length, JSON_REJECT_DUPLICATES, &error);
	struct elastic_rule rule;

	if (json_is_object(json)) {
		elastic_rule_read(arena, json, NULL, &rule);
		read_query(arena, rule.query);
	}
	json_decref(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text source = {(const char *)data, size};
	struct arena arena = {0};

	if (size > 0 && data[0] == '{')
		read_rule(&arena, source);
	else if (size > 0 && data[0] == '=')
		read_kuery(&arena, text_slice(source, 1, size));
	else if (size > 0 && data[0] == '/')
		read_regex(text_slice(source, 1, size));
	else
		read_query(&arena, source);
	arena_free(&arena);
	return 0;
}
