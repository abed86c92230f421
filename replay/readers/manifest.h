/*
 * manifest: what compose files and Kubernetes manifests have in common. Each container is one event of
 * category container, action create, at the line where it begins; all that it leaves out has its default.
 */
#ifndef MEWS_MANIFEST_H
#define MEWS_MANIFEST_H

#include "replay/readers/reader.h"

struct manifest {
	const struct reader_options *options;
	const struct yaml_limits *limits;
	struct event_sink sink;
	struct ledger *ledger;
	const char *file;
	struct arena *arena;       /* of the file */
	uint64_t offset;           /* lines before the document */
	unsigned char *lines;      /* what each line of the file is; from 1 */
	size_t line_count;
	struct event made;         /* of the container in hand */
	struct event *event;       /* what the setters fill: `made`, or an event that somebody else began */
	struct facet *facet;
	const uint8_t *wanted;     /* [field_count] 1: is set; NULL: all are */
	bool partial;              /* a patch: what it leaves out is not known, and has no default */
	int status;                /* what the sink returned */
};

/* A list under way. One item that could not be resolved leaves the rest; nothing but such ones is no list. */
struct manifest_list {
	struct text *items;
	size_t count;
	bool unresolved;
};

/* Reads a stream of YAML documents; `take` makes events of one. `limits` may be NULL. */
int manifest_run(struct input *input, const struct reader_options *options, const struct yaml_limits *limits,
	struct event_sink sink, struct ledger *ledger, struct diagnostics *d,
	void (*take)(struct manifest *m, const struct yaml *document));

/* An event at the node's line: a container that is asked for (container.create), or another object (api.create). */
void manifest_begin(struct manifest *m, const struct yaml *container);
void manifest_begin_exec(struct manifest *m, const struct yaml *command); /* a command in a container: container.exec */
void manifest_begin_object(struct manifest *m, const struct yaml *object);
void manifest_deliver(struct manifest *m, const struct yaml *container);

void manifest_set(struct manifest *m, const char *field, struct text text); /* an empty text: stays missing */
void manifest_set_bool(struct manifest *m, const char *field, bool truth);
/* An empty list is set too (none were asked for), but not of a patch. */
void manifest_set_list(struct manifest *m, const char *field, const struct manifest_list *list);
void manifest_set_image(struct manifest *m, struct text image);
void manifest_add(struct manifest *m, struct manifest_list *list, struct text item);
void manifest_add_mount(struct manifest *m, struct manifest_list *list, struct text source, struct text destination,
	struct text mode);

/* `source:rshared`, where a mount with that source passes mounts on; private ones, and those of nothing, are left out. */
void manifest_add_propagation(struct manifest *m, struct manifest_list *list, struct text source, struct text words,
	char separator);
/* `pid:NAME`, where the mode of a namespace names another container. */
void manifest_add_joined(struct manifest *m, struct manifest_list *list, struct text type, struct text mode);

/* "true", "yes", "on" …: 1, their opposites: 0, anything else: -1. */
int manifest_truth(struct text text);
/* A scalar's text, or an empty one (also for a node that is not there). */
struct text manifest_text(const struct yaml *node);

#endif
