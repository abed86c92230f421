/*
 * build: a pack in the making, as writers see it. pack.c fills it, a writer puts files into it, files.c
 * brings them to the disk.
 */
#ifndef MEWS_BUILD_H
#define MEWS_BUILD_H

#include "generator/files.h"
#include "generator/pack.h"

/* A rule as it will be written: twins (equal renderings) are one. */
struct pack_rule {
	const struct rule *rule;
	const struct detection **detections; /* the twins', each once; [0] is rule->detection */
	size_t detection_count;
	const struct rule **twins;           /* [0] is rule; they exclude the same, by exceptions of their own */
	size_t twin_count;
	/* The lowest of the twins', after the organization's overrides; informational where a whole part of the
	 * condition was lost. */
	enum severity severity;
	struct text label;                   /* "Title (condition, command line)": once in a pack */
	struct text name;                    /* what the writer calls it: set by the writer */
};

/* A condition over several events, for a target with `sequences`. Its fidelity row is made of what the writer
 * leaves here. */
struct pack_sequence {
	const struct detection *detection;
	const struct condition *condition;
	const struct lowered *lowered; /* ->sequence, ->steps (lower.h) */
	enum severity severity;
	struct text label;             /* "Title (condition)": once in a pack */
	struct text name;              /* what the writer calls the rule; empty: none was written, `reasons` say why */
	struct texts more;             /* further rules that say the same of other log sources */
	enum fidelity fidelity;        /* if all of it is written; the writer lowers it where it cannot say something */
	struct texts reasons;
	size_t row;
};

struct pack_exception {
	const struct exception *exception;
	bool shipped;
	enum fidelity fidelity; /* EXACT, WIDER: narrowed, UNSUPPORTED: lost */
	bool used;              /* it excludes something from a rule of this pack */
	const char *reason;     /* or NULL */
};

struct pack {
	struct arena *arena;
	const struct pack_request *request;
	const struct dialect *dialect;
	struct pack_rule *rules;
	size_t rule_count;
	struct pack_sequence *sequences;
	size_t sequence_count;
	struct pack_exception *exceptions;
	size_t exception_count;
	const struct detection **disabled; /* by the organization, or below its minimum severity */
	size_t disabled_count;
	struct made_file **files;
	size_t file_count;
	struct fidelity_row *rows;
	size_t *row_rules;      /* beside rows: 1 + the rule's place in `rules`; 0: none */
	size_t row_count;
	size_t written;         /* rules, set by the writer */
};

/* A new empty file of the pack. */
struct buffer *pack_file(struct pack *pack, struct text name);
/* What made the pack, each line after `prefix` ("# "). */
void pack_head(const struct pack *pack, struct buffer *out, const char *prefix);
/* What all the twins' detections say of themselves, in one text. */
void pack_rule_describe(const struct pack_rule *rule, struct buffer *out);
/* Of the rules that one condition became: does another record type of the same events (`one_of`) show more of it? */
bool pack_better_elsewhere(const struct lowered *lowered, size_t index);
/* "container.run, container.create" */
struct text rule_actions(const struct pack *pack, const struct rule *rule);
struct text pack_organization(const struct pack *pack); /* its name, or plain */

/* fidelity.json. */
void pack_fidelity(struct pack *pack);
/* Puts the files into directory/TARGET/ORGANIZATION; *path: that folder. */
int pack_store(struct pack *pack, const char **path, struct diagnostics *d);

/* A rule's exceptions of one origin as one tree: what they exclude together. */
struct rule_node *rule_excluded(struct arena *arena, const struct rule *rule, bool shipped);

#endif
