/* target: the table of rule languages, and fitting tests to what they can write. */
#include "generator/target.h"

#include "catalog/pattern.h"
#include "generator/auditd/judge.h"
#include "generator/auditd/read.h"
#include "generator/auditd/write.h"
#include "generator/elastic/judge.h"
#include "generator/elastic/query.h"
#include "generator/elastic/read.h"
#include "generator/elastic/write.h"
#include "generator/falco/judge.h"
#include "generator/falco/pieces.h"
#include "generator/falco/read.h"
#include "generator/falco/write.h"
#include "generator/rsyslog/judge.h"
#include "generator/rsyslog/write.h"
#include "generator/sigma/judge.h"
#include "generator/sigma/read.h"
#include "generator/sigma/write.h"

static const char *const yaml_endings[] = {".yaml", ".yml", NULL};

const struct target targets[] = {
	{
		.name = "falco",
		.about = "Falco rules for syscall events",
		.dialect = "falco",
		.version = "0.44.1",
		.test = {
			[TEST_PRESENT] = ABLE_BOTH,
			[TEST_EQUAL] = ABLE_CASED,
			[TEST_LESS] = ABLE_BOTH,
			[TEST_LESS_EQUAL] = ABLE_BOTH,
			[TEST_GREATER] = ABLE_BOTH,
			[TEST_GREATER_EQUAL] = ABLE_BOTH,
			[TEST_LIKE] = ABLE_CASED,
			[TEST_REGEX] = ABLE_BOTH,
			[TEST_STARTS] = ABLE_CASED,
			[TEST_ENDS] = ABLE_CASED,
			[TEST_CONTAINS] = ABLE_BOTH,
			[TEST_CIDR] = ABLE_BOTH,
		},
		.exceptions = true,
		.handwritten = true,
		.fields = true,
		.others = true,
		.merges = true,
		.accepts = falco_accepts,
		.loosen = falco_loosen,
		.write = falco_write,
		.read = falco_read,
		.endings = yaml_endings,
		.judging = &falco_judging,
	},
	{
		.name = "sigma",
		.about = "Sigma rules, filters and correlations",
		.dialect = "sigma",
		.version = "2.1.0",
		.test = {
			[TEST_PRESENT] = ABLE_BOTH,
			[TEST_EQUAL] = ABLE_FOLDED,
			[TEST_LESS] = ABLE_BOTH,
			[TEST_LESS_EQUAL] = ABLE_BOTH,
			[TEST_GREATER] = ABLE_BOTH,
			[TEST_GREATER_EQUAL] = ABLE_BOTH,
			[TEST_LIKE] = ABLE_FOLDED,
			[TEST_REGEX] = ABLE_BOTH,
			[TEST_STARTS] = ABLE_FOLDED,
			[TEST_ENDS] = ABLE_FOLDED,
			[TEST_CONTAINS] = ABLE_FOLDED,
			[TEST_CIDR] = ABLE_BOTH,
		},
		.sequences = true,
		.fields = true,
		.exceptions = true,
		.merges = true,
		.write = sigma_write,
		.judging = &sigma_judging,
		.read = sigma_read,
		.endings = (const char *const[]){".yml", ".yaml", NULL},
	},
	{
		.name = "auditd",
		.about = "Linux audit rules for auditctl -R",
		.dialect = "auditd",
		.version = "3.0.9",
		.test = {
			[TEST_EQUAL] = ABLE_CASED,
			[TEST_LESS] = ABLE_BOTH,
			[TEST_LESS_EQUAL] = ABLE_BOTH,
			[TEST_GREATER] = ABLE_BOTH,
			[TEST_GREATER_EQUAL] = ABLE_BOTH,
			[TEST_STARTS] = ABLE_CASED,
			[TEST_MASK] = ABLE_BOTH,
		},
		.always_present = true,
		.accepts = auditd_accepts,
		.never = auditd_never,
		.negates = auditd_negates,
		.write = auditd_write,
		.read = auditd_read,
		.endings = auditd_endings,
		.judging = &auditd_judging,
	},
	{
		.name = "elastic",
		.about = "Elastic detection rules in EQL",
		.dialect = "elastic",
		.version = "9.1.0",
		.test = {
			[TEST_PRESENT] = ABLE_BOTH,
			[TEST_EQUAL] = ABLE_BOTH,
			[TEST_LESS] = ABLE_BOTH,
			[TEST_LESS_EQUAL] = ABLE_BOTH,
			[TEST_GREATER] = ABLE_BOTH,
			[TEST_GREATER_EQUAL] = ABLE_BOTH,
			[TEST_LIKE] = ABLE_BOTH,
			[TEST_REGEX] = ABLE_BOTH,
			[TEST_STARTS] = ABLE_BOTH,
			[TEST_ENDS] = ABLE_BOTH,
			[TEST_CONTAINS] = ABLE_BOTH,
			[TEST_CIDR] = ABLE_BOTH,
		},
		.exceptions = true,
		.sequences = true,
		.fields = true,
		.merges = true,
		.accepts = elastic_accepts,
		.write = elastic_write,
		.read = elastic_read,
		.endings = elastic_endings,
		.judging = &elastic_judging,
	},
	{
		.name = "rsyslog",
		.about = "rsyslog rules (RainerScript) for what arrives as syslog",
		.dialect = "rsyslog",
		.version = "8.2302",
		.test = {
			[TEST_PRESENT] = ABLE_BOTH,
			[TEST_EQUAL] = ABLE_CASED,
			[TEST_LESS] = ABLE_BOTH,
			[TEST_LESS_EQUAL] = ABLE_BOTH,
			[TEST_GREATER] = ABLE_BOTH,
			[TEST_GREATER_EQUAL] = ABLE_BOTH,
			[TEST_REGEX] = ABLE_BOTH,
			[TEST_STARTS] = ABLE_CASED, /* startswith_i also holds for a text that is shorter */
			[TEST_CONTAINS] = ABLE_BOTH,
		},
		.exceptions = true,
		.merges = true,
		.accepts = rsyslog_accepts,
		.write = rsyslog_write,
		.judging = &rsyslog_judging,
	},
	{.name = NULL},
};

const struct target *target_find(struct text name)
{
	for (const struct target *target = targets; target->name != NULL; target++) {
		if (text_is(name, target->name))
			return target;
	}
	return NULL;
}

/* --- fitting --- */

static const char reason_fold[] = "texts are compared without regard to case there";
static const char reason_operator[] = "the target has no such comparison";

static bool has_letters(const struct rule_test *test)
{
	if (test->other.length > 0)
		return true;
	for (size_t i = 0; i < test->count; i++) {
		for (size_t k = 0; k < test->values[i].length; k++) {
			char byte = test->values[i].data[k];

			if ((byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'))
				return true;
		}
	}
	return false;
}

/* The test as a regular expression of the whole value; false: it is none of texts. */
static bool as_regex(struct arena *arena, const struct rule_test *test, struct rule_test *out)
{
	struct text *values = arena_array(arena, test->count + 1, sizeof(*values));
	bool before = test->op == TEST_ENDS || test->op == TEST_CONTAINS;
	bool after = test->op == TEST_STARTS || test->op == TEST_CONTAINS;
	struct buffer regex = {0};

	if (test->number || test->other.length > 0 || (test->op != TEST_EQUAL && test->op != TEST_LIKE && !before && !after))
		return false;
	for (size_t i = 0; i < test->count; i++) {
		buffer_string(&regex, before ? ".*" : "");
		if (test->op == TEST_LIKE)
			rule_regex_pattern(arena, &regex, test->values[i], ".*", ".");
		else
			rule_regex_literal(&regex, test->values[i]);
		buffer_string(&regex, after ? ".*" : "");
		values[i] = text_copy(arena, buffer_view(&regex));
		buffer_clear(&regex);
	}
	buffer_free(&regex);
	*out = *test;
	out->op = TEST_REGEX;
	out->lines = true;
	out->values = values;
	return true;
}

/* A mask of hexadecimal text as a regular expression. */
static bool mask_regex(struct arena *arena, const struct rule_test *test, struct rule_test *out)
{
	struct text *values = arena_array(arena, test->count + 1, sizeof(*values));
	uint64_t mask;

	if (!test->hex)
		return false;
	for (size_t i = 0; i < test->count; i++) {
		if (!text_to_ulong_base(test->values[i], 10, &mask))
			return false;
		values[i] = rule_regex_bits(arena, mask, test->op == TEST_MASK_ALL);
	}
	*out = *test;
	out->op = TEST_REGEX;
	out->hex = false;
	out->values = values;
	return true;
}

static bool can(const struct target *target, const struct rule_test *test)
{
	enum ability ability = target->test[test->op];
	bool cased = test->number || test->closed || test->op == TEST_PRESENT || test->op == TEST_MASK || !has_letters(test);

	if (ability == ABLE_NOT || (target->accepts != NULL && !target->accepts(test)))
		return false;
	return ability == ABLE_BOTH || cased || (ability == ABLE_FOLDED) == test->fold;
}

static struct bounds fit_test(struct arena *arena, const struct target *target, const struct rule_test *test);

/* Each value by itself: one that cannot be written must not change how the others are. */
static struct bounds fit_values(struct arena *arena, const struct target *target, const struct rule_test *test)
{
	struct bounds result = bounds_exact(rule_false());

	for (size_t i = 0; i < test->count; i++) {
		struct rule_test one = *test;

		one.values = &test->values[i];
		one.count = 1;
		one.list = (struct text){NULL, 0};
		struct bounds bounds = fit_test(arena, target, &one);

		result.upper = rule_either(arena, result.upper, bounds.upper);
		result.lower = rule_either(arena, result.lower, bounds.lower);
		result.exact = result.exact && bounds.exact;
		result.reason = result.reason ? result.reason : bounds.reason;
	}
	return result;
}

/* Whether it is the expression that is refused, and not the field that has none: a short one says it. */
static bool takes_regexes(const struct target *target, const struct rule_test *test)
{
	const struct text shortest = TEXT("a");
	struct rule_test probe = *test;

	probe.values = &shortest;
	probe.count = 1;
	return can(target, &probe);
}

static struct bounds fit_as_is(struct arena *arena, const struct target *target, const struct rule_test *test)
{
	struct rule_test regex, folded = *test;
	bool mask = test->op == TEST_MASK || test->op == TEST_MASK_ALL;
	struct rule_node *as = NULL;

	if (test->op == TEST_PRESENT && target->always_present)
		return bounds_exact(rule_true());
	if (test->op == TEST_EQUAL && test->count == 1 && target->never != NULL && target->never(test->name, test->values[0]))
		return bounds_exact(rule_false());
	if (can(target, test))
		return bounds_exact(rule_test(arena, test));
	if (test->count > 1)
		return fit_values(arena, target, test);
	bool regexed = mask ? mask_regex(arena, test, &regex) : as_regex(arena, test, &regex);

	if (regexed)
		as = can(target, &regex) ? rule_test(arena, &regex) : NULL;
	const struct rule_test *expression = test->op == TEST_REGEX ? test : regexed ? &regex : NULL;

	if (as == NULL && target->loosen != NULL && expression != NULL && takes_regexes(target, expression))
		return target->loosen(arena, expression);
	folded.fold = true;
	if (target->test[test->op] == ABLE_FOLDED && can(target, &folded) && !(target->exact_case && as != NULL))
		return (struct bounds){rule_test(arena, &folded), as ? as : rule_false(), false, reason_fold, NULL};
	return as ? bounds_exact(as) : bounds_none(reason_operator);
}

/* Texts without letters have no case: they are asked for plainly. */
static struct bounds fit_test(struct arena *arena, const struct target *target, const struct rule_test *test)
{
	struct rule_test plain = *test;

	plain.fold = test->fold && (has_letters(test) || test->other.length > 0);
	return fit_as_is(arena, target, &plain);
}

static struct bounds fit_list(struct arena *arena, const struct target *target, const struct rule_node *node)
{
	struct rule_node **upper = arena_array(arena, node->count, sizeof(struct rule_node *));
	struct rule_node **lower = arena_array(arena, node->count, sizeof(struct rule_node *));
	struct bounds result = {NULL, NULL, true, NULL, NULL};

	for (size_t i = 0; i < node->count; i++) {
		struct bounds child = target_fit(arena, target, node->children[i]);

		upper[i] = child.upper;
		lower[i] = child.lower;
		result.exact = result.exact && child.exact;
		result.reason = result.reason ? result.reason : child.reason;
	}
	bool and = node->kind == RULE_AND;

	result.upper = and ? rule_and(arena, upper, node->count) : rule_or(arena, upper, node->count);
	result.lower = and ? rule_and(arena, lower, node->count) : rule_or(arena, lower, node->count);
	return result;
}

static const char reason_negation[] = "the target cannot say that such a test does not hold";

/* The tree with `constant` for each test that a negation around the tree would turn into what the target lacks. */
static struct rule_node *giving_way(struct arena *arena, const struct target *target, struct rule_node *node, bool negated,
	struct rule_node *constant)
{
	if (node->kind == RULE_TEST)
		return !negated && !target->negates(&node->test) ? constant : node;
	if (node->kind == RULE_NOT)
		return rule_not(arena, giving_way(arena, target, node->children[0], !negated, constant));
	if (node->kind != RULE_AND && node->kind != RULE_OR)
		return node;
	struct rule_node **children = arena_array(arena, node->count, sizeof(*children));

	for (size_t i = 0; i < node->count; i++)
		children[i] = giving_way(arena, target, node->children[i], negated, constant);
	return node->kind == RULE_AND ? rule_and(arena, children, node->count) : rule_or(arena, children, node->count);
}

/* Is there such a test? */
static bool gives_way(const struct target *target, const struct rule_node *node, bool negated)
{
	if (node->kind == RULE_TEST)
		return !negated && !target->negates(&node->test);
	for (size_t i = 0; i < node->count; i++) {
		if (gives_way(target, node->children[i], node->kind == RULE_NOT ? !negated : negated))
			return true;
	}
	return false;
}

struct bounds target_not(struct arena *arena, const struct target *target, struct bounds bounds)
{
	if (target->negates != NULL && (gives_way(target, bounds.upper, false) || gives_way(target, bounds.lower, false))) {
		bounds.lower = giving_way(arena, target, bounds.lower, false, rule_false());
		bounds.upper = giving_way(arena, target, bounds.upper, false, rule_true());
		bounds.exact = false;
		bounds.reason = bounds.reason ? bounds.reason : reason_negation;
	}
	return bounds_not(arena, bounds);
}

struct bounds target_fit(struct arena *arena, const struct target *target, struct rule_node *node)
{
	switch (node->kind) {
	case RULE_TEST:
		return fit_test(arena, target, &node->test);
	case RULE_NOT:
		return target_not(arena, target, target_fit(arena, target, node->children[0]));
	case RULE_AND:
	case RULE_OR:
		return fit_list(arena, target, node);
	default:
		return bounds_exact(node);
	}
}
