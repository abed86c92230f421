/* export_files: see export_files.h. */
#include "cli/export_files.h"

#include "replay/measure/json_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KINDS = 2 + LABEL_MALICIOUS }; /* events without a label of their own, and a file for each label */

struct made_dataset {
	const struct dataset *dataset;
	const char *folder, *temporary; /* OUT/NAME, and OUT/NAME.new as long as it is written */
	struct text name;
	bool *written;                  /* [file_count] */
	size_t file_count;              /* files that it may have: (1 + episode) * KINDS + label */
	bool moved;
};

static int fail(struct diagnostics *d, const char *path, const char *doing)
{
	return diagnostics_error(d, ((struct place){path, 0, 0}), "cannot %s: %s", doing, strerror(errno));
}

bool export_files_folder(const char *output)
{
	struct stat status;
	size_t length = strlen(output);
	return (length > 0 && output[length - 1] == '/') || (stat(output, &status) == 0 && S_ISDIR(status.st_mode));
}

/* A name as one component of a path, and as YAML has names. */
static struct text safe_name(struct arena *arena, struct text name)
{
	char *safe = arena_strndup(arena, name.data, name.length);
	for (size_t i = 0; i < name.length; i++) {
		bool plain = (safe[i] >= 'a' && safe[i] <= 'z') || (safe[i] >= 'A' && safe[i] <= 'Z') ||
			(safe[i] >= '0' && safe[i] <= '9') || strchr("._-", safe[i]) != NULL;
		if (safe[i] == '\0' || !plain)
			safe[i] = '-';
	}
	struct text text = {safe, name.length};
	while (text.length > 1 && strchr("-.", text.data[0]) != NULL)
		text = text_slice(text, 1, text.length);
	return text;
}

/* One file */

static bool is_special(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && !S_ISREG(status.st_mode);
}

static FILE *open_file(struct export_files *files, struct diagnostics *d)
{
	if (files->output == NULL)
		return stdout;
	FILE *file = NULL;
	if (is_special(files->output)) {
		file = fopen(files->output, "wb");
	} else {
		char *path = arena_printf(files->arena, "%s.XXXXXX", files->output);
		int descriptor = mkstemp(path);
		mode_t mask = umask(0);
		umask(mask);
		if (descriptor >= 0 && (fchmod(descriptor, 0666 & ~mask) != 0 || (file = fdopen(descriptor, "wb")) == NULL)) {
			close(descriptor);
			unlink(path);
		} else if (descriptor >= 0) {
			files->written = path;
		}
	}
	if (file == NULL)
		fail(d, files->output, "write");
	return file;
}

/* Folders of datasets */

static struct made_dataset *make_dataset(struct export_files *files, const struct dataset *dataset, struct diagnostics *d)
{
	for (size_t i = 0; i < files->made_count; i++)
		if (files->made[i].dataset == dataset)
			return &files->made[i];
	struct made_dataset made = {.dataset = dataset, .name = safe_name(files->arena, dataset->name)};
	struct stat status;
	made.folder = arena_printf(files->arena, "%s/%.*s", files->output, TEXT_ARGS(made.name));
	made.temporary = arena_printf(files->arena, "%s.new", made.folder);
	made.file_count = (dataset->episode_count + 1) * KINDS;
	made.written = arena_array(files->arena, made.file_count, sizeof *made.written);
	if (mkdir(files->output, 0777) != 0 && errno != EEXIST) {
		fail(d, files->output, "make the folder");
		return NULL;
	}
	if (stat(made.folder, &status) == 0) {
		diagnostics_error(d, ((struct place){made.folder, 0, 0}), "is there already: remove it, or choose another folder");
		return NULL;
	}
	if (mkdir(made.temporary, 0777) != 0 || mkdir(arena_printf(files->arena, "%s/events", made.temporary), 0777) != 0) {
		fail(d, made.temporary, "make the folder");
		return NULL;
	}
	files->made = arena_grow(files->arena, files->made, files->made_count, sizeof *files->made);
	files->made[files->made_count] = made;
	return &files->made[files->made_count++];
}

/* A file within the dataset's folder, by its index. */
static const char *event_file(struct export_files *files, const struct made_dataset *made, size_t index)
{
	const struct dataset *dataset = made->dataset;
	size_t episode = index / KINDS, label = index % KINDS;
	struct text name = episode > 0 ? safe_name(files->arena, dataset->episodes[episode - 1].name) : TEXT("events");
	const char *more = episode > 0 && text_is(name, "events") ? "-episode" : "";
	return arena_printf(files->arena, "events/%.*s%s%s%s.%s", TEXT_ARGS(name), more, label > 0 ? "-" : "",
		label > 0 ? label_name((enum label)(label - 1)) : "", files->format->ending);
}

FILE *export_files_open(void *context, const struct export_kind *kind, struct diagnostics *d)
{
	struct export_files *files = context;
	if (!files->folder)
		return open_file(files, d);
	struct made_dataset *made = make_dataset(files, kind->dataset, d);
	if (made == NULL)
		return NULL;
	size_t episode = kind->episode != NULL ? (size_t)(kind->episode - kind->dataset->episodes) + 1 : 0;
	size_t index = episode * KINDS + (kind->labelled ? 1 + (size_t)kind->label : 0);
	const char *path = arena_printf(files->arena, "%s/%s", made->temporary, event_file(files, made, index));
	int descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL, 0666);
	FILE *file = descriptor >= 0 ? fdopen(descriptor, "wb") : NULL;
	if (file == NULL)
		fail(d, path, "write");
	made->written[index] = file != NULL;
	return file;
}

int export_files_close(void *context, FILE *file, struct diagnostics *d)
{
	struct export_files *files = context;
	const char *path = files->output != NULL ? files->output : "standard output";
	if (file == stdout)
		return fflush(file) != 0 || ferror(file) ? fail(d, path, "write") : 0;
	bool failed = ferror(file) != 0;
	failed |= fclose(file) != 0;
	return failed ? fail(d, path, "write") : 0;
}

/* corpus.yaml: JSON's quotes are YAML's. */

static void put_line(struct buffer *out, const char *key, struct text value)
{
	struct json_write json;
	if (value.length == 0)
		return;
	buffer_printf(out, "%s: ", key);
	jsonw_begin(&json, out);
	jsonw_text(&json, value);
	buffer_char(out, '\n');
}

static void put_names(struct buffer *out, const char *key, const struct text *names, size_t count)
{
	struct json_write json;
	if (count == 0)
		return;
	buffer_printf(out, "%s: ", key);
	jsonw_begin(&json, out);
	jsonw_open_flat(&json, '[');
	for (size_t i = 0; i < count; i++)
		jsonw_text(&json, names[i]);
	jsonw_close(&json, ']');
	buffer_char(out, '\n');
}

static void put_label(const struct export_files *files, struct buffer *out, const char *key, const struct label_rule *rule)
{
	struct json_write json;
	if (files->organization.length > 0 || rule->count == 0) {
		buffer_printf(out, "%s: %s\n", key, label_name(label_for(rule, files->organization)));
		return;
	}
	buffer_printf(out, "%s: ", key);
	jsonw_begin(&json, out);
	jsonw_open_flat(&json, '{');
	jsonw_key(&json, "default");
	jsonw_string(&json, label_name(rule->otherwise));
	for (size_t i = 0; i < rule->count; i++) {
		jsonw_key_text(&json, rule->organizations[i]);
		jsonw_string(&json, label_name(rule->labels[i]));
	}
	jsonw_close(&json, '}');
	buffer_char(out, '\n');
}

/* Events that had labels of their own. What is expected of their episode may show in them. */
static void put_labelled(struct export_files *files, const struct made_dataset *made, size_t index, struct buffer *out)
{
	const struct dataset *dataset = made->dataset;
	const struct episode *episode = index / KINDS > 0 ? &dataset->episodes[index / KINDS - 1] : NULL;
	struct text file = text_of(event_file(files, made, index));
	struct text name = text_slice(file, strlen("events/"), file.length - strlen(files->format->ending) - 1);
	struct text *allows = arena_array(files->arena, episode != NULL ? episode->expects.count + episode->allows.count + 1 : 1,
		sizeof *allows);
	size_t count = 0;
	for (size_t i = 0; episode != NULL && i < episode->expects.count; i++)
		allows[count++] = episode->expects.items[i];
	for (size_t i = 0; episode != NULL && i < episode->allows.count; i++)
		allows[count++] = episode->allows.items[i];
	put_line(out, "  - name", name);
	put_names(out, "    files", &file, 1);
	buffer_printf(out, "    label: %s\n", label_name((enum label)(index % KINDS - 1)));
	put_names(out, "    allows", allows, count);
}

static void put_episode(struct export_files *files, const struct made_dataset *made, size_t index, struct buffer *out)
{
	const struct episode *episode = &made->dataset->episodes[index / KINDS - 1];
	struct text file = text_of(event_file(files, made, index));
	put_line(out, "  - name", episode->name);
	put_names(out, "    files", &file, 1);
	put_label(files, out, "    label", &episode->label);
	put_names(out, "    expects", episode->expects.items, episode->expects.count);
	put_names(out, "    allows", episode->allows.items, episode->allows.count);
	put_line(out, "    gap", episode->gap);
}

/* Episodes stand there even where no event of them was written: what they expect is still expected. */
static void put_episodes(struct export_files *files, const struct made_dataset *made, struct buffer *out)
{
	size_t before = out->length;
	buffer_string(out, "episodes:\n");
	size_t head = out->length;
	for (size_t i = 1; i < made->file_count; i++) {
		if (i % KINDS == 0)
			put_episode(files, made, i, out);
		else if (made->written[i])
			put_labelled(files, made, i, out);
	}
	if (out->length == head)
		out->length = before;
}

static void put_description(struct export_files *files, const struct made_dataset *made, struct buffer *out)
{
	const struct dataset *dataset = made->dataset;
	struct text all = text_of(arena_printf(files->arena, "events/*.%s", files->format->ending));
	buffer_printf(out, "# Written by mews export from the dataset %.*s.\n", TEXT_ARGS(made->name));
	put_line(out, "name", made->name);
	put_line(out, "title", dataset->title);
	put_line(out, "format", text_of(files->format->reader));
	put_line(out, "dialect", text_of(files->format->dialect));
	put_names(out, "files", &all, 1);
	put_names(out, "organizations", dataset->organizations.items, dataset->organizations.count);
	if (dataset->use != USE_NONE)
		buffer_printf(out, "use: %s\n", dataset_use_name(dataset->use));
	put_line(out, "origin", dataset->origin.length > 0 ? dataset->origin : TEXT("not said"));
	put_line(out, "license", dataset->license.length > 0 ? dataset->license : TEXT("not said"));
	if (dataset->observed >= 1)
		buffer_printf(out, "observed: %.0fs\n", dataset->observed);
	if (dataset_labels_events(dataset))
		put_line(out, "label_name", text_of(files->format->label_name));
	put_episodes(files, made, out);
	put_label(files, out, "default", &dataset->label);
}

static int write_description(struct export_files *files, const struct made_dataset *made, struct diagnostics *d)
{
	struct buffer out = {0};
	const char *path = arena_printf(files->arena, "%s/corpus.yaml", made->temporary);
	FILE *file = fopen(path, "wb");
	if (file == NULL)
		return fail(d, path, "write");
	put_description(files, made, &out);
	bool failed = fwrite(out.data, 1, out.length, file) != out.length;
	failed |= fclose(file) != 0;
	buffer_free(&out);
	return failed ? fail(d, path, "write") : 0;
}

int export_files_finish(struct export_files *files, struct diagnostics *d)
{
	int failed = 0;
	for (size_t i = 0; i < files->made_count && failed == 0; i++)
		failed = write_description(files, &files->made[i], d);
	for (size_t i = 0; i < files->made_count && failed == 0; i++) {
		struct made_dataset *made = &files->made[i];
		if (rename(made->temporary, made->folder) != 0)
			failed = fail(d, made->folder, "name the folder");
		made->moved = failed == 0;
	}
	if (failed == 0 && files->written != NULL && rename(files->written, files->output) != 0)
		failed = fail(d, files->output, "write");
	if (failed == 0)
		files->written = NULL;
	else
		export_files_abandon(files);
	return failed;
}

static void remove_dataset(struct export_files *files, const struct made_dataset *made)
{
	const char *folder = made->moved ? made->folder : made->temporary;
	for (size_t i = 0; i < made->file_count; i++)
		if (made->written[i])
			unlink(arena_printf(files->arena, "%s/%s", folder, event_file(files, made, i)));
	unlink(arena_printf(files->arena, "%s/corpus.yaml", folder));
	rmdir(arena_printf(files->arena, "%s/events", folder));
	rmdir(folder);
}

void export_files_abandon(struct export_files *files)
{
	if (files->written != NULL)
		unlink(files->written);
	files->written = NULL;
	for (size_t i = 0; i < files->made_count; i++)
		remove_dataset(files, &files->made[i]);
	files->made_count = 0;
}
