/* nearest: see nearest.h. */
#include "replay/explain/nearest.h"

#include <string.h>

enum { WHAT_MAX = 120 };

/* --- what an event is, in a line --- */

/* What tells an event, the first that is there; `by`: the process that did it is told too. */
struct telling {
	const char *category;
	bool by;
	const char *fields[4];
};
static const struct telling tellings[] = {
	{"file", true, {"file.path", "file.mount.source", "file.name", NULL}},
	{"network", true, {"destination.address", "destination.ip", "source.address", NULL}},
	{"driver", true, {"driver.name", NULL}},
	{NULL, false, {"process.command_line", "process.executable", "container.image.name", "container.name"}},
};
static const char *const doers[] = {"process.command_line", "process.executable", "process.name", NULL};

static struct text first_of(const struct facet *facet, const char *const *names, size_t count)
{
	struct text text = {NULL, 0};
	for (size_t i = 0; i < count && names[i] != NULL && text.length == 0; i++) {
		unsigned field = registry_field(facet->registry, text_of(names[i]));
		text = field != FIELD_NONE ? facet_text(facet, field) : text;
	}
	return text;
}

/* In one line, and cut where it is long. */
static const char *shortened(struct arena *arena, struct text text)
{
	struct buffer out = {0};
	bool blank = false;
	for (size_t i = 0; i < text.length && out.length < WHAT_MAX; i++) {
		char byte = text.data[i];
		bool space = byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
		if (!space)
			buffer_char(&out, byte);
		else if (!blank)
			buffer_char(&out, ' ');
		blank = space;
	}
	bool cut = out.length == WHAT_MAX;
	while (cut && out.length > 0 && ((unsigned char)out.data[out.length - 1] & 0xc0) == 0x80)
		out.length--; /* no part of a character */
	if (cut && out.length > 0 && (unsigned char)out.data[out.length - 1] >= 0xc0)
		out.length--;
	const char *printable = because_printable(arena, buffer_view(&out));
	buffer_free(&out);
	return cut ? arena_printf(arena, "%s…", printable) : printable;
}

static const char *what_of(struct arena *arena, const struct facet *facet)
{
	const struct telling *telling = tellings;
	struct text category = facet->registry->categories[facet->category].name;
	while (telling->category != NULL && !text_is(category, telling->category))
		telling++;
	struct text what = first_of(facet, telling->fields, 4), by = first_of(facet, doers, 4);
	if (what.length == 0)
		return shortened(arena, by);
	const char *told = shortened(arena, what);
	return telling->by && by.length > 0 ? arena_printf(arena, "%s, by %s", told, shortened(arena, by)) : told;
}

struct sighting sighting_of(struct arena *arena, const struct event *event, const struct facet *facet)
{
	const struct registry *registry = event->registry;
	struct text category = registry->categories[facet->category].name;
	return (struct sighting){
		.file = event->file ? arena_strdup(arena, event->file) : NULL,
		.line = event->line,
		.time = event->time,
		.kind = arena_printf(arena, "%.*s %.*s", TEXT_ARGS(category), TEXT_ARGS(registry->actions[facet->action].name)),
		.what = what_of(arena, facet),
	};
}

/* --- blame --- */

struct blaming {
	struct evaluator *e;
	struct arena *arena;
	const struct facet *facet;
	struct blame blame;
};

/* How many answers must change for the node to be `wanted`. */
static size_t distance(const struct blaming *blaming, const struct node *node, bool wanted)
{
	struct node negation = {.kind = NODE_NOT, .children = (struct node *[]){(struct node *)node}, .count = 1};
	struct condition condition = {.category = CATEGORY_ANY, .names_outcome = true};
	condition.root = wanted ? (struct node *)node : &negation;
	return evaluate_distance(blaming->e, &condition, blaming->facet);
}

static void blame_predicate(struct blaming *blaming, const struct predicate *predicate, bool wanted)
{
	struct blame *blame = &blaming->blame;
	blame->predicates = arena_grow(blaming->arena, blame->predicates, blame->count, sizeof *blame->predicates);
	blame->wanted = arena_grow(blaming->arena, blame->wanted, blame->count, sizeof *blame->wanted);
	blame->predicates[blame->count] = predicate;
	blame->wanted[blame->count++] = wanted;
}

static void blame_node(struct blaming *blaming, const struct node *node, bool wanted)
{
	bool all = (node->kind == NODE_AND) == wanted;
	size_t best = SIZE_MAX, at = 0;
	if (evaluate_node(blaming->e, node, blaming->facet) == wanted)
		return;
	if (node->kind == NODE_PREDICATE) {
		blame_predicate(blaming, &node->predicate, wanted);
		return;
	}
	if (node->kind == NODE_NOT) {
		blame_node(blaming, node->children[0], !wanted);
		return;
	}
	for (size_t i = 0; i < node->count; i++) {
		size_t one = distance(blaming, node->children[i], wanted);
		if (all)
			blame_node(blaming, node->children[i], wanted);
		at = one < best ? i : at;
		best = one < best ? one : best;
	}
	if (!all && node->count > 0)
		blame_node(blaming, node->children[at], wanted);
}

struct blame blame_of(struct evaluator *e, struct arena *arena, const struct condition *condition, const struct facet *facet)
{
	struct blaming blaming = {e, arena, facet, {NULL, NULL, 0}};
	blame_node(&blaming, condition->root, true);
	return blaming.blame;
}

/* --- the nearest events --- */

static bool same_blame(const struct near_miss *near, const struct condition *condition, const struct blame *blame)
{
	if (near->condition != condition || near->count != blame->count)
		return false;
	for (size_t i = 0; i < blame->count; i++)
		if (near->lines[i].predicate != blame->predicates[i] || near->lines[i].wanted != blame->wanted[i])
			return false;
	return true;
}

static void insert(struct inquest *inquest, struct near_miss *list, size_t *count, const struct event *event,
	const struct facet *facet, const struct condition *condition, const struct blame *blame)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	struct near_miss near = {.condition = condition, .events = 1, .count = blame->count};
	size_t at = *count;
	while (at > 0 && list[at - 1].count > near.count)
		at--;
	if (at == INQUEST_NEAREST)
		return;
	near.first = sighting_of(&inquest->arena, event, facet);
	near.lines = arena_array(&inquest->arena, blame->count + 1, sizeof *near.lines);
	for (size_t i = 0; i < blame->count; i++)
		near.lines[i] = (struct near_line){blame->predicates[i], blame->wanted[i],
			because_of(e, &inquest->arena, blame->predicates[i], facet)};
	memmove(&list[at + 1], &list[at], (*count - at) * sizeof near);
	list[at] = near;
	*count += *count < INQUEST_NEAREST;
}

void nearest_add(struct inquest *inquest, struct near_miss *list, size_t *count, const struct condition *condition,
	const struct event *event, const struct facet *facet)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	size_t away = evaluate_distance(e, condition, facet);
	if (away == 0 || away == SIZE_MAX || (*count == INQUEST_NEAREST && away > list[INQUEST_NEAREST - 1].count))
		return;
	struct blame blame = blame_of(e, event->arena, condition, facet);
	for (size_t i = 0; i < *count; i++)
		if (same_blame(&list[i], condition, &blame)) {
			list[i].events++;
			return;
		}
	insert(inquest, list, count, event, facet, condition, &blame);
}

/* Of the conditions that ask one event, the facet and condition that are least away. */
void nearest_take(struct inquest *inquest, struct detection_inquest *of, const struct event *event)
{
	struct evaluator *e = engine_evaluator(accountant_engine(inquest->question.accountant));
	const struct detection *detection = of->detection;
	const struct facet *facet = NULL;
	const struct condition *condition = NULL;
	size_t best = SIZE_MAX;
	for (size_t f = 0; f < event->facet_count; f++)
		for (size_t i = 0; i < detection->condition_count; i++) {
			size_t away = evaluate_distance(e, detection->conditions[i], event->facets[f]);
			if (detection->conditions[i]->sequence != NULL || away >= best)
				continue;
			best = away;
			facet = event->facets[f];
			condition = detection->conditions[i];
		}
	if (condition != NULL)
		nearest_add(inquest, of->near, &of->near_count, condition, event, facet);
}
