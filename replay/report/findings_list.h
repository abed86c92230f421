/* findings_list: findings in the making, shared by findings.c and findings_alerts.c; nobody else's. */
#ifndef MEWS_FINDINGS_LIST_H
#define MEWS_FINDINGS_LIST_H

#include "replay/report/findings.h"

struct findings_list {
	struct arena *arena;
	const struct results *results;
	struct listed {
		struct finding finding;
		size_t order;
	} *items;
	size_t count;
};

struct finding *findings_new(struct findings_list *list, enum finding_kind kind, enum finding_level level);
void findings_relate(struct findings_list *list, struct finding *finding, struct finding_place place);
struct finding_place findings_place(const struct place *place, const char *message);
/* False positives, unattributed alerts, and what manifests ask for. */
void findings_add_alerts(struct findings_list *list);

#endif
