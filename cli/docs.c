/* docs: the catalog as pages, from the catalog and the newest run. */
#include "catalog/file_write.h"
#include "cli/pages.h"
#include "cli/project.h"
#include "replay/runs/runs.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char begin_mark[] = "<!-- mews docs: begin -->\n", end_mark[] = "<!-- mews docs: end -->\n";

struct writing {
	struct project *project;
	const struct pages *pages;
	const char *folder;
	bool check;              /* only say what is not current */
	size_t pages_written, changed;
};

static const struct place nowhere;

/* What stands in the file now; empty where there is none. */
static struct text content_of(struct writing *w, const char *path)
{
	struct text content = {0};
	struct diagnostics ignored = {0};
	if (access(path, F_OK) == 0)
		(void)file_read(&w->project->arena, path, 0, &ignored, &content);
	diagnostics_free(&ignored);
	return content;
}

static int put(struct writing *w, const char *path, struct text before, const struct buffer *page)
{
	const struct text after = buffer_view(page);
	w->pages_written++;
	if (text_equal(before, after))
		return 0;
	w->changed++;
	if (w->check) {
		printf("%s is not current\n", path);
		return 0;
	}
	return file_put(path, after, &w->project->diagnostics);
}

static const char *path_in(struct writing *w, const char *file)
{
	return arena_printf(&w->project->arena, "%s/%s", w->folder, file);
}

static const char *detection_file(struct writing *w, size_t number)
{
	return arena_printf(&w->project->arena, "%.*s.md", TEXT_ARGS(w->pages->catalog->detections[number]->name));
}

static bool is_ours(struct writing *w, const char *file)
{
	for (const struct pages_index *index = pages_indexes; index->file != NULL; index++)
		if (strcmp(index->file, file) == 0)
			return true;
	for (size_t i = 0; i < w->pages->catalog->detection_count; i++)
		if (strcmp(detection_file(w, i), file) == 0)
			return true;
	return false;
}

/* Pages of detections that are no more. A file that does not begin as ours do is somebody's own. */
static int remove_others(struct writing *w)
{
	DIR *folder = opendir(w->folder);
	int failed = 0;
	for (struct dirent *entry; folder != NULL && (entry = readdir(folder)) != NULL;) {
		const char *path = path_in(w, entry->d_name);
		if (!text_ends(text_of(entry->d_name), TEXT(".md"), false) || is_ours(w, entry->d_name) ||
			!text_starts(content_of(w, path), text_of(pages_mark), false))
			continue;
		w->changed++;
		if (w->check)
			printf("%s is of no detection\n", path);
		else if (unlink(path) != 0)
			failed = diagnostics_error(&w->project->diagnostics, ((struct place){path, 0, 0}), "cannot be removed: %s",
				strerror(errno));
	}
	if (folder != NULL)
		closedir(folder);
	return failed;
}

static int write_pages(struct writing *w)
{
	struct buffer page = {0};
	int failed = 0;
	if (!w->check && mkdir(w->folder, 0777) != 0 && errno != EEXIST)
		return diagnostics_error(&w->project->diagnostics, ((struct place){w->folder, 0, 0}), "cannot be made: %s",
			strerror(errno));
	for (size_t i = 0; failed == 0 && i < w->pages->catalog->detection_count; i++) {
		const char *path = path_in(w, detection_file(w, i));
		buffer_clear(&page);
		pages_detection(w->pages, i, &page);
		failed = put(w, path, content_of(w, path), &page);
	}
	for (const struct pages_index *index = pages_indexes; failed == 0 && index->file != NULL; index++) {
		const char *path = path_in(w, index->file);
		buffer_clear(&page);
		index->write(w->pages, &page);
		failed = put(w, path, content_of(w, path), &page);
	}
	buffer_free(&page);
	return failed != 0 ? failed : remove_others(w);
}

static size_t find(struct text text, const char *part)
{
	const size_t length = strlen(part);
	for (size_t i = 0; i + length <= text.length; i++)
		if (memcmp(text.data + i, part, length) == 0)
			return i;
	return text.length;
}

/* The table between the marks of somebody's page. */
static int write_gaps(struct writing *w, const char *path)
{
	struct text before;
	struct buffer page = {0};
	if (file_read(&w->project->arena, path, 0, &w->project->diagnostics, &before) != 0)
		return -1;
	const size_t begin = find(before, begin_mark), end = find(before, end_mark);
	if (begin >= end || end == before.length)
		return diagnostics_error(&w->project->diagnostics, ((struct place){path, 0, 0}),
			"has no place for the table: the lines %.*s and %.*s must stand there", (int)sizeof begin_mark - 2, begin_mark,
			(int)sizeof end_mark - 2, end_mark);
	buffer_text(&page, text_slice(before, 0, begin + sizeof begin_mark - 1));
	pages_gaps(w->pages, arena_printf(&w->project->arena, "%s/", w->folder), &page);
	buffer_text(&page, text_slice(before, end, before.length));
	const int failed = put(w, path, before, &page);
	buffer_free(&page);
	return failed;
}

static int write_all(struct project *project, const struct options *options, struct writing *w)
{
	struct stored_run *run = NULL;
	const char *page = options_value(options, "gaps", NULL);
	int64_t id;
	if (project_open(project) != 0 || runs_find(project->store, "latest", &id, &project->diagnostics) != 0 ||
		runs_read_deep(project->store, id, RUN_PLACES, &run, &project->diagnostics) != 0)
		return -1;
	int failed = 0;
	if (!text_is(run->head.revision, project->catalog.revision))
		failed = diagnostics_error(&project->diagnostics, nowhere,
			"run %lld is of another catalog than this one: mews replay measures what is there now", (long long)id);
	struct pages pages = {.catalog = &run->catalog, .results = run->results};
	w->pages = &pages; /* cppcheck-suppress autoVariables ; taken back below */
	if (failed == 0)
		failed = pages_make(&pages, &project->diagnostics) != 0 || write_pages(w) != 0 ||
			(page != NULL && write_gaps(w, page) != 0);
	w->pages = NULL;
	pages_free(&pages);
	stored_run_free(run);
	return failed;
}

static enum exit_status run(const struct global *global, const struct options *options)
{
	struct project project;
	struct writing w = {.project = &project, .folder = options_value(options, "output", NULL),
		.check = options_has(options, "check")};
	if (w.folder == NULL)
		return verb_wrong(&verb_docs, "name the folder that the pages go to: -o DIR");
	if (options->operand_count > 0)
		return verb_wrong(&verb_docs, "pages are of the whole catalog: no operands");
	if (project_begin(&project, global) != 0 || write_all(&project, options, &w) != 0)
		return project_end(&project, EXIT_WRONG);
	printf("%zu pages, %zu %s\n", w.pages_written, w.changed, w.check ? "not current" : "changed");
	return project_end(&project, w.check && w.changed > 0 ? EXIT_FINDINGS : EXIT_FINE);
}

static const struct option_spec options[] = {
	{"output", 'o', "DIR", "the folder that the pages go to"},
	{"gaps", 0, "FILE", "also renew the table of what is not measured in this page, between its marks"},
	{"check", 'c', NULL, "write nothing; name pages that are not current, and exit with 1 if there are any"},
	OPTION_HELP,
	OPTION_END,
};

const struct verb verb_docs = {
	.group = GROUP_WRITE,
	.name = "docs",
	.usage = "-o DIR [OPTION]…",
	.about = "Writes a page of each detection, with indexes, from the catalog and the newest run",
	.details = "A page says what the detection sees and why, by which kinds of evidence, what a replay measured of it for each\n"
		   "organization, which recorded episodes prove it, how robust it is (mews mutate), what each target's rule is worth,\n"
		   "its tests, what looks alike and how to tune it. The indexes go by name, technique, surface and ATT&CK's matrix of\n"
		   "containers. Figures come from the newest stored run, which must be of this catalog (mews replay).\n\n"
		   "The same catalog and run give the same pages. Pages of detections that are no more are removed; files that mews\n"
		   "did not write stay. --gaps renews what stands in FILE between the lines <!-- mews docs: begin --> and\n"
		   "<!-- mews docs: end -->: the table of detections that are blind, untested or thin.",
	.examples = "  mews docs -o docs/catalog\n"
		    "  mews docs -o docs/catalog --gaps README.md          and the table in a page of your own\n"
		    "  mews docs -o docs/catalog --check                   are they current? for a pipeline\n",
	.see = "show list replay mutate",
	.options = options,
	.run = run,
};
