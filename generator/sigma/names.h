/*
 * names: what the documents of a Sigma pack are called: ids, titles, file names.
 *
 *   id      the detection's for its first rule, else a UUIDv5 of (the detection's, condition, log source, actions)
 *   title   "Docker Socket Mounted - Bound": words in title case, no final dot, at most 120 bytes, once in a pack
 *   file    rules/lnx_auditd_docker_socket_mount_bound.yml: small letters, digits and _, 10 to 70 bytes, once in a pack
 */
#ifndef MEWS_SIGMA_NAMES_H
#define MEWS_SIGMA_NAMES_H

#include "generator/build.h"

/* A pack and the names that are taken in it. */
struct sigma_pack {
	struct pack *pack;
	struct text *titles;
	size_t title_count;
};

/* The first rule of a detection keeps its id: the first that did not lose a part of its condition, if there is one. */
bool sigma_is_first(const struct pack *pack, const struct pack_rule *rule);
struct text sigma_rule_id(struct pack *pack, const struct pack_rule *rule);
struct text sigma_id(struct pack *pack, struct text detection, const char *name);

/* Takes a title: `further` (a condition's name) and then `source` (a log source) are added where they are needed. */
struct text sigma_title(struct sigma_pack *sigma, struct text title, struct text further, struct text source);
/* What a public rule of the group's log source begins its file name with. */
struct text sigma_prefix(struct arena *arena, const struct dialect_group *group);
/* "Auditd", "Process Creation": the log source in words. */
struct text sigma_source(struct arena *arena, const struct dialect_group *group);
/* A raw name that records of the log source have. */
struct text sigma_some_name(const struct dialect_group *group);
struct text sigma_file(struct pack *pack, const char *folder, struct text prefix, const char *words);

#endif
