/*
 * condition: EQL event queries, from text to a checked tree and back.
 *
 *   container where event.action in ("create", "run") and container.mounts like "/run/docker.sock:*"
 *
 * Source → lexer → parser → tree (`struct node`). The parser resolves names as it goes (fields, lists,
 * macros) and checks types, so a tree that exists is a tree that means something. The tree is all that
 * evaluation, lowering and printing see. Meaning: docs/conditions.md, and the table of cases that
 * every engine runs (tests/cases/).
 *
 * Normal form of the tree: AND and OR have two or more children and none of their own kind; `not`
 * stands as written; `f == null` is PREDICATE MISSING, `f != null` is EXISTS; a boolean field alone is
 * `f == true`; macros are expanded in place; literals of path fields are cleaned; `:` is LIKE with
 * fold; `a not in (…)` is NOT_EQUAL; a list by name without items makes `in` FALSE and `not in` EXISTS;
 * ip fields compared with == to a CIDR text are an error that names cidrmatch; a value before its field
 * changes places with it; `f : g` of two fields is EQUAL with fold.
 *
 * Two fields: `process.name == process.parent.name` has `other`, and then no values. Whoever looks at `values`
 * of EQUAL … CONTAINS must look at `other` first.
 * Several events: a condition with `sequence` asks several events (catalog/sequence.h). Its root is FALSE,
 * since no single event answers it: whoever lowers, prints or explains conditions asks for `sequence` first.
 */
#ifndef MEWS_CONDITION_H
#define MEWS_CONDITION_H

#include "catalog/event.h"

enum node_kind { NODE_FALSE, NODE_TRUE, NODE_AND, NODE_OR, NODE_NOT, NODE_PREDICATE };

enum predicate_operator {
	OPERATOR_EXISTS,      /* f != null */
	OPERATOR_MISSING,     /* f == null */
	OPERATOR_EQUAL,       /* ==, in: a value of f equals one of `values` */
	OPERATOR_NOT_EQUAL,   /* !=, not in: f is there and no value of it equals one of `values` */
	OPERATOR_LESS, OPERATOR_LESS_EQUAL, OPERATOR_GREATER, OPERATOR_GREATER_EQUAL,
	OPERATOR_LIKE,        /* like, : — wildcards */
	OPERATOR_REGEX,
	OPERATOR_STARTS, OPERATOR_ENDS, OPERATOR_CONTAINS, /* the functions */
	OPERATOR_CIDR
};

struct regex; /* catalog/regex.h */
struct sequence; /* catalog/sequence.h */

struct predicate {
	unsigned field;
	enum predicate_operator op;
	bool fold;             /* ASCII folding: in~, like~, :, regex~, startswith~ … */
	bool length;           /* the number of characters of the value is compared, not the value */
	bool number;           /* the whole number that the text is: number(user.id) >= 1000; with both, values are longs */
	const struct value *values; /* one or more; none for EXISTS and MISSING */
	size_t count;
	unsigned other;        /* FIELD_NONE, or a field of the same type whose values stand for `values` (then none):
				* NOT_EQUAL: both fields are there, and no two values are equal */
	const struct cidr *cidrs;   /* CIDR: [count] */
	struct regex **regexes;     /* REGEX: [count] */
	struct text list;      /* name of the one list that all values came from, or empty */
	struct place place;
};

struct node {
	enum node_kind kind;
	struct node **children; /* AND, OR: two or more; NOT: one */
	size_t count;
	struct predicate predicate;
};

struct condition {
	struct text name;      /* `requested`; empty for an exception's */
	unsigned category;     /* CATEGORY_ANY for `any where` */
	struct node *root;     /* FALSE where `sequence` is set */
	struct sequence *sequence; /* NULL: an event query */
	bool names_outcome;    /* else a facet with event.outcome "failure" cannot match */
	struct text source;    /* as written */
	struct place place;
};

/* What names mean while a condition is parsed. */
struct named_list {
	struct text name;
	struct text *items;
	size_t count;
	struct place place;
};
struct named_macro {
	struct text name;
	struct text source;
	struct place place;
};
/* Makes a field of a name that the registry lacks, of the type that its first use asks for; FIELD_NONE:
 * it is an error as usual. For conditions that come from elsewhere. */
struct adopting {
	unsigned (*adopt)(void *context, struct text name, enum value_type type);
	void *context;
};
struct scope {
	const struct registry *registry;
	const struct named_list *lists;
	size_t list_count;
	const struct named_macro *macros;
	size_t macro_count;
	const struct scope *outer; /* looked into where this one has no such name; NULL: none */
	const struct adopting *adopting; /* NULL: a name that the registry lacks is an error */
};

/* Parses and checks. `place` is where the source's first character stands; multi-line sources count
 * on from there (`indent` columns are added on each further line). `document` (may be empty) is the file's
 * text, for source lines in diagnostics. The tree lives in the arena; regexes are freed with it.
 * Returns NULL after at least one error was reported. Depth is bounded (200), macros may not recurse. */
struct condition *condition_parse(struct arena *arena, const struct scope *scope, struct text source,
	struct place place, unsigned indent, struct text document, struct diagnostics *d);
/* The same for an expression without `CATEGORY where`; the category is ANY. For macros. */
struct condition *condition_parse_expression(struct arena *arena, const struct scope *scope, struct text source,
	struct place place, unsigned indent, struct text document, struct diagnostics *d);

/* Canonical EQL: parses back to an equal tree. Lists stay by name where the predicate kept it. */
void condition_print(const struct condition *condition, const struct registry *registry, struct buffer *out);
void node_print(const struct node *node, const struct registry *registry, struct buffer *out);
void predicate_print(const struct predicate *predicate, const struct registry *registry, struct buffer *out);
void condition_print_string(struct text text, struct buffer *out); /* in its quotes */
const char *operator_name(enum predicate_operator op); /* for messages */

/* Builders that keep the normal form (flatten, fold constants); nodes are shared, never changed. */
struct node *node_true(void);
struct node *node_false(void);
struct node *node_predicate(struct arena *arena, const struct predicate *predicate);
struct node *node_not(struct arena *arena, struct node *child);
struct node *node_and(struct arena *arena, struct node **children, size_t count);
struct node *node_or(struct arena *arena, struct node **children, size_t count);

/* Calls visit for each predicate of the tree, in order. */
void node_visit(const struct node *node, void (*visit)(const struct predicate *, void *), void *context);
/* The same over a condition: its tree, or the trees of a sequence's steps, `until` last. Keys and counted fields are
 * no predicates. */
void condition_visit(const struct condition *condition, void (*visit)(const struct predicate *, void *), void *context);

#endif
