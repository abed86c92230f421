/* read: audit rule files → detections. */
#include "generator/auditd/read.h"

#include "generator/auditd/meaning.h"
#include "generator/auditd/parse.h"

#include <string.h>

const char *const auditd_endings[] = {".rules", NULL};

enum { NAME_BYTES_MAX = 160 };

/* One line of one file. */
struct taken_line {
	const struct rules_line *line;
	struct import_item *item;
	struct taken_line *twin; /* the same rule for the other architecture, which it speaks for */
	bool spoken_for;
	struct taken_line *speaker; /* of a line that another speaks for, by its path */
	struct text *paths;      /* of the lines that it speaks for */
	size_t path_count;
	unsigned epoch;          /* how many `never` rules the kernel comes by before */
	struct import_item *detection; /* whose draft its conditions went to */
};

struct reading {
	struct import *import;
	struct taken_line *lines;
	size_t count, first;     /* `first`: of the file that is read */
};

static struct text shortened(struct arena *arena, struct text text)
{
	return text.length <= NAME_BYTES_MAX ? text
		: text_of(arena_printf(arena, "%.*s…", TEXT_ARGS(text_slice(text, 0, utf8_skip(text, 0, NAME_BYTES_MAX)))));
}

/* Does the kernel come to `a` before `b`? -A puts a rule before all that are there. */
static bool precedes(const struct taken_line *a, const struct taken_line *b)
{
	bool earlier = a < b, first = a->line->rule->prepend, other = b->line->rule->prepend;

	return first == other ? earlier != first : first;
}

static bool is_exit_rule(const struct taken_line *line, enum kernel_action action)
{
	const struct rules_line *rule = line->line;

	return rule->kind == RULES_RULE && rule->refused == NULL && rule->removed == 0 && rule->rule->list == KERNEL_EXIT
		&& rule->rule->action == action;
}

/* --- lines that are no detections --- */

static const char *list_says(const struct kernel_rule *rule)
{
	switch (rule->list) {
	case KERNEL_TASK:
		return rule->action == KERNEL_NEVER ? "the kernel audits no system calls of tasks that begin while it stands, and no "
			"rule of the list exit fires for them" : "it asks for the audit of tasks that begin, which is so anyway";
	case KERNEL_EXCLUDE:
		return "it leaves out whole records of events, whatever its action says: conditions that need them see less";
	case KERNEL_FILESYSTEM:
		return "it leaves out the PATH records of a file system: conditions on their paths see less";
	case KERNEL_USER:
		return rule->action == KERNEL_NEVER ? "it leaves out messages that programs send (USER_…)"
			: "it asks for messages of programs, which are recorded anyway";
	default:
		return "io_uring operations are no events here";
	}
}

/* true: the line is done with. */
static bool settle_line(struct reading *r, struct taken_line *taken)
{
	const struct rules_line *line = taken->line;
	struct import *import = r->import;

	if (line->refused != NULL) {
		import_refuse(import, taken->item, "%s", line->refused);
		return true;
	}
	for (size_t i = 0; i < line->notes.count; i++)
		import_note(import, taken->item, "%.*s", TEXT_ARGS(line->notes.items[i]));
	if (line->stopped != 0)
		import_note(import, taken->item, "auditctl stops at line %u, which it refuses, and does not load this one",
			line->stopped);
	if (line->kind == RULES_CONTROL)
		import_note(import, taken->item, "nothing to detect: it %.*s", TEXT_ARGS(line->control));
	else if (line->kind == RULES_DELETE)
		import_note(import, taken->item, "nothing to detect: it takes a rule away that stands before");
	else if (line->removed != 0)
		import_note(import, taken->item, "line %u takes the rule away again", line->removed);
	else if (line->rule->list != KERNEL_EXIT)
		import_note(import, taken->item, "nothing to detect: %s", list_says(line->rule));
	else
		return false;
	return true;
}

/* --- detections --- */

/* T1078, T1548.001 and T1548_001 in any text. */
static void add_techniques(struct arena *arena, struct draft *draft, struct text text)
{
	static const char shape[] = "T0000";

	for (size_t at = 0; at + 5 <= text.length; at++) {
		size_t fits = 0;

		while (fits < 5 && (shape[fits] == '0' ? text.data[at + fits] >= '0' && text.data[at + fits] <= '9'
				: text.data[at + fits] == shape[fits]))
			fits++;
		if (fits < 5)
			continue;
		struct text rest = text_slice(text, at + 5, text.length), technique = text_slice(text, at, at + 5);
		bool sub = rest.length >= 4 && (rest.data[0] == '.' || rest.data[0] == '_');

		for (size_t i = 1; i < 4; i++)
			sub = sub && rest.data[i] >= '0' && rest.data[i] <= '9';
		if (sub)
			technique = text_of(arena_printf(arena, "%.*s.%.*s", TEXT_ARGS(technique), 3, rest.data + 1));
		reason_add(arena, &draft->techniques, text_copy(arena, technique).data);
	}
}

/* "priv_esc-attempt" → "Priv esc attempt" */
static struct text title_of(struct arena *arena, struct text key)
{
	char *title = arena_strndup(arena, key.data, key.length);

	for (size_t i = 0; i < key.length; i++) {
		if (title[i] == '_' || title[i] == '-' || (unsigned char)title[i] < ' ')
			title[i] = ' ';
	}
	if (title[0] >= 'a' && title[0] <= 'z')
		title[0] = (char)(title[0] - 'a' + 'A');
	return text_trim(text_of(title));
}

static struct text describe(struct arena *arena, const struct rules_line *line, struct text key)
{
	struct text comment = line->comment;

	if (comment.length > 0 && key.length > 0)
		return text_of(arena_printf(arena, "%.*s\nAudit rules of the key %.*s.", TEXT_ARGS(comment), TEXT_ARGS(key)));
	if (comment.length > 0)
		return comment;
	return key.length > 0 ? text_of(arena_printf(arena, "Audit rules of the key %.*s.", TEXT_ARGS(key)))
		: TEXT("An audit rule without a key.");
}

/* The file or the call that a rule is about: what its conditions are called by. */
static struct text subject_of(struct arena *arena, const struct kernel_rule *rule)
{
	static const enum kernel_field_number paths[] = {KERNEL_PATH, KERNEL_DIR, KERNEL_EXE};

	for (size_t i = 0; i < 3; i++) {
		const struct kernel_test *test = kernel_rule_test(rule, paths[i]);
		struct text path = test != NULL ? test->text : TEXT("");

		while (path.length > 1 && path.data[path.length - 1] == '/')
			path.length--;
		if (path.length > 1)
			return path_name(path);
	}
	for (unsigned number = 0; !rule->every_call && number < KERNEL_CALLS_MAX; number++) {
		struct text name = kernel_rule_calls(rule, number) ? audit_syscall_name(rule->arch, number) : TEXT("");

		if (name.length > 0)
			return name;
	}
	(void)arena;
	return TEXT("every-call");
}

/* Keys are joined by 0x01; the first one names the detection. */
static struct text first_key(const struct kernel_rule *rule)
{
	return text_slice(rule->key, 0, text_find(rule->key, '\x01'));
}

/* The draft of the line's key, begun by the first line of it. */
static struct draft *draft_of(struct reading *r, struct taken_line *taken)
{
	struct arena *arena = r->import->arena;
	struct text key = first_key(taken->line->rule);

	for (struct taken_line *other = r->lines + r->first; key.length > 0 && other < taken; other++) {
		if (other->detection == other->item && other->item->draft != NULL && other->epoch == taken->epoch
				&& text_equal(first_key(other->line->rule), key)) {
			taken->detection = other->item;
			add_techniques(arena, other->item->draft, taken->line->comment);
			return other->item->draft;
		}
	}
	struct draft *draft = import_draft(r->import, taken->item);
	struct text subject = subject_of(arena, taken->line->rule);

	taken->detection = taken->item;
	draft->name = key.length > 0 ? key : text_of(arena_printf(arena, "audit %.*s", TEXT_ARGS(subject)));
	draft->title = key.length > 0 ? title_of(arena, key) : text_of(arena_printf(arena, "Audit rule on %.*s", TEXT_ARGS(subject)));
	draft->description = describe(arena, taken->line, key);
	draft->severity = SEVERITY_LOW;
	draft->surface = TEXT("host");
	add_techniques(arena, draft, key);
	add_techniques(arena, draft, taken->line->comment);
	return draft;
}

static struct meaning_rules rules_of(const struct taken_line *taken)
{
	return (struct meaning_rules){taken->line->rule, taken->twin ? taken->twin->line->rule : NULL, taken->paths,
		taken->path_count};
}

static void take_notes(struct import *import, struct import_item *item, const struct meaning *meaning)
{
	for (size_t i = 0; i < meaning->notes.count; i++)
		import_note(import, item, "%.*s", TEXT_ARGS(meaning->notes.items[i]));
}

static void make_conditions(struct reading *r, struct taken_line *taken)
{
	struct import *import = r->import;
	struct arena *arena = import->arena;
	const struct kernel_rule *rule = taken->line->rule;
	struct meaning_rules rules;
	struct meaning meaning;

	rules = rules_of(taken);
	meaning_of(arena, &import->catalog->registry, import->dialect, &rules, &meaning);
	if (meaning.problem != NULL) {
		import_note(import, taken->item, "nothing to detect: %s", meaning.problem);
		return;
	}
	struct draft *draft = draft_of(r, taken);

	for (size_t i = 0; i < meaning.count; i++) {
		const struct meaning_part *part = &meaning.parts[i];
		const char *error = NULL;
		struct text source = text_of(arena_printf(arena, "%.*s where %.*s", TEXT_ARGS(part->category),
			TEXT_ARGS(part->expression)));
		struct condition *condition = import_parse(import, source, taken->line->place, &error);
		struct text name = subject_of(arena, rule);

		if (condition == NULL) {
			import_refuse(import, taken->item, "its condition cannot be asked: %s", error);
			return;
		}
		if (meaning.count > 1)
			name = text_of(arena_printf(arena, "%.*s-%.*s", TEXT_ARGS(name), TEXT_ARGS(part->category)));
		draft_add_condition(arena, draft, draft_slug(arena, name), condition);
	}
	take_notes(import, taken->item, &meaning);
}

/* --- never --- */

/* The rule as one expression for events of any category. */
static struct text expression_of(struct arena *arena, const struct meaning *meaning)
{
	struct buffer out = {0};

	for (size_t i = 0; i < meaning->count; i++) {
		const struct meaning_part *part = &meaning->parts[i];

		buffer_string(&out, i > 0 ? " or " : "");
		if (text_is(part->category, "any"))
			buffer_printf(&out, "(%.*s)", TEXT_ARGS(part->expression));
		else
			buffer_printf(&out, "(event.category == \"%.*s\" and %.*s)", TEXT_ARGS(part->category), TEXT_ARGS(part->expression));
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

/* The detections whose rules come later and could match the same calls. */
static size_t covered_by(struct reading *r, const struct taken_line *never, struct import_item ***covered)
{
	struct arena *arena = r->import->arena;
	size_t count = 0;

	*covered = NULL;
	for (size_t i = r->first; i < r->count; i++) {
		struct taken_line *line = &r->lines[i];
		bool known = line->detection == NULL || line->detection->draft == NULL;

		if (known || !precedes(never, line) || !meaning_overlap(never->line->rule, line->line->rule))
			continue;
		for (size_t k = 0; k < count && !known; k++)
			known = (*covered)[k] == line->detection;
		if (known)
			continue;
		*covered = arena_grow(arena, *covered, count, sizeof(**covered));
		(*covered)[count++] = line->detection;
	}
	return count;
}

static void make_exception(struct reading *r, struct taken_line *taken)
{
	struct import *import = r->import;
	struct arena *arena = import->arena;
	struct import_exception made = {.covered = NULL};
	struct meaning_rules rules;
	struct meaning meaning;
	const char *error = NULL;

	rules = rules_of(taken);
	meaning_of(arena, &import->catalog->registry, import->dialect, &rules, &meaning);
	take_notes(import, taken->item, &meaning);
	made.covered_count = covered_by(r, taken, &made.covered);
	if (meaning.problem != NULL || made.covered_count == 0) {
		import_note(import, taken->item, "no rule stands behind it that it could keep from recording");
		return;
	}
	if (meaning.wider) {
		import_note(import, taken->item, "no exception is made of it, since that would leave out more than the rule does");
		return;
	}
	made.exception.node = import_expression(import, expression_of(arena, &meaning), &error);
	if (made.exception.node == NULL) {
		import_refuse(import, taken->item, "its exception cannot be asked: %s", error);
		return;
	}
	made.exception.name = text_of(arena_printf(arena, "never-%.*s-%u", TEXT_ARGS(subject_of(arena, taken->line->rule)),
		taken->line->place.line));
	made.exception.reason = taken->line->comment.length > 0 ? taken->line->comment
		: text_of(arena_printf(arena, "the audit rule %.*s", TEXT_ARGS(taken->item->name)));
	import_add_exception(import, &made);
}

/* --- files --- */

/* The same rule for the other architecture, further down; or NULL. */
static struct taken_line *twin_of(struct reading *r, const struct taken_line *one, enum kernel_action action)
{
	for (size_t k = (size_t)(one - r->lines) + 1; k < r->count; k++) {
		struct taken_line *other = &r->lines[k];

		if (!other->spoken_for && is_exit_rule(other, action) && other->epoch == one->epoch
				&& meaning_twins(one->line->rule, other->line->rule))
			return other;
	}
	return NULL;
}

static void pair_twins(struct reading *r)
{
	for (size_t i = r->first; i < r->count; i++) {
		struct taken_line *one = &r->lines[i];
		enum kernel_action action = one->line->rule != NULL ? one->line->rule->action : KERNEL_NO_ACTION;

		if (one->spoken_for || !is_exit_rule(one, action))
			continue;
		one->twin = twin_of(r, one, action);
		if (one->twin != NULL)
			one->twin->spoken_for = true;
	}
}

/* Lines of one key that differ in their path only are one condition; the first speaks for them. */
static void gather_siblings(struct reading *r)
{
	for (size_t i = r->first; i < r->count; i++) {
		struct taken_line *one = &r->lines[i];

		for (size_t k = i + 1; k < r->count && !one->spoken_for && is_exit_rule(one, KERNEL_ALWAYS); k++) {
			struct taken_line *other = &r->lines[k];

			if (other->spoken_for || (other->twin == NULL) != (one->twin == NULL) || !is_exit_rule(other, KERNEL_ALWAYS)
					|| other->epoch != one->epoch || one->line->rule->key.length == 0
					|| !meaning_siblings(one->line->rule, other->line->rule))
				continue;
			one->paths = arena_grow(r->import->arena, one->paths, one->path_count, sizeof(*one->paths));
			one->paths[one->path_count++] = meaning_path(other->line->rule)->text;
			other->spoken_for = true;
			other->speaker = one;
		}
	}
}

static void count_epochs(struct reading *r)
{
	for (size_t i = r->first; i < r->count; i++) {
		for (size_t k = r->first; k < r->count && is_exit_rule(&r->lines[i], KERNEL_ALWAYS); k++)
			r->lines[i].epoch += k != i && is_exit_rule(&r->lines[k], KERNEL_NEVER) && precedes(&r->lines[k], &r->lines[i]);
	}
}

static void read_file(struct reading *r, const struct import_file *file)
{
	struct arena *arena = r->import->arena;
	struct rules *rules = arena_alloc(arena, sizeof(*rules));

	rules_parse(arena, text_copy(arena, file->path).data, file->content, rules);
	r->first = r->count;
	for (size_t i = 0; i < rules->count; i++) {
		const struct rules_line *line = &rules->lines[i];

		r->lines = arena_grow(arena, r->lines, r->count, sizeof(*r->lines));
		r->lines[r->count++] = (struct taken_line){.line = line,
			.item = import_rule(r->import, shortened(arena, line->source), line->place)};
	}
	count_epochs(r);
	pair_twins(r);
	gather_siblings(r);
	for (size_t i = r->first; i < r->count; i++) {
		struct taken_line *line = &r->lines[i];

		if (!settle_line(r, line) && !line->spoken_for && is_exit_rule(line, KERNEL_ALWAYS))
			make_conditions(r, line);
		if (line->speaker != NULL)
			line->detection = line->speaker->detection;
		if (line->twin != NULL)
			line->twin->detection = line->detection;
	}
	for (size_t i = r->first; i < r->count; i++) {
		if (!r->lines[i].spoken_for && is_exit_rule(&r->lines[i], KERNEL_NEVER))
			make_exception(r, &r->lines[i]);
	}
}

int auditd_read(struct import *import)
{
	struct reading reading = {.import = import};

	for (size_t i = 0; i < import->file_count; i++)
		read_file(&reading, &import->files[i]);
	return 0;
}
