/* fingerprint: see fingerprint.h. */
#include "replay/readers/fingerprint.h"
#include "replay/readers/labels.h"

#include <nettle/sha2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { BLOCK = 1 << 16, LANES = 8, STEP = LANES * 8 };

static uint64_t load(const uint8_t *at)
{
	return (uint64_t)at[0] | (uint64_t)at[1] << 8 | (uint64_t)at[2] << 16 | (uint64_t)at[3] << 24 | (uint64_t)at[4] << 32 |
		(uint64_t)at[5] << 40 | (uint64_t)at[6] << 48 | (uint64_t)at[7] << 56;
}

/* Eight sums of a block's words, each a step that no two words and no two sums share an outcome of: where one word differs, a sum
 * does. SHA-256 of all bytes would take as long as matching a thousand detections; this reads at the pace of memory. */
static void sum_block(const uint8_t *block, size_t size, uint8_t sums[STEP])
{
	uint64_t lanes[LANES] = {1, 2, 3, 4, 5, 6, 7, 8};
	for (size_t at = 0; at < size; at += STEP)
		for (size_t i = 0; i < LANES; i++) {
			uint64_t mixed = lanes[i] ^ load(block + at + 8 * i);
			lanes[i] = (mixed << 29 | mixed >> 35) * UINT64_C(0x9e3779b97f4a7c15);
		}
	for (size_t i = 0; i < STEP; i++)
		sums[i] = (uint8_t)(lanes[i / 8] >> 8 * (i % 8));
}

/* The size of each block and its sums; the last one is filled up with zeroes. */
static void hash_file(struct sha256_ctx *hash, const char *path)
{
	uint8_t block[BLOCK], sums[8 + STEP];
	struct stat status;
	if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
		return;
	FILE *file = fopen(path, "rb");
	size_t got = 0;
	while (file && (got = fread(block, 1, sizeof block, file)) > 0) {
		size_t padded = (got + STEP - 1) / STEP * STEP;
		memset(block + got, 0, padded - got);
		for (size_t i = 0; i < 8; i++)
			sums[i] = (uint8_t)((uint64_t)got >> 8 * i);
		sum_block(block, padded, sums + 8);
		sha256_update(hash, sizeof sums, sums);
	}
	if (file)
		fclose(file);
}

const char *fingerprint_below(const char *folder, const char *path)
{
	size_t length = folder ? strlen(folder) : 0;
	if (!length || strncmp(path, folder, length) != 0)
		return path;
	path += length;
	return path + (path[0] == '/' && folder[length - 1] != '/');
}

void fingerprint_files(const struct dataset *dataset, char out[65])
{
	static const char digits[] = "0123456789abcdef";
	struct sha256_ctx hash;
	uint8_t digest[SHA256_DIGEST_SIZE];
	sha256_init(&hash);
	for (size_t i = 0; i < dataset->file_count; i++) {
		const char *name = fingerprint_below(dataset->folder, dataset->files[i]);
		sha256_update(&hash, strlen(name) + 1, (const uint8_t *)name);
		hash_file(&hash, dataset->files[i]);
	}
	sha256_digest(&hash, sizeof digest, digest);
	for (size_t i = 0; i < sizeof digest; i++) {
		out[2 * i] = digits[digest[i] >> 4];
		out[2 * i + 1] = digits[digest[i] & 15];
	}
	out[64] = '\0';
}

/* The description */

static int by_bytes(const void *left, const void *right)
{
	return text_compare(*(const struct text *)left, *(const struct text *)right);
}

/* In one order: these lists are sets. */
static void put_set(struct buffer *out, const char *subject, const char *what, const struct text *items, size_t count)
{
	struct text *sorted = mem_alloc((count + 1) * sizeof *sorted);
	for (size_t i = 0; i < count; i++)
		sorted[i] = items[i];
	qsort(sorted, count, sizeof *sorted, by_bytes);
	if (count)
		buffer_printf(out, "%s%s:", subject, what);
	for (size_t i = 0; i < count; i++)
		buffer_printf(out, " %.*s", TEXT_ARGS(sorted[i]));
	if (count)
		buffer_char(out, '\n');
	free(sorted);
}

static void put_text(struct buffer *out, const char *subject, const char *what, struct text text)
{
	if (text.length)
		buffer_printf(out, "%s%s: %.*s\n", subject, what, TEXT_ARGS(text));
}

static void put_label(struct buffer *out, const char *subject, const struct label_rule *rule)
{
	struct text *lines = mem_alloc((rule->count + 1) * sizeof *lines);
	struct arena arena = {0};
	for (size_t i = 0; i < rule->count; i++)
		lines[i] = text_of(arena_printf(&arena, "%slabel for %.*s: %s\n", subject, TEXT_ARGS(rule->organizations[i]),
			label_name(rule->labels[i])));
	qsort(lines, rule->count, sizeof *lines, by_bytes);
	buffer_printf(out, "%slabel: %s\n", subject, label_name(rule->otherwise));
	for (size_t i = 0; i < rule->count; i++)
		buffer_text(out, lines[i]);
	arena_free(&arena);
	free(lines);
}

static void put_source(struct buffer *out, const struct source *source)
{
	const struct reader_options *options = &source->options;
	const struct dialect *dialect = reader_dialect(source->reader, options);
	buffer_printf(out, "read as: %s%s%.*s\n", source->reader->name, dialect ? ", dialect " : "",
		TEXT_ARGS(dialect ? dialect->name : TEXT("")));
	put_text(out, "", "label column", options->label_name);
	if (options->column_count && !options->csv_header)
		put_set(out, "", "columns", options->columns, options->column_count);
	if (options->csv_separator)
		buffer_printf(out, "separator: %c\n", options->csv_separator);
	if (options->year)
		buffer_printf(out, "year: %d\n", options->year);
}

static void put_time(struct buffer *out, const char *subject, const char *what, int64_t time)
{
	char text[40];
	put_text(out, subject, what, (struct text){text, date_format(time, text)});
}

static void put_episode(struct buffer *out, const struct dataset *dataset, const struct episode *episode,
	const struct registry *registry)
{
	struct arena arena = {0};
	const char *subject = arena_printf(&arena, "episode %.*s: ", TEXT_ARGS(episode->name));
	struct text *files = arena_array(&arena, episode->file_count + 1, sizeof *files);
	for (size_t i = 0; i < episode->file_count; i++)
		files[i] = text_of(fingerprint_below(dataset->folder, episode->files[i].data));
	put_label(out, subject, &episode->label);
	put_set(out, subject, "files", files, episode->file_count);
	if (episode->from != INT64_MIN)
		put_time(out, subject, "from", episode->from);
	if (episode->to != INT64_MAX)
		put_time(out, subject, "to", episode->to);
	if (episode->first_line)
		buffer_printf(out, "%slines: %llu-%llu\n", subject, (unsigned long long)episode->first_line,
			(unsigned long long)episode->last_line);
	put_text(out, subject, "session", episode->session);
	put_text(out, subject, "container", episode->container);
	if (episode->where) {
		buffer_printf(out, "%swhere: ", subject);
		condition_print(episode->where, registry, out);
		buffer_char(out, '\n');
	}
	arena_free(&arena);
}

static void put_decisions(struct buffer *out, const struct dataset *dataset)
{
	for (size_t i = 0; dataset->decisions && i < dataset->decisions->count; i++) {
		const struct decision *decision = &dataset->decisions->items[i];
		struct arena arena = {0};
		const char *subject = arena_printf(&arena, "decision %.*s: ", TEXT_ARGS(decision->id));
		buffer_printf(out, "%slabel: %s\n", subject, label_name(decision->label));
		put_set(out, subject, "detections", decision->detections.items, decision->detections.count);
		arena_free(&arena);
	}
}

struct text fingerprint_description(struct arena *arena, const struct dataset *dataset, const struct registry *registry)
{
	struct buffer out = {0};
	buffer_printf(&out, "use: %s\n", dataset_use_name(dataset->use));
	put_set(&out, "", "organizations", dataset->organizations.items, dataset->organizations.count);
	put_label(&out, "", &dataset->label);
	if (dataset->observed >= 0)
		buffer_printf(&out, "observed: %.9g s\n", dataset->observed);
	for (size_t i = 0; i < dataset->source_count; i++)
		put_source(&out, &dataset->sources[i]);
	for (size_t i = 0; i < dataset->episode_count; i++)
		put_episode(&out, dataset, &dataset->episodes[i], registry);
	put_decisions(&out, dataset);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}
