/*
 * kubernetes_pod: what a pod asks for, container by container, in the words of the registry.
 *
 * The one interpreter of pods and of what makes them: the reader of manifests (kubernetes.c) and the bodies of API
 * requests (kubernetes_body.c) both come here.
 *
 *   struct pod pod;
 *   if (pod_find(object, kind, &pod))
 *           … pod_count_containers(&pod), pod_container(&pod, i) …
 *           pod_fill(m, &pod, container);      sets the fields of m->facet
 *
 * A complete object fills what it leaves out with Kubernetes' defaults; a patch (m->partial) does not.
 */
#ifndef MEWS_KUBERNETES_POD_H
#define MEWS_KUBERNETES_POD_H

#include "replay/readers/manifest.h"

struct pod {
	const struct yaml *object;          /* the Deployment, CronJob, … or the pod itself */
	const struct yaml *metadata, *spec; /* the pod's own; NULL where they are not there */
	struct text kind;                   /* pod, deployment, … in lower case */
	const struct yaml *outer;           /* what says for several pods what theirs leave out; NULL of Kubernetes' own kinds */
};

/* Where the pod of an object stands. `kind` in any case (Pod, cronjob). false: the kind holds no pod. */
bool pod_find(const struct yaml *object, struct text kind, struct pod *pod);

/* Pods anywhere in the spec of an object of another kind: what holds a list of containers with images (Knative, Kubeflow,
 * Volcano, operators), Tekton's steps, a template of Argo's. `kind` in lower case, as pod->kind is to be. Stops where
 * `take` returns not 0. */
typedef int (*pod_taker)(void *context, const struct pod *pod);
int pod_each_within(const struct yaml *object, struct text kind, pod_taker take, void *context);

/* Which lists of containers count. */
enum pod_lists { POD_ALL, POD_EPHEMERAL };
/* Calls `take` for each container (a mapping) in the order of the lists; stops where it returns not 0. */
int pod_each(const struct pod *pod, enum pod_lists lists, int (*take)(void *context, const struct yaml *container),
	void *context);

/* `container` NULL: what holds for all containers of the pod (a patch that names none of them). */
void pod_fill(struct manifest *m, const struct pod *pod, const struct yaml *container);

/* Shared with kubernetes_object: NULL-safe look-ups; a text with an unfilled template is empty. */
const struct yaml *pod_get(const struct yaml *mapping, const char *key);
struct text pod_text(const struct yaml *mapping, const char *key);
size_t pod_items(const struct yaml *sequence); /* how many; 0 for anything else */
/* The pairs of a mapping as `name=value`. */
void pod_set_pairs(struct manifest *m, const char *field, const struct yaml *mapping);

#endif
