/* site: the log sources that mean registered events, and all others. */
#include "generator/sigma/site.h"

/* --- trees in the form that is raised --- */

static bool has_letters(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		char low = (char)(text.data[i] | 0x20);

		if (low >= 'a' && low <= 'z')
			return true;
	}
	return false;
}

/* Those of the test's values that have letters, or those that have none. */
static struct rule_node *with_letters(struct arena *arena, const struct rule_test *test, bool letters)
{
	struct rule_test some = *test;
	struct text *values = arena_array(arena, test->count + 1, sizeof(*values));

	some.count = 0;
	some.values = values;
	some.fold = test->fold && letters;
	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].length > 0 && has_letters(test->values[i]) == letters)
			values[some.count++] = test->values[i];
	}
	return some.count > 0 ? rule_test(arena, &some) : rule_false();
}

/* An empty text is no value here: to equal it is to be missing. */
static struct rule_node *missing_or(struct arena *arena, const struct rule_test *test, struct rule_node *node)
{
	struct rule_test presence = {.name = test->name, .op = TEST_PRESENT};

	for (size_t i = 0; i < test->count; i++) {
		if (test->values[i].length == 0 && test->op == TEST_EQUAL)
			return rule_either(arena, rule_not(arena, rule_test(arena, &presence)), node);
	}
	return node;
}

static struct rule_node *plain_test(struct arena *arena, const struct rule_test *test)
{
	struct rule_test plain = *test;
	bool letters = test->other.length > 0;

	for (size_t i = 0; i < test->count; i++)
		letters = letters || has_letters(test->values[i]);
	if (test->number && test->op == TEST_EQUAL) {
		plain.number = false;
		plain.fold = letters; /* true, whatever its spelling */
	}
	plain.fold = plain.fold && letters;
	if (plain.op != TEST_EQUAL || plain.other.length > 0)
		return rule_test(arena, &plain);
	return missing_or(arena, &plain,
		rule_either(arena, with_letters(arena, &plain, true), with_letters(arena, &plain, false)));
}

struct rule_node *site_plain(struct arena *arena, const struct rule_node *node)
{
	if (node->kind == RULE_TEST)
		return plain_test(arena, &node->test);
	if (node->kind == RULE_NOT)
		return rule_not(arena, site_plain(arena, node->children[0]));
	if (node->kind == RULE_TRUE || node->kind == RULE_FALSE)
		return node->kind == RULE_TRUE ? rule_true() : rule_false();
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = site_plain(arena, node->children[i]);
	return node->kind == RULE_AND ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
}

/* --- what is noted of a tree --- */

struct looking {
	bool keywords, empty, verb;
};

static void look(const struct rule_test *test, void *context)
{
	struct looking *looking = context;

	looking->keywords = looking->keywords || test->name.length == 0;
	looking->verb = looking->verb || text_is(test->name, "verb");
	for (size_t i = 0; i < test->count; i++)
		looking->empty = looking->empty || (test->op == TEST_EQUAL && test->values[i].length == 0);
}

/* Log sources whose events are lines of text. */
static const struct {
	const char *product, *category, *service; /* "" where the log source must name none; NULL: anything */
} texts[] = {
	{"linux", "", "auth"}, {"linux", "", "clamav"}, {"linux", "", "cron"}, {"linux", "", "guacamole"}, {"linux", "", "sshd"},
	{"linux", "", "sudo"}, {"linux", "", "syslog"}, {"linux", "", "vsftpd"}, {"linux", "", ""}, {"cisco", NULL, NULL},
	{"huawei", NULL, NULL}, {"juniper", NULL, NULL}, {NULL, "", "apache"}, {NULL, "", "nginx"},
};

static bool fits(struct text have, const char *want)
{
	return want == NULL || text_is(have, want);
}

static bool is_text(const struct sigma_logsource *logsource)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		if (fits(logsource->product, texts[i].product) && fits(logsource->category, texts[i].category)
			&& fits(logsource->service, texts[i].service))
			return true;
	}
	return false;
}

static void note_tree(const struct taking *t, const struct rule_node *node)
{
	struct looking looking = {0};

	rule_visit(node, look, &looking);
	if (looking.empty)
		import_note(t->import, t->item, "a value that is empty and one that is missing are the same here");
	if (looking.keywords && !is_text(&t->document->logsource))
		import_note(t->import, t->item, "keywords are looked for in the event's message, not in all of its fields");
	if (!looking.verb && t->names.group != NULL && text_is(dialect_attribute(t->names.group, "service"), "audit"))
		import_note(t->import, t->item, "the rule asks for no verb: only the registered ones are meant");
}

/* --- groups --- */

static const struct dialect_group *group_of(const struct import *import, const char *product, struct text category,
	struct text service)
{
	for (size_t i = 0; i < import->dialect->group_count; i++) {
		const struct dialect_group *group = &import->dialect->groups[i];

		if (text_is(dialect_attribute(group, "product"), product) && text_equal(dialect_attribute(group, "category"), category)
			&& text_equal(dialect_attribute(group, "service"), service) && dialect_attribute(group, "one_of").length == 0)
			return group;
	}
	return NULL;
}

/* The condition's tree with one more predicate in front. */
static struct node *with_first(struct import *import, struct node *first, struct node *root)
{
	struct node *both[] = {first, root};

	return node_and(import->arena, both, 2);
}

static struct node *equals(struct import *import, const char *name, struct text value)
{
	struct value *values = arena_alloc(import->arena, sizeof(*values));
	struct predicate p = {.field = import_native(import, text_of(name), TYPE_KEYWORD), .op = OPERATOR_EQUAL, .values = values,
		.count = 1};

	values->text = value;
	return node_predicate(import->arena, &p);
}

/* The host's system, said in every condition of the draft that was added from `first` on. */
static void say_system(const struct taking *t, size_t first)
{
	struct draft *draft = t->item->draft;
	unsigned field = registry_field(&t->import->catalog->registry, TEXT("host.os.type"));
	struct value *values = arena_alloc(t->import->arena, sizeof(*values));
	struct predicate p = {.field = field, .op = OPERATOR_EQUAL, .values = values, .count = 1};

	values->text = t->document->logsource.product;
	for (size_t i = first; draft != NULL && i < draft->condition_count; i++) {
		const struct condition *condition = draft->conditions[i].condition;

		draft->conditions[i].condition = import_condition(t->import, condition->category,
			with_first(t->import, node_predicate(t->import->arena, &p), condition->root));
	}
}

/* --- records of auditd --- */

struct naming {
	const struct dialect_group *group;
	bool all; /* every name has a row that can be turned round, or tells records apart */
};

static bool tells_apart(const struct dialect_match *matches, size_t count, const struct rule_test *test, bool *known)
{
	bool named = false;

	for (size_t i = 0; i < count; i++) {
		if (!text_equal(matches[i].name, test->name))
			continue;
		named = true;
		for (size_t k = 0; k < test->count && test->op == TEST_EQUAL; k++) {
			for (size_t m = 0; m < matches[i].count; m++)
				*known = *known || text_equal(matches[i].values[m], test->values[k]);
		}
	}
	return named;
}

static void check_name(const struct rule_test *test, void *context)
{
	struct naming *naming = context;
	const struct dialect_group *group = naming->group;
	bool row = false, key = false, known = false;

	for (size_t i = 0; i < group->field_count; i++) {
		const struct dialect_field *field = &group->fields[i];

		row = row || (field->names != NULL && text_equal(field->names[0], test->name)
			&& (field->shape.shape == SHAPE_PLAIN || field->shape.shape == SHAPE_MAPPED));
	}
	key = tells_apart(group->when, group->when_count, test, &known);
	for (size_t i = 0; i < group->event_count; i++)
		key = tells_apart(group->events[i].matches, group->events[i].match_count, test, &known) || key;
	naming->all = naming->all && (key ? known && test->count == 1 : row);
}

struct typing {
	struct text type; /* the one record type that is asked for; empty: none */
	bool several;
};

static void see_type(const struct rule_test *test, void *context)
{
	struct typing *typing = context;

	if (!text_is(test->name, "type"))
		return;
	typing->several = typing->several || test->op != TEST_EQUAL || test->count != 1
		|| (typing->type.length > 0 && !text_equal(typing->type, test->values[0]));
	if (test->count > 0)
		typing->type = test->values[0];
}

static bool group_has_type(const struct dialect_group *group, struct text type)
{
	for (size_t i = 0; i < group->when_count; i++) {
		if (text_is(group->when[i].name, "type") && group->when[i].count == 1 && text_equal(group->when[i].values[0], type))
			return true;
	}
	return false;
}

/* Does the tree ask for one of the values by which the group tells its events apart, whatever else it asks? Else it is of
 * records, too, that are none of those events. */
static bool asks_key(const struct dialect_group *group, const struct rule_node *node)
{
	bool known = false;

	for (size_t i = 0; i < node->count && node->kind == RULE_AND; i++) {
		if (asks_key(group, node->children[i]))
			return true;
	}
	for (size_t i = 0; i < group->event_count && node->kind == RULE_TEST; i++) {
		if (group->events[i].match_count == 0
			|| tells_apart(group->events[i].matches, group->events[i].match_count, &node->test, &known))
			return true;
	}
	return false;
}

/* The group of the one record type that the rule asks for, where all of its names have fields there; or NULL. */
static const struct dialect_group *record_group(const struct taking *t, const struct rule_node *node)
{
	struct typing typing = {0};

	rule_visit(node, see_type, &typing);
	for (size_t i = 0; i < t->import->dialect->group_count && !typing.several; i++) {
		struct naming naming = {&t->import->dialect->groups[i], true};

		/* A group that is wider than its records, or misses some, does not say the same. */
		if (!text_is(dialect_attribute(naming.group, "service"), "auditd") || !group_has_type(naming.group, typing.type)
			|| dialect_attribute(naming.group, "wider").length > 0 || dialect_attribute(naming.group, "limit").length > 0)
			continue;
		rule_visit(node, check_name, &naming);
		if (naming.all && asks_key(naming.group, node))
			return naming.group;
	}
	return NULL;
}

/* Verbs that no event row knows keep the whole rule native. */
static void see_verb(const struct rule_test *test, void *context)
{
	struct naming *naming = context;
	size_t known = 0;

	if (!text_is(test->name, "verb") || test->op != TEST_EQUAL)
		return;
	for (size_t k = 0; k < test->count; k++) {
		struct rule_test one = *test;
		bool found = false;

		one.values = &test->values[k];
		one.count = 1;
		for (size_t i = 0; i < naming->group->event_count; i++)
			tells_apart(naming->group->events[i].matches, naming->group->events[i].match_count, &one, &found);
		known += found;
	}
	naming->all = naming->all && known == test->count;
}

static bool knows_verbs(const struct dialect_group *group, const struct rule_node *node)
{
	struct naming naming = {group, true};

	rule_visit(node, see_verb, &naming);
	return naming.all;
}

/* --- conditions --- */

/* What the condition is called: after its log source. */
static struct text name_of(const struct taking *t)
{
	const struct sigma_logsource *logsource = &t->document->logsource;

	return draft_slug(t->import->arena, logsource->category.length ? logsource->category
			: logsource->service.length			? logsource->service
									: logsource->product);
}

static void take_natively(const struct taking *t, const struct rule_node *tree)
{
	const struct sigma_logsource *logsource = &t->document->logsource;
	struct import *import = t->import;
	struct raising natively = t->names;
	struct node *parts[4];
	size_t count = 0;

	natively.group = NULL;
	natively.category = CATEGORY_ANY;
	if (logsource->product.length)
		parts[count++] = equals(import, "logsource.product", logsource->product);
	if (logsource->category.length)
		parts[count++] = equals(import, "logsource.category", logsource->category);
	if (logsource->service.length)
		parts[count++] = equals(import, "logsource.service", logsource->service);
	parts[count++] = raise_tree(&natively, tree);
	struct node *root = node_and(import->arena, parts, count);

	if (t->item->draft == NULL)
		return;
	if (root->kind == NODE_FALSE)
		import_refuse(import, t->item, "the rule can never hold");
	else
		draft_add_condition(import->arena, t->item->draft, name_of(t), import_condition(import, CATEGORY_ANY, root));
}

static void take_condition(struct taking *t, const struct rule_node *written)
{
	const struct rule_node *tree = site_plain(t->import->arena, written);
	const struct dialect_group *group = t->names.group;
	size_t before = t->item->draft->condition_count;

	if (text_is(t->document->logsource.service, "auditd"))
		group = t->names.group = record_group(t, tree);
	if (group != NULL && text_is(t->document->logsource.product, "kubernetes") && !knows_verbs(group, tree))
		group = NULL;
	note_tree(t, written);
	if (group != NULL)
		raise_events(&t->names, tree, name_of(t));
	if (t->item->draft != NULL && t->item->draft->condition_count == before)
		take_natively(t, tree);
}

/* Which group's rows are asked, and whether the host's system must be said. */
static bool find_group(struct taking *t)
{
	struct sigma_logsource logsource = t->document->logsource;
	bool other = text_is(logsource.product, "windows") || text_is(logsource.product, "macos");

	if (text_is(logsource.product, "kubernetes") && text_is(logsource.category, "application"))
		logsource.category = TEXT("");
	if (text_is(logsource.product, "kubernetes"))
		t->names.group = group_of(t->import, "kubernetes", logsource.category, logsource.service);
	else if (text_is(logsource.product, "linux") || other)
		t->names.group = group_of(t->import, "linux", logsource.category, logsource.service);
	return other && t->names.group != NULL;
}

void site_conditions(struct taking *t)
{
	t->names = (struct raising){.import = t->import, .item = t->item};
	bool says_system = find_group(t);

	for (size_t i = 0; i < t->document->condition_count && t->item->draft != NULL; i++)
		take_condition(t, t->document->conditions[i].node);
	if (says_system)
		say_system(t, 0);
	if (text_is(t->document->logsource.product, "kubernetes") && text_is(t->document->logsource.category, "application")
		&& t->names.group != NULL)
		import_note(t->import, t->item, "the log source's category application is not kept");
}

unsigned site_field(const struct taking *t, struct text name)
{
	struct rule_test test = {.name = name, .op = TEST_PRESENT};
	const struct node *node = raise_test(&t->names, &test);

	return node->kind == NODE_PREDICATE ? node->predicate.field : FIELD_NONE;
}
