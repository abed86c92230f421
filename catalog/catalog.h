/*
 * catalog: everything that the two sides share, loaded, resolved and checked as one.
 *
 * A catalog is made of documents (path, text). They come from a folder or from the store, and go
 * through one parser, so that what the store gives back means what the folder said. The revision is
 * the SHA-256 over the sorted (path, content hash) list: the same files give the same revision.
 *
 *   folder/fields.yaml  fields/ *.yaml  lists.yaml  clients.yaml  techniques.yaml  dialects/ *.yaml  detections/ *.yaml
 *   organizations/ *.yaml
 */
#ifndef MEWS_CATALOG_H
#define MEWS_CATALOG_H

#include "catalog/client.h"
#include "catalog/detection.h"
#include "catalog/dialect.h"
#include "catalog/techniques.h"

struct document {
	struct text path;       /* relative to the catalog: detections/docker-socket-mount.yaml */
	struct text content;
	char hash[65];          /* SHA-256 in hex */
};

struct catalog {
	struct arena arena;
	struct document *documents; /* sorted by path */
	size_t document_count;
	char revision[65];
	const char *folder;         /* that stands before paths in places; "" where none does */
	struct registry registry;
	struct scope scope;         /* registry, lists and macros of the catalog */
	struct clients clients;
	struct attack_techniques techniques;
	struct dialect **dialects;
	size_t dialect_count;
	struct detection **detections;      /* sorted by name */
	size_t detection_count;
	struct organization **organizations; /* sorted by name */
	size_t organization_count;
};

/* Reads the files of a catalog folder. Diagnostics name files as `folder/path`. -1: some could not be read. */
int catalog_read_folder(struct catalog *catalog, const char *folder, struct diagnostics *d);
/* Sets the revision from the documents, which are sorted: SHA-256 over one line `HASH  PATH` a document,
 * as sha256sum prints them. */
void catalog_revise(struct catalog *catalog);
/* Parses the documents that the catalog holds. `folder` (may be "") only goes before paths in places.
 * Cross-checks: unique names and ids, organizations name detections that exist, exceptions can reach … */
int catalog_parse(struct catalog *catalog, const char *folder, struct diagnostics *d);
/* The two above. */
int catalog_load(struct catalog *catalog, const char *folder, struct diagnostics *d);
/* A warning for each exception that ended before `today` (YYYY-MM-DD). */
void catalog_warn_expired(const struct catalog *catalog, struct text today, struct diagnostics *d);
void catalog_free(struct catalog *catalog);

const struct detection *catalog_detection(const struct catalog *catalog, struct text name);
const struct organization *catalog_organization(const struct catalog *catalog, struct text name);
const struct dialect *catalog_dialect(const struct catalog *catalog, struct text name);
/* The scope of an organization's exceptions: its lists before the catalog's. It points into both; the
 * organization may be NULL. */
struct scope catalog_scope(const struct catalog *catalog, const struct organization *organization);

/* What of the baseline applies to a detection in an organization. `organization` may be NULL (plain). */
struct baseline_decision {
	enum severity severity;
	bool disabled, below; /* below the organization's minimum severity */
};
struct baseline_decision catalog_decide(const struct organization *organization, const struct detection *detection);

void sha256_hex(struct text text, char out[65]);
/* RFC 4122 version 5 (SHA-1) UUID of `name` in the namespace UUID (well-formed; checked by the caller). */
void uuid5(struct text namespace_uuid, struct text name, char out[37]);

#endif
