/* fingerprint: see fingerprint.h. */
#include "replay/readers/fingerprint.h"
#include "replay/readers/labels.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>

static void hash_file(XXH3_state_t *state, const char *path, char out[2 * sizeof(XXH128_canonical_t) + 1])
{
	uint8_t block[1 << 17];
	XXH128_canonical_t canonical;
	int file = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 0;
	XXH3_128bits_reset(state);
	while (file >= 0 && ((got = read(file, block, sizeof block)) > 0 || (got < 0 && errno == EINTR)))
		if (got > 0)
			XXH3_128bits_update(state, block, (size_t)got);
	if (file >= 0)
		close(file);
	XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(state));
	for (size_t i = 0; i < sizeof canonical.digest; i++)
		snprintf(out + 2 * i, 3, "%02x", canonical.digest[i]);
}

static bool is_file(const char *path, struct stat *status)
{
	return stat(path, status) == 0 && S_ISREG(status->st_mode);
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
	struct buffer lines = {0};
	struct stat status;
	char hash[2 * sizeof(XXH128_canonical_t) + 1];
	XXH3_state_t *state = XXH3_createState();
	for (size_t i = 0; i < dataset->file_count; i++) {
		const char *path = dataset->files[i], *name = fingerprint_below(dataset->folder, path);
		bool bytes = is_file(path, &status);
		if (bytes)
			hash_file(state, path, hash);
		buffer_printf(&lines, "%s  %s\n", bytes ? hash : "-", name);
	}
	XXH3_freeState(state);
	sha256_hex(buffer_view(&lines), out);
	buffer_free(&lines);
}

static int64_t nanoseconds(struct timespec time)
{
	return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static bool is_settled(struct timespec now, struct timespec time)
{
	return nanoseconds(now) - nanoseconds(time) > FINGERPRINT_SETTLED;
}

bool fingerprint_stamp(const struct dataset *dataset, char out[65])
{
	struct buffer lines = {0};
	struct stat status;
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	bool settled = dataset->file_count > 0;
	for (size_t i = 0; settled && i < dataset->file_count; i++) {
		const char *path = dataset->files[i];
		settled = is_file(path, &status) && is_settled(now, status.st_ctim) && is_settled(now, status.st_mtim);
		if (settled)
			buffer_printf(&lines, "%llu %llu %lld %lld %lld %s\n", (unsigned long long)status.st_dev,
				(unsigned long long)status.st_ino, (long long)status.st_size, (long long)nanoseconds(status.st_mtim),
				(long long)nanoseconds(status.st_ctim), fingerprint_below(dataset->folder, path));
	}
	sha256_hex(buffer_view(&lines), out);
	buffer_free(&lines);
	return settled;
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
