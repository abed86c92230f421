/* pack: all the rules of one target for one organization. */
#include "generator/build.h"

#include "catalog/version.h"

#include <string.h>

struct buffer *pack_file(struct pack *pack, struct text name)
{
	struct made_file *file = arena_alloc(pack->arena, sizeof(*file));

	file->name = name;
	pack->files = arena_grow(pack->arena, pack->files, pack->file_count, sizeof(struct made_file *));
	pack->files[pack->file_count++] = file;
	return &file->content;
}

struct text pack_organization(const struct pack *pack)
{
	return pack->request->organization != NULL ? pack->request->organization->name : TEXT("plain");
}

struct text rule_actions(const struct pack *pack, const struct rule *rule)
{
	const struct registry *registry = &pack->request->catalog->registry;
	struct buffer out = {0};

	if (rule->category == CATEGORY_ANY)
		return TEXT("any");
	for (size_t i = 0; i < rule->action_count; i++)
		buffer_printf(&out, "%s%.*s.%.*s", i > 0 ? ", " : "", TEXT_ARGS(registry->categories[rule->category].name),
			TEXT_ARGS(registry->actions[rule->actions[i]].name));
	struct text text = text_copy(pack->arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

void pack_rule_describe(const struct pack_rule *rule, struct buffer *out)
{
	for (size_t i = 0; i < rule->detection_count; i++) {
		if (i > 0)
			buffer_char(out, ' ');
		buffer_text(out, text_trim(rule->detections[i]->description));
	}
}

static const char *exception_word(enum fidelity fidelity)
{
	return fidelity == FIDELITY_EXACT ? "exact" : fidelity == FIDELITY_WIDER ? "narrowed" : "lost";
}

void pack_head(const struct pack *pack, struct buffer *out, const char *prefix)
{
	const struct target *target = pack->request->target;

	buffer_printf(out, "%sMade by mews %s; do not edit: change the catalog and generate again.\n", prefix, MEWS_VERSION);
	buffer_printf(out, "%starget: %s %s\n", prefix, target->name, target->version);
	buffer_printf(out, "%sorganization: %.*s\n", prefix, TEXT_ARGS(pack_organization(pack)));
	buffer_printf(out, "%scatalog revision: %s\n", prefix, pack->request->catalog->revision);
	for (size_t i = 0; i < pack->exception_count; i++) {
		const struct pack_exception *e = &pack->exceptions[i];

		buffer_printf(out, "%sexception %.*s: %s%s%s\n", prefix, TEXT_ARGS(e->exception->name),
			exception_word(e->fidelity), e->reason ? " - " : "", e->reason ? e->reason : "");
	}
}

struct rule_node *rule_excluded(struct arena *arena, const struct rule *rule, bool shipped)
{
	struct rule_node *node = rule_false();

	for (size_t i = 0; i < rule->exception_count; i++) {
		if (rule->exceptions[i].shipped == shipped)
			node = rule_either(arena, node, rule->exceptions[i].node);
	}
	return node;
}

/* --- which detections, which exceptions --- */

static bool exception_applies(const struct pack *pack, const struct exception *exception)
{
	return !exception_expired(exception, pack->request->as_of);
}

bool pack_excepts(const struct organization *organization, const struct detection *detection, struct text as_of)
{
	for (size_t i = 0; organization != NULL && i < organization->exception_count; i++) {
		const struct exception *exception = &organization->exceptions[i];

		if (!exception_expired(exception, as_of) && exception_covers(exception, detection))
			return true;
	}
	return false;
}

static void note_exception(struct pack *pack, const struct exception *exception, bool shipped)
{
	for (size_t i = 0; i < pack->exception_count; i++) {
		if (pack->exceptions[i].exception == exception)
			return;
	}
	pack->exceptions = arena_grow(pack->arena, pack->exceptions, pack->exception_count, sizeof(*pack->exceptions));
	pack->exceptions[pack->exception_count++] = (struct pack_exception){exception, shipped, FIDELITY_EXACT, false, NULL};
}

static void exceptions_of(struct pack *pack, const struct detection *detection, struct lowering *l)
{
	const struct organization *organization = pack->request->organization;
	size_t most = detection->exception_count + (organization ? organization->exception_count : 0);
	const struct exception **list = arena_array(pack->arena, most + 1, sizeof(*list));

	l->exceptions = list;
	for (size_t i = 0; i < detection->exception_count; i++) {
		if (exception_applies(pack, &detection->exceptions[i]))
			list[l->exception_count++] = &detection->exceptions[i];
	}
	l->shipped_count = l->exception_count;
	for (size_t i = 0; organization != NULL && i < organization->exception_count; i++) {
		const struct exception *exception = &organization->exceptions[i];

		if (exception_applies(pack, exception) && exception_covers(exception, detection))
			list[l->exception_count++] = exception;
	}
	for (size_t i = 0; i < l->exception_count; i++)
		note_exception(pack, list[i], i < l->shipped_count);
	if (!pack->request->target->exceptions)
		l->exception_count = l->shipped_count = 0;
}

/* --- rules --- */

/* Are the same forms written by hand? */
static bool same_written(const struct rule *a, const struct rule *b)
{
	size_t k = 0;

	for (size_t i = 0; i < a->exception_count; i++) {
		if (a->exceptions[i].written.length == 0)
			continue;
		while (k < b->exception_count && b->exceptions[k].written.length == 0)
			k++;
		if (k == b->exception_count || !text_equal(a->exceptions[i].written, b->exceptions[k++].written))
			return false;
	}
	while (k < b->exception_count && b->exceptions[k].written.length == 0)
		k++;
	return k == b->exception_count;
}

static bool same_folded(const struct rule *a, const struct rule *b, struct arena *arena)
{
	return same_written(a, b) && rule_equal(rule_excluded(arena, a, true), rule_excluded(arena, b, true))
		&& rule_equal(rule_excluded(arena, a, false), rule_excluded(arena, b, false));
}

static bool twins(const struct pack *pack, const struct rule *a, const struct rule *b)
{
	return pack->request->target->merges && a->group == b->group && a->derived == b->derived
		&& a->fidelity == b->fidelity && rule_equal(a->events, b->events) && rule_equal(a->node, b->node)
		&& same_folded(a, b, pack->arena);
}

static void add_twin(struct pack *pack, struct pack_rule *into, const struct rule *rule, enum severity severity)
{
	bool known = false;

	for (size_t i = 0; i < into->detection_count && !known; i++)
		known = into->detections[i] == rule->detection;
	if (!known) {
		into->detections = arena_grow(pack->arena, into->detections, into->detection_count, sizeof(*into->detections));
		into->detections[into->detection_count++] = rule->detection;
	}
	into->twins = arena_grow(pack->arena, into->twins, into->twin_count, sizeof(*into->twins));
	into->twins[into->twin_count++] = rule;
	if (severity < into->severity)
		into->severity = severity;
}

static bool label_taken(const struct pack *pack, struct text label)
{
	for (size_t i = 0; i < pack->rule_count; i++) {
		if (text_equal_fold(pack->rules[i].label, label))
			return true;
	}
	return false;
}

/* "Title (condition)"; the source and the group are named where that is needed to tell rules apart. */
static struct text label_of(const struct pack *pack, const struct rule *rule)
{
	const char *source = rule->derived ? ", command line" : "";
	struct text title = rule->detection->title, name = rule->condition->name, group = rule->group->name;
	struct text label = text_of(arena_printf(pack->arena, "%.*s (%.*s%s)", TEXT_ARGS(title), TEXT_ARGS(name), source));

	if (label_taken(pack, label))
		label = text_of(arena_printf(pack->arena, "%.*s (%.*s%s, %.*s)", TEXT_ARGS(title), TEXT_ARGS(name), source,
			TEXT_ARGS(group)));
	for (unsigned number = 2; label_taken(pack, label); number++)
		label = text_of(arena_printf(pack->arena, "%.*s (%.*s%s, %.*s %u)", TEXT_ARGS(title), TEXT_ARGS(name), source,
			TEXT_ARGS(group), number));
	return label;
}

static struct pack_rule *add_rule(struct pack *pack, const struct rule *rule, enum severity severity)
{
	for (size_t i = 0; i < pack->rule_count; i++) {
		if (twins(pack, pack->rules[i].rule, rule)) {
			add_twin(pack, &pack->rules[i], rule, severity);
			return &pack->rules[i];
		}
	}
	struct pack_rule made = {.rule = rule, .severity = severity, .label = label_of(pack, rule)};

	pack->rules = arena_grow(pack->arena, pack->rules, pack->rule_count, sizeof(*pack->rules));
	pack->rules[pack->rule_count] = made;
	add_twin(pack, &pack->rules[pack->rule_count], rule, severity);
	return &pack->rules[pack->rule_count++];
}

enum { ASKED_MAX = 64 };
struct asked {
	struct text outcome; /* raw name of event.outcome */
	const struct rule_test *tests[ASKED_MAX];
	size_t count;
};

static bool asks_same(const struct rule_test *a, const struct rule_test *b)
{
	bool same = a->op == b->op && a->count == b->count;

	for (size_t i = 0; same && i < a->count; i++)
		same = text_equal(a->values[i], b->values[i]);
	return same;
}

/* Tests that ask something of the condition: whether the act succeeded does not count, and the same test of several
 * names (a0, a1, …) is one. */
static void count_asked(const struct rule_test *test, void *context)
{
	struct asked *asked = context;

	for (size_t i = 0; i < asked->count; i++) {
		if (asks_same(asked->tests[i], test))
			return;
	}
	if (!text_equal(test->name, asked->outcome) && asked->count < ASKED_MAX)
		asked->tests[asked->count++] = test;
}

static size_t asked_of(const struct rule *rule)
{
	struct asked asked = {.count = 0};

	for (size_t i = 0; i < rule->group->field_count; i++) {
		if (rule->group->fields[i].field == FIELD_OUTCOME)
			asked.outcome = bound_name(&rule->group->fields[i]);
	}
	rule_visit(rule->node, count_asked, &asked);
	return asked.count;
}

/* A rule's predicates judge one record only: of several record types the one that says most is taken. */
bool pack_better_elsewhere(const struct lowered *lowered, size_t index)
{
	const struct rule *rule = &lowered->rules[index];
	struct text family = dialect_attribute(rule->group, "one_of");

	for (size_t i = 0; family.length > 0 && i < lowered->count; i++) {
		const struct rule *other = &lowered->rules[i];
		size_t a = asked_of(rule), b = asked_of(other);

		if (i != index && other->derived == rule->derived && other->category == rule->category
			&& text_equal(dialect_attribute(other->group, "one_of"), family) && (b > a || (b == a && i < index)))
			return true;
	}
	return false;
}

/* --- rows --- */

/* `rule`: 1 + its place among the pack's rules; 0: none. */
static void add_row(struct pack *pack, const struct fidelity_row *row, size_t rule)
{
	pack->rows = arena_grow(pack->arena, pack->rows, pack->row_count, sizeof(*pack->rows));
	pack->row_rules = arena_grow(pack->arena, pack->row_rules, pack->row_count, sizeof(*pack->row_rules));
	pack->row_rules[pack->row_count] = rule;
	pack->rows[pack->row_count++] = *row;
}

static void row_of_rule(struct pack *pack, const struct rule *rule, size_t written)
{
	struct fidelity_row row = {rule->detection, rule->condition, rule_actions(pack, rule),
		rule->derived ? TEXT("derived") : TEXT("native"), rule->group->name, rule->fidelity, TEXT(""), rule->reasons};

	add_row(pack, &row, written);
}

static struct text sequence_word(const struct condition *condition)
{
	return condition->sequence->sample ? TEXT("sample") : TEXT("sequence");
}

/* What the writer has to write over several events; its row is filled when it has. */
static void add_sequence(struct pack *pack, const struct detection *detection, const struct condition *condition,
	const struct lowered *lowered, enum severity severity)
{
	struct pack_sequence made = {detection, condition, lowered, severity, TEXT(""), TEXT(""), {NULL, 0}, FIDELITY_UNSUPPORTED,
		{NULL, 0}, pack->row_count};
	struct fidelity_row row = {detection, condition, sequence_word(condition), TEXT("native"), TEXT(""), FIDELITY_UNSUPPORTED,
		TEXT(""), {NULL, 0}};

	made.label = text_of(arena_printf(pack->arena, "%.*s (%.*s)", TEXT_ARGS(detection->title), TEXT_ARGS(condition->name)));
	made.fidelity = lowered_fidelity(pack->arena, lowered, &made.reasons);
	pack->sequences = arena_grow(pack->arena, pack->sequences, pack->sequence_count, sizeof(*pack->sequences));
	pack->sequences[pack->sequence_count++] = made;
	add_row(pack, &row, 0);
}

static void row_of_gap(struct pack *pack, const struct detection *detection, const struct condition *condition,
	const struct gap *gap)
{
	unsigned action = gap->action;
	struct rule shape = {.category = gap->category, .actions = &action, .action_count = 1};
	struct text actions = condition->sequence != NULL ? sequence_word(condition) : rule_actions(pack, &shape);
	struct fidelity_row row = {detection, condition, actions, gap->derived ? TEXT("derived") : TEXT("native"),
		TEXT(""), FIDELITY_UNSUPPORTED, TEXT(""), gap->reasons};

	add_row(pack, &row, 0);
}

/* Does the rule lose exactly what the exception excepts? Where it loses anything, the exception is used. */
static bool judge_rule(struct pack_exception *e, const struct rule *rule)
{
	bool exact = true;

	for (size_t i = 0; i < rule->exception_count; i++) {
		const struct rule_exception *folded = &rule->exceptions[i];

		if (folded->exception != e->exception)
			continue;
		exact = exact && (folded->exact || folded->written.length > 0);
		e->used = e->used || folded->node->kind != RULE_FALSE || folded->written.length > 0;
	}
	return exact;
}

/* Exact: every rule that it touches loses exactly what it excepts. Lost: none loses anything. */
static void judge_exceptions(struct pack *pack)
{
	for (size_t i = 0; i < pack->exception_count; i++) {
		struct pack_exception *e = &pack->exceptions[i];
		bool exact = true;

		for (size_t k = 0; k < pack->rule_count; k++) {
			for (size_t j = 0; j < pack->rules[k].twin_count; j++)
				exact = judge_rule(e, pack->rules[k].twins[j]) && exact;
		}
		if (!pack->request->target->exceptions) {
			e->fidelity = FIDELITY_UNSUPPORTED;
			e->reason = "these rules collect; replay applies it";
		} else if (!exact) {
			e->fidelity = e->used ? FIDELITY_WIDER : FIDELITY_UNSUPPORTED;
			e->reason = e->used ? "some rules cannot say it and exclude less" : "no rule can say it";
		}
	}
}

/* --- the whole pack --- */

static void build_condition(struct pack *pack, const struct lowering *l, const struct detection *detection,
	const struct condition *condition, enum severity severity)
{
	struct lowered *lowered = arena_alloc(pack->arena, sizeof(*lowered));

	lower_condition(l, detection, condition, lowered);
	if (lowered->sequence != NULL && pack->request->target->sequences)
		add_sequence(pack, detection, condition, lowered, severity);
	for (size_t i = 0; i < lowered->count; i++) {
		if (pack_better_elsewhere(lowered, i))
			continue;
		const struct rule *rule = &lowered->rules[i];
		struct pack_rule *made = add_rule(pack, rule, rule->lost ? SEVERITY_INFORMATIONAL : severity);

		row_of_rule(pack, rule, (size_t)(made - pack->rules) + 1);
	}
	for (size_t i = 0; i < lowered->gap_count; i++)
		row_of_gap(pack, detection, condition, &lowered->gaps[i]);
}

static void build_detection(struct pack *pack, const struct detection *detection)
{
	const struct pack_request *request = pack->request;
	struct baseline_decision decision = catalog_decide(request->organization, detection);

	if (decision.disabled || decision.below) {
		pack->disabled = arena_grow(pack->arena, pack->disabled, pack->disabled_count, sizeof(*pack->disabled));
		pack->disabled[pack->disabled_count++] = detection;
		return;
	}
	struct lowering l = {.arena = pack->arena, .catalog = request->catalog, .target = request->target, .dialect = pack->dialect};

	exceptions_of(pack, detection, &l);
	for (size_t i = 0; i < detection->condition_count; i++)
		build_condition(pack, &l, detection, detection->conditions[i], decision.severity);
	for (size_t i = 0; i < detection->target_count; i++) {
		if (text_is(detection->targets[i].target, request->target->name))
			build_condition(pack, &l, detection, detection->targets[i].condition, decision.severity);
	}
}

/* Rows get the names that the writer gave. */
static void name_rows(struct pack *pack)
{
	for (size_t i = 0; i < pack->row_count; i++) {
		if (pack->row_rules[i] > 0)
			pack->rows[i].rule = pack->rules[pack->row_rules[i] - 1].name;
	}
	for (size_t i = 0; i < pack->sequence_count; i++) {
		const struct pack_sequence *sequence = &pack->sequences[i];
		struct fidelity_row *row = &pack->rows[sequence->row];

		row->rule = sequence->name;
		row->fidelity = sequence->name.length ? sequence->fidelity : FIDELITY_UNSUPPORTED;
		row->reasons = sequence->reasons;
		for (size_t k = 0; k < sequence->more.count; k++) {
			struct fidelity_row further = pack->rows[sequence->row];

			further.rule = sequence->more.items[k];
			add_row(pack, &further, 0);
		}
	}
}

static void summarize(struct pack *pack, struct pack_summary *summary)
{
	summary->rows = pack->rows;
	summary->row_count = pack->row_count;
	summary->rules = pack->written;
	summary->files = pack->file_count;
	summary->exceptions = arena_array(pack->arena, pack->exception_count + 1, sizeof(*summary->exceptions));
	summary->exception_count = pack->exception_count;
	for (size_t i = 0; i < pack->exception_count; i++) {
		const struct pack_exception *e = &pack->exceptions[i];
		enum fidelity fidelity = e->fidelity;

		summary->exceptions[i] = (struct exception_row){e->exception, e->shipped, e->used, exception_word(fidelity), e->reason};
		summary->exceptions_exact += fidelity == FIDELITY_EXACT;
		summary->exceptions_narrowed += fidelity == FIDELITY_WIDER;
		summary->exceptions_lost += fidelity == FIDELITY_UNSUPPORTED;
	}
}

/* The request with its target as it is asked for. */
static const struct pack_request *asked(struct arena *arena, const struct pack_request *request)
{
	struct target *target = arena_alloc(arena, sizeof(*target));
	struct pack_request *own = arena_alloc(arena, sizeof(*own));

	*target = *request->target;
	target->exact_case = request->exact_case;
	*own = *request;
	own->target = target;
	return own;
}

static int make(struct pack *pack, struct pack_summary *summary, struct diagnostics *d)
{
	const struct pack_request *request = pack->request;

	pack->dialect = catalog_dialect(request->catalog, text_of(request->target->dialect));
	if (pack->dialect == NULL)
		return diagnostics_error(d, ((struct place){NULL, 0, 0}), "the catalog has no dialect %s, which %s rules are written in",
			request->target->dialect, request->target->name);
	for (size_t i = 0; i < request->catalog->detection_count; i++) {
		if (request->only == NULL || request->only[i])
			build_detection(pack, request->catalog->detections[i]);
	}
	judge_exceptions(pack);
	int failed = request->target->write(pack, d);

	name_rows(pack);
	pack_fidelity(pack);
	summarize(pack, summary);
	return failed;
}

static void free_files(struct pack *pack)
{
	for (size_t i = 0; i < pack->file_count; i++)
		buffer_free(&pack->files[i]->content);
}

int pack_write(const struct pack_request *request, struct pack_summary *summary, struct diagnostics *d)
{
	struct pack pack = {.arena = &summary->arena, .request = asked(&summary->arena, request)};
	int failed = make(&pack, summary, d);

	if (failed == 0)
		failed = pack_store(&pack, &summary->path, d);
	free_files(&pack);
	return failed;
}

int pack_build(const struct pack_request *request, struct pack_summary *summary, struct diagnostics *d)
{
	struct pack pack = {.arena = &summary->arena, .request = asked(&summary->arena, request)};
	int failed = make(&pack, summary, d);

	summary->texts = arena_array(&summary->arena, pack.file_count + 1, sizeof(*summary->texts));
	for (size_t i = 0; i < pack.file_count && failed == 0; i++)
		summary->texts[summary->text_count++] = (struct pack_text){pack.files[i]->name,
			text_copy(&summary->arena, buffer_view(&pack.files[i]->content))};
	free_files(&pack);
	return failed;
}

void pack_summary_free(struct pack_summary *summary)
{
	arena_free(&summary->arena);
}
