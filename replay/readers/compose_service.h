/*
 * compose_service: what a service of a compose file asks for, in the words of the registry.
 *
 * A service stands on others (`extends`), nearest first: what is said once is the nearest's; lists add up, and where two
 * say the same thing (a mount's destination, a variable's or label's name) the nearest counts. `!override` and `!reset`
 * end what is inherited.
 */
#ifndef MEWS_COMPOSE_SERVICE_H
#define MEWS_COMPOSE_SERVICE_H

#include "replay/readers/compose_project.h"
#include "replay/readers/manifest.h"

enum { COMPOSE_BASES_MAX = 17 };

struct compose_service {
	struct compose_project *project;
	struct text name;
	const struct yaml *services; /* of its file */
	const struct yaml *bases[COMPOSE_BASES_MAX];
	size_t count;
	bool complete; /* false: something that it stands on cannot be read, or it is a fragment without image and build */
};

/* Follows `extends`, in the file and in others. `file` is the one that the service stands in. */
void compose_service_find(struct compose_project *project, const struct compose_file *file, const struct yaml *services,
	size_t index, struct compose_service *service);
/* The nearest value of a key that is said once, or NULL. */
const struct yaml *compose_service_single(const struct compose_service *service, const char *key);
/* Fills m->facet (container.create). */
void compose_service_fill(struct manifest *m, const struct compose_service *service);
/* Fills m->facet (container.exec) with a hook: {command, user, privileged, environment}. */
void compose_service_fill_hook(struct manifest *m, const struct compose_service *service, const struct yaml *hook);
/* `build` asks for the host kernel's rights: privileged, or the entitlement security.insecure. */
bool compose_service_build_privileged(const struct compose_service *service);
/* Fills m->facet (container.create) with the container that such an image is built in. */
void compose_service_fill_build(struct manifest *m, const struct compose_service *service);

#endif
