/* because: see because.h. */
#include "replay/explain/because.h"

#include "catalog/pattern.h"
#include "catalog/regex.h"

#include <string.h>

/* --- what stands there --- */

const char *because_printable(struct arena *arena, struct text text)
{
	struct buffer out = {0};
	for (size_t at = 0, step; at < text.length; at += step) {
		step = utf8_step(text.data + at, text.length - at);
		unsigned char byte = (unsigned char)text.data[at];
		/* C1 controls are two bytes in UTF-8: 0xC2, then 0x80 to 0x9F. */
		bool control = byte < ' ' || byte == 127 || (step == 1 && byte >= 128) ||
			(step == 2 && byte == 0xc2 && (unsigned char)text.data[at + 1] < 0xa0);
		for (size_t i = 0; control && i < step; i++)
			buffer_printf(&out, "\\x%02x", (unsigned char)text.data[at + i]);
		if (!control)
			buffer_add(&out, text.data + at, step);
	}
	const char *copy = arena_strndup(arena, out.length > 0 ? out.data : "", out.length);
	buffer_free(&out);
	return copy;
}

const char *because_values(struct arena *arena, const struct values *values)
{
	struct buffer out = {0};
	if (values == NULL)
		return "(missing)";
	if (values->count == 0)
		return "(empty list)";
	for (size_t i = 0; i < values->count; i++) {
		buffer_string(&out, i > 0 ? " | " : "");
		buffer_text(&out, values->items[i].text);
	}
	const char *text = because_printable(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* --- smaller questions: one literal, one value, another operator --- */

struct asking {
	struct evaluator *e;
	struct arena *arena;
	const struct predicate *predicate;
	const struct facet *facet;
	const struct values *values;
};

/* The facet with one value of the predicate's field. */
static struct facet facet_of_one(const struct asking *asking, size_t value)
{
	struct facet one = *asking->facet;
	unsigned at = one.position[asking->predicate->field];
	one.entries = arena_array(asking->arena, one.count, sizeof *one.entries);
	memcpy(one.entries, asking->facet->entries, one.count * sizeof *one.entries);
	one.entries[at - 1].values = (struct values){&asking->values->items[value], 1};
	return one;
}

static struct predicate predicate_of_one(const struct predicate *predicate, size_t literal)
{
	struct predicate one = *predicate;
	one.values = &predicate->values[literal];
	one.cidrs = predicate->cidrs ? &predicate->cidrs[literal] : NULL;
	one.regexes = predicate->regexes ? &predicate->regexes[literal] : NULL;
	one.count = 1;
	one.list = (struct text){NULL, 0};
	return one;
}

/* The first value and literal that fit each other. */
static bool find_pair(const struct asking *asking, size_t *value, size_t *literal)
{
	struct predicate positive = *asking->predicate;
	if (positive.op == OPERATOR_NOT_EQUAL)
		positive.op = OPERATOR_EQUAL;
	for (*value = 0; *value < asking->values->count; ++*value) {
		struct facet facet = facet_of_one(asking, *value);
		for (*literal = 0; *literal < positive.count; ++*literal) {
			struct predicate one = predicate_of_one(&positive, *literal);
			if (evaluate_predicate(asking->e, &one, &facet))
				return true;
		}
	}
	return false;
}

static bool holds_folded(const struct asking *asking)
{
	struct predicate folded = *asking->predicate;
	folded.fold = true;
	bool folds = !asking->predicate->fold && !folded.number && folded.op != OPERATOR_REGEX;
	return folds && evaluate_predicate(asking->e, &folded, asking->facet);
}

/* `==` with what somebody meant as a pattern. */
static bool holds_as_pattern(const struct asking *asking)
{
	struct predicate pattern = *asking->predicate;
	bool any = false;
	pattern.number = false;
	pattern.op = OPERATOR_LIKE;
	for (size_t i = 0; i < pattern.count; i++)
		any = any || pattern_has_wildcard(pattern.values[i].text);
	return any && evaluate_predicate(asking->e, &pattern, asking->facet);
}

/* Does a regular expression fit a part of a value? */
static bool holds_in_part(const struct asking *asking)
{
	struct regex_match *match = regex_match_new();
	bool holds = false, limited = false;
	for (size_t i = 0; i < asking->predicate->count && !holds; i++) {
		const char *error;
		size_t offset;
		struct text pattern = regex_pattern(asking->predicate->regexes[i]);
		const char *wide = arena_printf(asking->arena, ".*(?:%.*s).*", TEXT_ARGS(pattern));
		struct regex *regex = regex_compile(text_of(wide), asking->predicate->fold, &error, &offset);
		for (size_t k = 0; regex != NULL && k < asking->values->count && !holds; k++)
			holds = regex_holds(regex, match, asking->values->items[k].text, &limited);
		regex_free(regex);
	}
	regex_match_free(match);
	return holds;
}

/* --- the words --- */

static const char *many(const struct predicate *predicate, const char *one, const char *several)
{
	return predicate->count > 1 ? several : one;
}

static const char *why_not(const struct asking *asking, enum value_type type)
{
	const struct predicate *predicate = asking->predicate;
	if (asking->values->count == 0)
		return "nothing is in the list";
	if (predicate->length)
		return "no value has that many characters";
	if (predicate->number)
		return "no value is such a number";
	if (type == TYPE_KEYWORD && holds_folded(asking))
		return "differs in case only";
	switch (predicate->op) {
	case OPERATOR_EQUAL:
		if (type == TYPE_KEYWORD && holds_as_pattern(asking))
			return "== and in know no wildcards; like does";
		return many(predicate, "is another", "is none of these");
	case OPERATOR_LIKE:
		return many(predicate, "does not fit the pattern", "fits none of the patterns");
	case OPERATOR_REGEX:
		if (holds_in_part(asking))
			return "a part of it fits, but regex asks for the whole value";
		return many(predicate, "does not fit the expression", "fits none of the expressions");
	case OPERATOR_STARTS:
		return many(predicate, "begins otherwise", "begins with none of these");
	case OPERATOR_ENDS:
		return many(predicate, "ends otherwise", "ends with none of these");
	case OPERATOR_CONTAINS:
		return many(predicate, "does not contain it", "contains none of these");
	case OPERATOR_CIDR:
		return many(predicate, "is not in that network", "is in none of these networks");
	default:
		return NULL;
	}
}

/* Which value fitted which literal, where that is not plain to see. */
static const char *pair(const struct asking *asking, bool always)
{
	const struct predicate *predicate = asking->predicate;
	bool equality = predicate->op == OPERATOR_EQUAL || predicate->op == OPERATOR_NOT_EQUAL;
	bool literal_shows = equality || predicate->count == 1;
	size_t value = 0, literal = 0;
	if (!always && literal_shows && asking->values->count < 2)
		return NULL;
	if (!find_pair(asking, &value, &literal))
		return NULL;
	const char *shown = because_printable(asking->arena, asking->values->items[value].text);
	if (literal_shows)
		return arena_printf(asking->arena, equality ? "%s is it" : "%s fits", shown);
	return arena_printf(asking->arena, "%s fits %s", shown,
		because_printable(asking->arena, predicate->values[literal].text));
}

/* Two fields of the event are compared. */
static const char *why_two(const struct asking *asking, bool holds)
{
	const struct field *other = &asking->facet->registry->fields[asking->predicate->other];
	const struct values *values = facet_get(asking->facet, asking->predicate->other);
	if (values == NULL)
		return arena_printf(asking->arena, "%.*s is missing, and a comparison on a missing field is false",
			TEXT_ARGS(other->name));
	return arena_printf(asking->arena, "%.*s is %s%s", TEXT_ARGS(other->name), because_values(asking->arena, values),
		holds ? "" : ", which does not fit");
}

static const char *why(const struct asking *asking, bool holds)
{
	const struct predicate *predicate = asking->predicate;
	enum value_type type = asking->facet->registry->fields[predicate->field].type;
	if (predicate->op == OPERATOR_EXISTS || predicate->op == OPERATOR_MISSING)
		return asking->values ? "is there" : NULL;
	if (asking->values == NULL)
		return "a comparison on a missing field is false";
	if (predicate->other != FIELD_NONE)
		return why_two(asking, holds);
	if (predicate->op == OPERATOR_NOT_EQUAL)
		return holds ? many(predicate, "is there, and another", "is there, and none of these") : pair(asking, true);
	if (holds && predicate->length)
		return "counted in characters";
	return holds ? pair(asking, false) : why_not(asking, type);
}

struct because because_of(struct evaluator *e, struct arena *arena, const struct predicate *predicate,
	const struct facet *facet)
{
	struct asking asking = {e, arena, predicate, facet, facet_get(facet, predicate->field)};
	bool holds = evaluate_predicate(e, predicate, facet);
	return (struct because){
		.holds = holds,
		.missing = asking.values == NULL,
		.found = because_values(arena, asking.values),
		.why = why(&asking, holds),
	};
}
