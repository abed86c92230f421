/* gate_form: what gates may look like, for the reader, for editors and for `mews fmt` (see gates.h). */
#include "replay/gate/gates.h"

#include "catalog/yaml_form.h"

const char *const gate_judge_names[] = {"supported", "not_refuted", NULL};
const char *const gate_undecided_names[] = {"fail", "pass", NULL};

/* --- what a gate may look like --- */

#define NAMES_OF_DETECTIONS YAML_FORM(.sort = YAML_LIST, .flags = YAML_OR_ONE | YAML_OR_NULL, \
	.of = YAML_FORM(.sort = YAML_TEXT, .names = YAML_DETECTIONS, .open = true))
#define OPTIONS \
	{"except", YAML_OPTIONAL, NAMES_OF_DETECTIONS, "Detections that the gate does not speak of."}, \
	{"undecided", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = gate_undecided_names), \
		"Whether the gate passes where it cannot be judged."}, \
	{NULL, YAML_OPTIONAL, NULL, NULL}
#define JUDGE {"judge", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = gate_judge_names), \
	"supported: the whole interval keeps the bound (default). not_refuted: fails only where the whole interval breaks it."}
#define CONFIDENCE {"confidence", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .sample = "0.95"), \
	"Of the interval; left out: 0.95."}
#define ORGANIZATIONS(form) {"organizations", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TABLE, .of = form, \
	.names = YAML_ORGANIZATIONS, .open = true), "Limits of their own: {web-shop: …}."}
#define SEVERITY(name) {name, YAML_OPTIONAL, &share_form, "The least recall of detections of that severity."}

static const struct yaml_form share_form = {.sort = YAML_TEXT, .flags = YAML_DIGITS, .pattern = "^[0-9.]+%?$", .sample = "0.9"};
static const struct yaml_form number_form = {.sort = YAML_TEXT, .flags = YAML_DIGITS, .pattern = "^[0-9.]+$", .sample = "5"};
static const struct yaml_form daily_form = {.sort = YAML_TEXT, .flags = YAML_DIGITS, .pattern = "^([0-9.]+|budget)$",
	.sample = "budget"};
static const struct yaml_form count_form = {.sort = YAML_TEXT, .flags = YAML_DIGITS, .pattern = "^[0-9]+$", .sample = "0"};
static const struct yaml_form more_form = {.sort = YAML_TEXT, .flags = YAML_DIGITS, .pattern = "^([0-9]+|[0-9.]+%)$",
	.sample = "2%"};
static const struct yaml_form factor_form = {.sort = YAML_TEXT, .pattern = "^[0-9.]+x$", .sample = "1.5x"};
static const char *const not_worse[] = {"not_worse", NULL}, *const not_expired[] = {"not_expired", NULL};
static const struct yaml_form not_worse_form = {.sort = YAML_TEXT, .words = not_worse};
static const struct yaml_form not_expired_form = {.sort = YAML_TEXT, .words = not_expired};

static const struct yaml_shape recall_shape[] = {
	{"limit", YAML_OPTIONAL, &share_form, "The least recall of all detections together."},
	SEVERITY("critical"), SEVERITY("high"), SEVERITY("medium"), SEVERITY("low"), SEVERITY("informational"),
	JUDGE, CONFIDENCE, OPTIONS};
static const struct yaml_shape rate_shape[] = {{"limit", YAML_OPTIONAL, &share_form, "The highest rate."},
	ORGANIZATIONS(&share_form), JUDGE, OPTIONS};
static const struct yaml_shape daily_shape[] = {
	{"limit", YAML_OPTIONAL, &daily_form, "A number, or budget: the organization's own."},
	ORGANIZATIONS(&daily_form), JUDGE, CONFIDENCE, OPTIONS};
static const struct yaml_shape total_shape[] = {{"limit", YAML_OPTIONAL, &number_form, "A number."},
	ORGANIZATIONS(&number_form), JUDGE, CONFIDENCE, OPTIONS};
static const struct yaml_shape alerts_shape[] = {{"limit", YAML_OPTIONAL, &count_form, "A whole number."},
	ORGANIZATIONS(&count_form), OPTIONS};
static const struct yaml_shape more_shape[] = {
	{"limit", YAML_OPTIONAL, &more_form, "A whole number, or a percentage of what the reference run has."},
	ORGANIZATIONS(&more_form), OPTIONS};
static const struct yaml_shape count_shape[] = {{"limit", YAML_REQUIRED, &count_form, "A whole number."}, OPTIONS};
static const struct yaml_shape fidelity_shape[] = {{"limit", YAML_REQUIRED, &not_worse_form, "not_worse"}, OPTIONS};
static const struct yaml_shape exceptions_shape[] = {
	{"limit", YAML_REQUIRED, &not_expired_form, "not_expired"},
	{"within", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .pattern = "^[0-9]+d$", .sample = "30d"),
		"Those that expire within so many days are named; they do not fail."},
	OPTIONS};
static const struct yaml_shape cost_shape[] = {{"limit", YAML_REQUIRED, &number_form, "Predicates per event."}, OPTIONS};
static const struct yaml_shape growth_shape[] = {{"limit", YAML_REQUIRED, &factor_form, "1.5x: half as many more."}, OPTIONS};

/* The limit alone, or a mapping with options. */
#define GATE(options, ...) YAML_FORM(.sort = YAML_EITHER, .of = YAML_FORMS({.sort = YAML_RECORD, .shape = options}, __VA_ARGS__))
#define LIKE(pattern_, sample_) {.sort = YAML_TEXT, .flags = YAML_DIGITS, .pattern = pattern_, .sample = sample_}

/* In the order of enum gate_number. */
static const struct yaml_shape gates_shape[] = {
	{"minimum_recall", YAML_OPTIONAL, GATE(recall_shape, LIKE("^[0-9.]+%?$", "0.9")),
		"Attack episodes in which every expected detection (of the severity) alerts, at least, as a share."},
	{"maximum_false_positive_rate", YAML_OPTIONAL, GATE(rate_shape, LIKE("^[0-9.]+%?$", "0.001")),
		"False-positive rate of each detection in each organization, at most."},
	{"maximum_alert_groups_per_day", YAML_OPTIONAL, GATE(daily_shape, LIKE("^([0-9.]+|budget)$", "budget")),
		"Alert groups a day of each detection in each organization, at most."},
	{"maximum_total_alert_groups_per_day", YAML_OPTIONAL, GATE(total_shape, LIKE("^[0-9.]+$", "20")),
		"Alert groups a day of all detections of an organization together, at most."},
	{"maximum_unjudged_alerts", YAML_OPTIONAL, GATE(alerts_shape, LIKE("^[0-9]+$", "0")),
		"Alerts of an organization that are unattributed or on unknown events, at most."},
	{"lost_episodes", YAML_OPTIONAL, GATE(count_shape, LIKE("^[0-9]+$", "0")),
		"Expected alerts of attack episodes that the reference run has and this one has not, at most."},
	{"new_false_positives", YAML_OPTIONAL, GATE(more_shape, LIKE("^([0-9]+|[0-9.]+%)$", "0")),
		"False positives of an organization that the reference run has not, at most."},
	{"new_unjudged_alerts", YAML_OPTIONAL, GATE(more_shape, LIKE("^([0-9]+|[0-9.]+%)$", "0")),
		"Unattributed and unknown alerts of an organization that the reference run has not, at most."},
	{"new_blind", YAML_OPTIONAL, GATE(count_shape, LIKE("^[0-9]+$", "0")),
		"Detections that are blind and were not, or are new and blind, at most."},
	{"fidelity", YAML_OPTIONAL, GATE(fidelity_shape, {.sort = YAML_TEXT, .words = not_worse}),
		"Each target says each condition as well as in the reference run."},
	{"exceptions", YAML_OPTIONAL, GATE(exceptions_shape, {.sort = YAML_TEXT, .words = not_expired}), "No exception has expired."},
	{"maximum_cost", YAML_OPTIONAL, GATE(cost_shape, LIKE("^[0-9.]+$", "5")),
		"Predicates that a detection asks per event, at most."},
	{"maximum_cost_growth", YAML_OPTIONAL, GATE(growth_shape, LIKE("^[0-9.]+x$", "1.5x")),
		"Predicates that a detection asks per event, against the reference run, at most."},
	{"undecided", YAML_OPTIONAL, YAML_FORM(.sort = YAML_TEXT, .words = gate_undecided_names),
		"Whether gates that cannot be judged pass; left out: they fail."},
	{NULL, YAML_OPTIONAL, NULL, NULL},
};
const struct yaml_form gates_form = {.sort = YAML_RECORD, .shape = gates_shape};

const struct gate_kind gate_kinds[GATE_KINDS] = {
	[GATE_MINIMUM_RECALL] = {GATE_SHARE, GATE_INTERVAL | GATE_BY_SEVERITY, recall_shape},
	[GATE_FALSE_POSITIVE_RATE] = {GATE_SHARE, GATE_INTERVAL, rate_shape},
	[GATE_GROUPS_PER_DAY] = {GATE_NUMBER | GATE_BUDGET, GATE_INTERVAL, daily_shape},
	[GATE_TOTAL_GROUPS_PER_DAY] = {GATE_NUMBER, GATE_INTERVAL, total_shape},
	[GATE_UNJUDGED] = {GATE_COUNT, 0, alerts_shape},
	[GATE_LOST_EPISODES] = {GATE_COUNT, GATE_COMPARES, count_shape},
	[GATE_NEW_FALSE_POSITIVES] = {GATE_COUNT | GATE_PERCENT, GATE_COMPARES, more_shape},
	[GATE_NEW_UNJUDGED] = {GATE_COUNT | GATE_PERCENT, GATE_COMPARES, more_shape},
	[GATE_NEW_BLIND] = {GATE_COUNT, GATE_COMPARES, count_shape},
	[GATE_FIDELITY] = {GATE_NOT_WORSE, GATE_COMPARES, fidelity_shape},
	[GATE_EXCEPTIONS] = {GATE_NOT_EXPIRED, 0, exceptions_shape},
	[GATE_COST] = {GATE_NUMBER, 0, cost_shape},
	[GATE_COST_GROWTH] = {GATE_FACTOR, GATE_COMPARES, growth_shape},
};

const char *gate_name(enum gate_number number)
{
	return gates_shape[number].key;
}
