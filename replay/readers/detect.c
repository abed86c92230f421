/* detect: see detect.h. */
#include "replay/readers/detect.h"

#include <glob.h>
#include <string.h>
#include <sys/stat.h>

size_t files_expand(struct arena *arena, const char *pattern, char ***files, size_t *count)
{
	glob_t found;
	size_t added = 0;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (; added < found.gl_pathc; added++) {
			*files = arena_grow(arena, *files, *count, sizeof **files);
			(*files)[(*count)++] = arena_strdup(arena, found.gl_pathv[added]);
		}
	globfree(&found);
	return added;
}

enum { LINES_LOOKED_AT = 200 };

/* Marks that a line may show; the format with most lines wins. */
static const struct mark {
	const char *reader, *dialect;
	const char *starts;      /* the trimmed line begins so; NULL: anything */
	const char *holds[2];    /* and holds all of these */
} marks[] = {
	{"auditd", "auditd", "type=", {"msg=audit(", NULL}},
	{"auditd", "auditd", "node=", {"msg=audit(", NULL}},
	{"json", "falco", "{", {"\"output_fields\"", "\"priority\""}},
	{"json", "kubernetes-audit", "{", {"audit.k8s.io", "\"verb\""}},
	{"json", "ecs", "{", {"\"event.category\"", NULL}},
	{"json", "ecs", "{", {"\"event\":", "\"category\":"}},
	{"json", "ecs", "{", {"\"event\" :", "\"category\""}},
	{"kubernetes", NULL, "apiVersion:", {NULL, NULL}},
	{"kubernetes", NULL, "kind:", {NULL, NULL}},
	{"compose", NULL, "services:", {NULL, NULL}},
};
enum { MARKS = sizeof marks / sizeof *marks };

static bool mark_shows(const struct mark *mark, struct text line)
{
	if (mark->starts != NULL && !text_starts(line, text_of(mark->starts), false))
		return false;
	for (size_t i = 0; i < 2 && mark->holds[i] != NULL; i++)
		if (!text_contains(line, text_of(mark->holds[i]), false))
			return false;
	return true;
}

static const struct mark *best_mark(struct input *input, struct diagnostics *d)
{
	size_t counts[MARKS] = {0};
	const struct mark *best = NULL;
	struct input_line line;
	for (int i = 0; i < LINES_LOOKED_AT && input_next(input, &line, d) == 1; i++)
		for (size_t k = 0; k < MARKS; k++)
			counts[k] += mark_shows(&marks[k], text_trim(line.text));
	for (size_t k = 0; k < MARKS; k++)
		if (counts[k] > 0 && (best == NULL || counts[k] > counts[best - marks]))
			best = &marks[k];
	return best;
}

const struct reader *format_detect(const struct catalog *catalog, const char *path, const char **dialect,
	struct diagnostics *d)
{
	const struct place place = {path, 0, 0};
	struct stat status;
	*dialect = NULL;
	/* What can be read only once must not lose its beginning here. */
	if (strcmp(path, "-") == 0 || (stat(path, &status) == 0 && S_ISFIFO(status.st_mode))) {
		diagnostics_error(d, place, "the format of a stream cannot be told: name it with --reader");
		return NULL;
	}
	struct input *input = input_open(path, d);
	if (input == NULL)
		return NULL;
	const struct mark *mark = best_mark(input, d);
	input_close(input);
	if (mark == NULL) {
		diagnostics_error(d, place, "its format cannot be told from its beginning: name it with --reader (mews list formats)");
		return NULL;
	}
	if (mark->dialect != NULL && catalog_dialect(catalog, text_of(mark->dialect)) != NULL)
		*dialect = mark->dialect;
	return reader_find(text_of(mark->reader));
}
