/*
 * engine_request: what a container engine is asked for (or says that it was asked for), in the words of the registry.
 *
 * The one interpreter of these documents, however they were recorded. Told apart by their members:
 *
 *   Docker's POST /containers/create        {"Image": …, "Cmd": […], "HostConfig": {"Privileged": true, …}}
 *   docker inspect, podman inspect          {"Id": …, "Name": "/box", "Config": {…}, "HostConfig": {…}}
 *   Docker's POST /services/create          {"Name": …, "TaskTemplate": {"ContainerSpec": {"Image": …, …}}, …}
 *   Docker's GET /containers/json           {"Id": …, "Names": ["/box"], "Mounts": […], …}: what is left out is not known
 *   Docker's POST /containers/ID/exec       {"Cmd": […], "Privileged": true, "User": "0"}
 *   Podman's POST /libpod/containers/create {"image": …, "privileged": true, "pidns": {"nsmode": "host"}, …}
 *   an OCI bundle's config.json             {"ociVersion": …, "process": {…}, "mounts": […], "linux": {…}}
 *   crictl inspect                          {"status": {…}, "info": {"config": {…}, "runtimeSpec": {…}}}
 *
 * A request is complete: what it leaves out has the engine's default. Fields that the facet has already stay as they are.
 * docs/readers.md lists which member becomes which field.
 */
#ifndef MEWS_ENGINE_REQUEST_H
#define MEWS_ENGINE_REQUEST_H

#include "replay/readers/manifest.h"

/* Fills m->facet, of container.create (run, start) or container.exec. false: the document is none of these. */
bool engine_fill(struct manifest *m, const struct yaml *document);

/* Shared by the forms' files: NULL-safe look-ups. */
const struct yaml *engine_get(const struct yaml *mapping, const char *key);
struct text engine_text(const struct yaml *mapping, const char *key);
size_t engine_items(const struct yaml *sequence); /* how many; 0 for anything else */
/* Setters that leave alone what the facet has. */
void engine_set(struct manifest *m, const char *field, struct text text);
void engine_set_bool(struct manifest *m, const char *field, bool truth);
void engine_set_list(struct manifest *m, const char *field, const struct manifest_list *list);
void engine_set_texts(struct manifest *m, const char *field, const struct yaml *node);
void engine_set_words(struct manifest *m, const char *field, const struct yaml *node); /* none asked for: the image's */
void engine_set_truth(struct manifest *m, const char *field, const struct yaml *mapping, const char *key);
void engine_set_capabilities(struct manifest *m, const char *field, const struct yaml *sequence);
/* The texts of a sequence, one scalar, or the pairs of a mapping as name=value. */
void engine_add_texts(struct manifest *m, struct manifest_list *list, const struct yaml *node);
void engine_add_capabilities(struct manifest *m, struct manifest_list *list, const struct yaml *sequence);
/* Security options, and what they say of escalation: `no_new` where something else asks for no-new-privileges too. */
void engine_set_security(struct manifest *m, struct manifest_list *options, bool no_new);
/* address:host-port:container-port[/protocol]. */
void engine_add_port(struct manifest *m, struct manifest_list *list, struct text address, struct text host, struct text inner);
/* A list of objects for each port, by the names that a form of request gives to its parts; without a protocol it is tcp. */
struct engine_port_names {
	const char *address, *host, *inner, *protocol;
};
void engine_set_ports(struct manifest *m, const struct yaml *ports, const struct engine_port_names *names);

void engine_fill_swarm(struct manifest *m, const struct yaml *service);
void engine_fill_libpod(struct manifest *m, const struct yaml *request);
void engine_fill_oci(struct manifest *m, const struct yaml *bundle);

#endif
