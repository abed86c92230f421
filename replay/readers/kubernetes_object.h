/*
 * kubernetes_object: what an object of Kubernetes that is no pod says, as fields of an API request (category api).
 *
 *   ClusterRole with rules: [{apiGroups: [""], resources: [pods/exec], verbs: [create]}]
 *       orchestrator.role.permissions=[create:pods/exec]
 *
 * Used for manifests (kubernetes.c: applying one is such a request) and for the bodies of recorded requests
 * (kubernetes_body.c). docs/readers.md lists the kinds and their fields. A role gives at most OBJECT_ITEMS_MAX
 * permissions, a ConfigMap as many lines; what is beyond is left out.
 */
#ifndef MEWS_KUBERNETES_OBJECT_H
#define MEWS_KUBERNETES_OBJECT_H

#include "replay/readers/kubernetes_pod.h"

enum { OBJECT_ITEMS_MAX = 10000 };

/* Is an object of this apiVersion something that an API is asked for? Files that configure a program are not. */
bool object_is_request(struct text api_version);
/* Name, namespace, type and group of the object itself, for m->facet; then its facts. */
void object_fill(struct manifest *m, const struct yaml *object, struct text kind);
/* Labels, annotations and what its kind (in any case) says. */
void object_fill_facts(struct manifest *m, const struct yaml *object, struct text kind);

#endif
