/*
 * client: the command lines of container clients as data (rulesets/clients.yaml; format: docs/derive.md).
 *
 * Both sides use this one table: replay/derive parses an exec of such a client with it, as that client
 * really would, and the generator makes bounds on command lines from it.
 *
 *   options:                             # sets; an included set stands before, own options hide included ones
 *     docker-create:
 *       interspersed: false              # options stop at the first operand
 *       include: [request-shared]
 *       options:
 *         - {names: [-v, --volume], sets: container.mounts, form: volume}       # value: text
 *         - {names: [--privileged], value: boolean, sets: container.security_context.privileged}
 *       text: [--dns, -h --hostname]     # known, take a value, say nothing that we keep
 *       boolean: [-d --detach]
 *   clients:
 *     docker:
 *       names: [docker]                  # file names of the executable
 *       runtime: docker
 *       style: pflag                     # pflag (default) | goflag
 *       global: docker-global            # option set before the command
 *       commands:
 *         - {words: [run], also: [[container, run]], action: run, options: docker-run, operands: [image, command],
 *            complete: true}
 *         - {words: [compose], client: docker-compose}   # that client's own command line follows
 *       others: [ps, container, image ls]  # no request
 *   runtimes: …                          # struct runtimes below
 */
#ifndef MEWS_CLIENT_H
#define MEWS_CLIENT_H

#include "catalog/event.h"

enum option_value { OPTION_FLAG, OPTION_BOOLEAN, OPTION_TEXT, OPTION_OPTIONAL }; /* none; [=true|false]; one; only as =value */

/* What the value means for the request. */
enum option_form {
	FORM_NONE,       /* known, but says nothing that we keep */
	FORM_PLAIN,      /* the value itself; of a boolean on a list field: `parameter` where it is true */
	FORM_VOLUME,     /* [source:]destination[:options]: a mount */
	FORM_MOUNT,      /* type=bind,source=…,destination=…,readonly: a mount */
	FORM_TMPFS,
	FORM_CAPABILITY, /* any spelling → CAP_…, ALL; comma lists where the client takes them */
	FORM_NAMESPACE,  /* "host" (or a boolean's true) shares the namespace `parameter`; none: TYPE:PATH */
	FORM_PORT,
	FORM_DEVICE,
	FORM_WORDS,      /* split at blanks as the client does (entrypoint is not) */
	FORM_JSON,       /* a JSON array of strings, or the value itself */
	FORM_SECURITY,   /* name=value, name:value; no-new-privileges */
	FORM_VOLUMES_FROM, /* a container whose mounts are taken over: the mounts have more than the line says */
	FORM_ELSEWHERE,  /* more of the field stands in a file or another container: it has no default */
	FORM_IMAGE,      /* name:tag of the image: what it sets is the name */
	FORM_ROOTFS,     /* boolean: the image operand is a folder */
	FORM_LATEST,     /* boolean: the container operand is left out */
	FORM_HELP,       /* boolean: prints and ends; nothing is asked for */
	FORM_ENDPOINT    /* address of the engine that the client talks to */
};

struct client_option {
	const struct text *names;    /* -v, --volume */
	size_t name_count;
	enum option_value value;
	enum option_form form;
	unsigned field;              /* FIELD_NONE */
	struct text parameter;
	bool comma;                  /* the value is a list with commas (CSV) */
	struct place place;
};

struct option_set {
	struct text name;
	const struct client_option *options; /* own ones first, then those of included sets that they do not hide */
	size_t count;
	bool interspersed; /* options may follow operands (until the image: never for docker run) */
};

enum operand { OPERAND_IMAGE, OPERAND_CONTAINER, OPERAND_SERVICE, OPERAND_COMMAND /* all the rest */, OPERAND_OTHER };

struct client_command {
	const struct text *words;  /* run, or container run; a further spelling is a command of its own */
	size_t word_count;
	unsigned action;           /* of category container; 0: known, but no request (ps, build) */
	const struct option_set *options; /* NULL where there is no request */
	const enum operand *operands;
	size_t operand_count;
	bool complete;             /* the command line says everything: what it leaves out has its default */
	const struct client *next; /* its command line follows (docker compose …), or NULL */
	struct place place;
};

/* How the client reads options: spf13/pflag (-itv X, --volume=X), or Go's own flag package
 * (-name and --name alike, no clusters), which urfave/cli uses. */
enum client_style { STYLE_PFLAG, STYLE_GOFLAG };

struct client {
	struct text name, runtime; /* runtime may be empty: not known from the client */
	const struct text *names;
	size_t name_count;
	enum client_style style;
	const struct option_set *global; /* or NULL */
	const struct client_command *commands;
	size_t command_count;
	struct place place;
};

/* How processes show that they run in a container, or on the host, for replay/derive/lineage. A name
 * ending in `*` is a prefix. */
struct runtimes {
	const struct text *init_threads;  /* comm of a container's init while the runtime sets it up */
	size_t init_thread_count;
	const struct text *shims;         /* file names (or comm) whose children are containers' first processes … */
	size_t shim_count;
	const struct text *helpers;       /* … unless they are these: a file name, then arguments that it must have */
	size_t helper_count;
	const struct text *hosts;         /* file names that, where nothing is known of the ancestors, run on the host */
	size_t host_count;
};

/* Numbers of the fields that tell what an exec ran; asked of every exec. */
struct exec_fields {
	unsigned name, executable, args, command_line, working_directory;
};

struct clients {
	const struct client *items;
	size_t count;
	struct exec_fields exec;
	struct runtimes runtimes;
};

/* `document` NULL: no clients at all. Returns -1 where something was reported. */
int clients_load(struct clients *clients, struct arena *arena, const struct registry *registry,
	const struct yaml *document, struct diagnostics *d);
/* The client whose executable has this file name, or NULL. */
const struct client *clients_find(const struct clients *clients, struct text file_name);
/* The command that the words begin with (the longest), or NULL. */
const struct client_command *client_command_find(const struct client *client, const struct text *words, size_t count);
const struct client_option *option_set_find(const struct option_set *set, struct text name);
/* Is the text one of the names, a `*` at a name's end standing for any end? */
bool runtimes_name(const struct text *names, size_t count, struct text text);

extern const struct yaml_form clients_form; /* the file, as a table: yaml_form.h */

#endif
