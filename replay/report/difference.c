/* difference: the formats of comparisons; JSON and Markdown are the parts that reports have, too (see difference.h). */
#include "replay/report/difference.h"
#include "replay/report/json_beside.h"
#include "replay/report/markdown_page.h"

size_t difference_lost(const struct comparison *comparison)
{
	size_t lost = 0;
	for (size_t i = 0; i < comparison->episode_count; i++)
		lost += !comparison->episodes[i].gained;
	return lost;
}

static void write_run(struct json_write *json, const char *key, const struct results *results, const char *words)
{
	jsonw_key(json, key);
	jsonw_open(json, '{');
	jsonw_key(json, "run");
	if (results->run)
		jsonw_signed(json, results->run);
	else
		jsonw_null(json);
	jsonw_pair_string(json, "about", words);
	jsonw_pair_string(json, "revision", results->catalog->revision);
	jsonw_pair_string(json, "corpus", results->corpus_hash);
	jsonw_pair(json, "as_of", results->as_of);
	jsonw_pair_string(json, "target", results->target);
	jsonw_close(json, '}');
}

static int write_json(const struct comparison *comparison, const struct difference_words *words,
	const struct report_options *how, FILE *out)
{
	struct buffer buffer = {0};
	struct json_write json;
	(void)how;
	jsonw_begin(&json, &buffer);
	jsonw_open(&json, '{');
	write_run(&json, "before", comparison->before, words->before);
	write_run(&json, "after", comparison->after, words->after);
	jsonw_pair_unsigned(&json, "lost", difference_lost(comparison));
	jsonw_key(&json, "comparison");
	json_comparison(&json, comparison);
	jsonw_close(&json, '}');
	buffer_char(&buffer, '\n');
	fwrite(buffer.data, 1, buffer.length, out);
	buffer_free(&buffer);
	return ferror(out) ? -1 : 0;
}

static int write_markdown(const struct comparison *comparison, const struct difference_words *words,
	const struct report_options *how, FILE *out)
{
	struct report_options options = *how;
	options.beside.comparison = comparison;
	options.beside.reference = words->before;
	struct markdown_page page = {.results = comparison->after, .options = &options};
	fprintf(out, "### mews: %s against %s\n\n", words->after, words->before);
	markdown_changes(&page);
	fwrite(page.out.data ? page.out.data : "", 1, page.out.length, out);
	buffer_free(&page.out);
	buffer_free(&page.row);
	arena_free(&page.arena);
	return ferror(out) ? -1 : 0;
}

const struct difference_format difference_formats[] = {
	{"table", difference_table},
	{"json", write_json},
	{"markdown", write_markdown},
	{NULL, NULL},
};

const struct difference_format *difference_find(struct text name)
{
	for (const struct difference_format *format = difference_formats; format->name; format++)
		if (text_is(name, format->name))
			return format;
	return NULL;
}
