/* evidence: see evidence.h. */
#include "catalog/evidence.h"

#include "catalog/sequence.h"

static const struct {
	const char *name, *about;
} kinds[EVIDENCE_COUNT] = {
	[EVIDENCE_COMMAND] = {"command", "a program is started: its name and its arguments"},
	[EVIDENCE_REQUEST] = {"request", "a container is asked for: by a command line, a compose file or manifest, the body of a "
		"request or an engine's event"},
	[EVIDENCE_API] = {"api", "an API server is asked, as its audit log has it"},
	[EVIDENCE_FILE] = {"file", "a file is opened, made, changed or removed"},
	[EVIDENCE_NETWORK] = {"network", "a connection or a socket"},
	[EVIDENCE_KERNEL] = {"kernel", "the kernel's record of the act itself, whatever program and words led to it"},
	[EVIDENCE_LOG] = {"log", "a log-in, a session, an account, or a program's own message"},
};

/* The kind of an action; `action` NULL: of all others of the category. The first row that fits. */
static const struct {
	const char *category, *action;
	enum evidence kind;
} rows[] = {
	{"process", "exec", EVIDENCE_COMMAND},
	{"process", NULL, EVIDENCE_KERNEL},
	{"file", "mount", EVIDENCE_KERNEL},
	{"file", "umount", EVIDENCE_KERNEL},
	{"file", "mknod", EVIDENCE_KERNEL},
	{"file", "open_by_handle", EVIDENCE_KERNEL},
	{"file", "setxattr", EVIDENCE_KERNEL},
	{"file", NULL, EVIDENCE_FILE},
	{"network", NULL, EVIDENCE_NETWORK},
	{"driver", NULL, EVIDENCE_KERNEL},
	{"container", NULL, EVIDENCE_REQUEST},
	{"api", NULL, EVIDENCE_API},
};

const char *evidence_name(enum evidence kind)
{
	return kinds[kind].name;
}

const char *evidence_about(enum evidence kind)
{
	return kinds[kind].about;
}

static enum evidence kind_of(struct text category, struct text action)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (text_is(category, rows[i].category) && (!rows[i].action || text_is(action, rows[i].action)))
			return rows[i].kind;
	return EVIDENCE_LOG;
}

/* What is known of an event: its category and its action. */
struct sort {
	struct text category, action;
};

struct may {
	bool hold, fail;
};

static bool names(const struct predicate *predicate, struct text word)
{
	for (size_t i = 0; i < predicate->count; i++)
		if (predicate->fold ? text_equal_fold(predicate->values[i].text, word) : text_equal(predicate->values[i].text, word))
			return true;
	return false;
}

static struct may predicate_may(const struct predicate *predicate, const struct sort *sort)
{
	const bool equal = predicate->op == OPERATOR_EQUAL, known = equal || predicate->op == OPERATOR_NOT_EQUAL;
	if (!known || predicate->other || predicate->length || predicate->number)
		return (struct may){true, true};
	if (predicate->field != FIELD_ACTION && predicate->field != FIELD_CATEGORY)
		return (struct may){true, true};
	const bool holds = names(predicate, predicate->field == FIELD_ACTION ? sort->action : sort->category) == equal;
	return (struct may){holds, !holds};
}

static struct may node_may(const struct node *node, const struct sort *sort)
{
	struct may all = {node->kind == NODE_AND, node->kind == NODE_OR}, child;
	switch (node->kind) {
	case NODE_TRUE:
		return (struct may){true, false};
	case NODE_FALSE:
		return (struct may){false, true};
	case NODE_PREDICATE:
		return predicate_may(&node->predicate, sort);
	case NODE_NOT:
		child = node_may(node->children[0], sort);
		return (struct may){child.fail, child.hold};
	case NODE_AND:
	case NODE_OR:
		break;
	}
	for (size_t i = 0; i < node->count; i++) {
		child = node_may(node->children[i], sort);
		if (node->kind == NODE_AND)
			all = (struct may){all.hold && child.hold, all.fail || child.fail};
		else
			all = (struct may){all.hold || child.hold, all.fail && child.fail};
	}
	return all;
}

static unsigned single(const struct condition *condition, const struct registry *registry)
{
	unsigned found = 0;
	for (unsigned c = 1; c < registry->category_count; c++) {
		const struct category *category = &registry->categories[c];
		if (condition->category != CATEGORY_ANY && condition->category != c)
			continue;
		for (unsigned i = 0; i < category->action_count; i++) {
			const struct sort sort = {category->name, registry->actions[category->first_action + i].name};
			if (node_may(condition->root, &sort).hold)
				found |= 1u << kind_of(sort.category, sort.action);
		}
	}
	return found;
}

unsigned evidence_of(const struct condition *condition, const struct registry *registry)
{
	const struct sequence *sequence = condition->sequence;
	unsigned found = 0;
	if (!sequence)
		return single(condition, registry);
	for (size_t i = 0; i < sequence->count; i++)
		found |= evidence_of(sequence->steps[i].condition, registry);
	return found;
}
