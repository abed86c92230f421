/* write: an auditd pack: rule files by risk, and a README that says what they record and cost. */
#include "generator/auditd/write.h"

#include "generator/auditd/line.h"
#include "generator/build.h"

#include <stdlib.h>

enum { CONJUNCTS_MAX = 512 };

/* Lines that may not load. It begins with -i, so that those that a host refuses do not end the load. */
#define UNSURE_FILE "90-mews-unsure.rules"

/* Lines of one key, merged where only their calls differ. */
struct section {
	const struct dialect_group *group;
	bool unsure; /* lines that a host may refuse */
	struct line *lines;
	size_t count;
	const struct detection **detections;
	size_t detection_count;
};

struct sections {
	struct pack *pack;
	struct section *items;
	size_t count;
};

static struct section *section_of(struct sections *sections, const struct dialect_group *group, bool unsure)
{
	for (size_t i = 0; i < sections->count; i++) {
		if (sections->items[i].group == group && sections->items[i].unsure == unsure)
			return &sections->items[i];
	}
	sections->items = arena_grow(sections->pack->arena, sections->items, sections->count, sizeof(*sections->items));
	sections->items[sections->count] = (struct section){.group = group, .unsure = unsure};
	return &sections->items[sections->count++];
}

static int by_text(const void *a, const void *b)
{
	return text_compare(*(const struct text *)a, *(const struct text *)b);
}

static void merge_calls(struct line *into, const struct line *line)
{
	for (size_t i = 0; i < line->call_count; i++) {
		bool known = false;

		for (size_t k = 0; k < into->call_count && !known; k++)
			known = text_equal(into->calls[k], line->calls[i]);
		if (!known)
			into->calls[into->call_count++] = line->calls[i];
	}
	into->perm |= line->perm;
	qsort(into->calls, into->call_count, sizeof(*into->calls), by_text);
}

static void add_line(struct sections *sections, struct section *section, const struct line *line)
{
	for (size_t i = 0; i < section->count; i++) {
		if (line_same_filters(&section->lines[i], line)) {
			merge_calls(&section->lines[i], line);
			return;
		}
	}
	section->lines = arena_grow(sections->pack->arena, section->lines, section->count, sizeof(*section->lines));
	section->lines[section->count++] = *line;
}

/* What is recorded whether it succeeds or fails is one line. */
static void join_outcomes(struct section *section)
{
	for (size_t i = 0; i < section->count; i++) {
		for (size_t k = i + 1; k < section->count; k++) {
			if (!line_join_outcomes(&section->lines[i], &section->lines[k]))
				continue;
			section->lines[k] = section->lines[--section->count];
			k = i;
		}
	}
}

static void add_detection(struct sections *sections, struct section *section, const struct detection *detection)
{
	for (size_t i = 0; i < section->detection_count; i++) {
		if (section->detections[i] == detection)
			return;
	}
	section->detections =
		arena_grow(sections->pack->arena, section->detections, section->detection_count, sizeof(*section->detections));
	section->detections[section->detection_count++] = detection;
}

static bool keeps_values(const struct rule_test *test)
{
	return text_is(test->name, "syscall");
}

/* A negated test of many values is as many negated tests: only positive ones are spread. */
static struct rule_node *spread(struct arena *arena, struct rule_node *node)
{
	return rule_spread(arena, node, keeps_values);
}

static int add_rule(struct sections *sections, struct pack_rule *rule, struct diagnostics *d)
{
	struct arena *arena = sections->pack->arena;
	const struct dialect_group *group = rule->rule->group;
	struct text key = dialect_attribute(group, "key"), file = dialect_attribute(group, "file");
	struct line_places places = {dialect_attribute(group, "folders"), dialect_attribute(group, "busy")};
	struct rule_conjunct *conjuncts;
	struct rule_node *whole = rule_both(arena, rule->rule->events, rule->rule->node);
	size_t count = rule_dnf(arena, spread(arena, whole), CONJUNCTS_MAX, &conjuncts);
	int failed = 0;

	rule->name = TEXT("");
	for (size_t i = 0; count != SIZE_MAX && i < count; i++) {
		const char *problem;
		struct line line;

		if (line_make(arena, &conjuncts[i], key, &places, &line, &problem)) {
			struct section *section = section_of(sections, group, line.unsure);

			if (dialect_attribute(group, "perm").length > 0)
				line_permit(&line);
			add_line(sections, section, &line);
			add_detection(sections, section, rule->rule->detection);
			if (rule->name.length == 0 || !line.unsure)
				rule->name = text_of(arena_printf(arena, "%.*s %.*s", TEXT_ARGS(line.unsure ? TEXT(UNSURE_FILE) : file),
					TEXT_ARGS(key)));
		} else if (problem != NULL)
			failed = diagnostics_error(d, rule->rule->condition->place, "no audit rule can be written of %.*s: %s",
				TEXT_ARGS(rule->label), problem);
	}
	if (count == SIZE_MAX)
		failed = diagnostics_error(d, rule->rule->condition->place, "%.*s falls apart into more than %d audit rules",
			TEXT_ARGS(rule->label), CONJUNCTS_MAX);
	return failed;
}

/* --- files --- */

/* Narrow lines first: the first that matches gives the event its key, and every line collects. */
static int by_weight(const void *a, const void *b)
{
	return line_compare(a, b);
}

/* Lines that a wider one of the same key makes needless. */
static void drop_covered(struct section *section)
{
	size_t kept = 0;

	for (size_t i = 0; i < section->count; i++) {
		bool covered = false;

		for (size_t k = 0; k < section->count && !covered; k++)
			covered = k != i && line_covers(&section->lines[k], &section->lines[i])
				&& (k < i || !line_covers(&section->lines[i], &section->lines[k]));
		if (!covered)
			section->lines[kept++] = section->lines[i];
	}
	section->count = kept;
}

static struct text file_name(const struct section *section)
{
	return section->unsure ? TEXT(UNSURE_FILE) : dialect_attribute(section->group, "file");
}

static struct buffer *file_of(struct pack *pack, struct text name)
{
	for (size_t i = 0; i < pack->file_count; i++) {
		if (text_equal(pack->files[i]->name, name))
			return &pack->files[i]->content;
	}
	struct buffer *out = pack_file(pack, name);

	pack_head(pack, out, "# ");
	buffer_string(out, "# architecture: x86-64, 64-bit (b64) and 32-bit calls (b32)\n");
	if (text_is(name, UNSURE_FILE))
		buffer_string(out, "# Paths that a host may lack: what does not load is passed over.\n-i\n");
	return out;
}

/* Each line of 32-bit socketcalls once. */
static size_t print_socketcalls(struct pack *pack, struct buffer *out, const struct section *section)
{
	struct buffer lines = {0};
	struct text *all;
	size_t count, written = 0;

	for (size_t i = 0; i < section->count; i++)
		line_print_socketcalls(&lines, &section->lines[i]);
	count = text_split(pack->arena, text_copy(pack->arena, buffer_view(&lines)), '\n', &all);
	buffer_free(&lines);
	for (size_t i = 0; i < count; i++) {
		bool again = false;

		for (size_t k = 0; k < i && !again; k++)
			again = text_equal(all[k], all[i]);
		if (!again)
			buffer_printf(out, "%.*s\n", TEXT_ARGS(all[i]));
		written += !again;
	}
	return written;
}

/* Groups in the dialect's order, so that files and keys stand as it has them. */
static void print_sections(struct sections *sections)
{
	struct pack *pack = sections->pack;

	for (size_t g = 0; g < pack->dialect->group_count; g++) {
		for (size_t i = 0; i < sections->count; i++) {
			struct section *section = &sections->items[i];

			if (section->group != &pack->dialect->groups[g] || section->count == 0)
				continue;
			struct buffer *out = file_of(pack, file_name(section));

			join_outcomes(section);
			drop_covered(section);
			qsort(section->lines, section->count, sizeof(*section->lines), by_weight);
			buffer_printf(out, "\n# %.*s\n", TEXT_ARGS(section->group->name));
			for (size_t k = 0; k < section->count; k++)
				pack->written += line_print(out, &section->lines[k]);
			pack->written += print_socketcalls(pack, out, section);
		}
	}
}

/* Groups stand in one array. */
static int by_group(const void *a, const void *b)
{
	const struct section *x = a, *y = b;

	if (x->group != y->group)
		return x->group < y->group ? -1 : 1;
	return (int)x->unsure - (int)y->unsure;
}

static const char readme_head[] =
	"# Linux audit rules\n\n"
	"These rules record what the detections need; mews replay decides what of it is an alert.\n"
	"They are written for x86-64: for 64-bit calls (b64) and for those of 32-bit programs (b32), whose names and numbers\n"
	"differ. Other architectures lack some of these calls (arm64 has no open, unlink or rename), so that auditctl refuses the\n"
	"lines there. Users and groups are named by number only: a name that a host does not know would end the load.\n\n"
	"## Installing\n\n"
	"Copy the `.rules` files to `/etc/audit/rules.d/` and run `augenrules --load`, or load them one by one:\n\n"
	"    auditctl -R 10-mews.rules\n\n"
	"There is one file for each risk, since the first line that the kernel refuses ends the load of its file.\n"
	"Paths are named only in folders that every host has; what lies deeper is recorded by its folder (`dir=`),\n"
	"so no line depends on which engine is installed; a path elsewhere would stand in `90-mews-unsure.rules`, whose lines\n"
	"may fail one by one (`-i`). Load `20-mews-paths.rules` again when a file system was\n"
	"mounted over one of the folders: a rule follows the inode that the path had.\n\n"
	"No exceptions are in these files: the first rule that matches gives an event its only key, so a rule that leaves\n"
	"something out would leave it out for every detection. Leave out a whole file instead if its cost is too high.\n\n"
	"## What is recorded\n\n"
	"| file | key | events of | cost | detections |\n|---|---|---|---|---|\n";

static void print_readme(struct sections *sections)
{
	struct pack *pack = sections->pack;
	struct buffer *out = pack_file(pack, TEXT("README.md"));

	if (sections->count > 1)
		qsort(sections->items, sections->count, sizeof(*sections->items), by_group);
	buffer_string(out, readme_head);
	for (size_t i = 0; i < sections->count; i++) {
		const struct section *section = &sections->items[i];
		struct text limit = dialect_attribute(section->group, "limit");

		buffer_printf(out, "| %.*s | %.*s | %.*s | %.*s%s%.*s | ", TEXT_ARGS(file_name(section)),
			TEXT_ARGS(dialect_attribute(section->group, "key")), TEXT_ARGS(section->group->name),
			TEXT_ARGS(dialect_attribute(section->group, "cost")), limit.length ? "; " : "", TEXT_ARGS(limit));
		for (size_t k = 0; k < section->detection_count; k++)
			buffer_printf(out, "%s%.*s", k > 0 ? ", " : "", TEXT_ARGS(section->detections[k]->name));
		buffer_string(out, " |\n");
	}
	buffer_string(out, "\nfidelity.json says for each condition what these rules see of it.\n\n");
	pack_head(pack, out, "    ");
}

/* Does a line of another condition give the same key? */
static bool shares_key(const struct pack *pack, const struct pack_rule *rule)
{
	for (size_t i = 0; i < pack->rule_count; i++) {
		const struct pack_rule *other = &pack->rules[i];

		if (other != rule && other->rule->condition != rule->rule->condition && rule->name.length > 0
			&& text_equal(other->name, rule->name))
			return true;
	}
	return false;
}

/* A key that stands for several conditions says of an event that one of them holds, not which. */
static void weaken_shared_keys(struct pack *pack)
{
	for (size_t i = 0; i < pack->row_count; i++) {
		struct fidelity_row *row = &pack->rows[i];

		if (row->fidelity != FIDELITY_EXACT || pack->row_rules[i] == 0 || !shares_key(pack, &pack->rules[pack->row_rules[i] - 1]))
			continue;
		row->fidelity = FIDELITY_WIDER;
		reason_add(pack->arena, &row->reasons, "lines of other conditions have the same key, which cannot tell them apart");
	}
}

int auditd_write(struct pack *pack, struct diagnostics *d)
{
	struct sections sections = {pack, NULL, 0};
	int failed = 0;

	for (size_t i = 0; i < pack->rule_count; i++)
		failed |= add_rule(&sections, &pack->rules[i], d);
	weaken_shared_keys(pack);
	print_sections(&sections);
	print_readme(&sections);
	return failed != 0 ? -1 : 0;
}
