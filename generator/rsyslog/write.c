/* write: see write.h. */
#include "generator/rsyslog/write.h"

#include "generator/build.h"
#include "generator/rsyslog/condition.h"
#include "generator/rsyslog/names.h"
#include "generator/rsyslog/quote.h"

static const char *const severities[] = {
	[SEVERITY_INFORMATIONAL] = "info",
	[SEVERITY_LOW] = "notice",
	[SEVERITY_MEDIUM] = "warning",
	[SEVERITY_HIGH] = "err",
	[SEVERITY_CRITICAL] = "crit",
};

/* --- one rule --- */

/* The kind of message that a group's rules judge: its `when`. */
static struct text type_of(const struct dialect_group *group)
{
	for (size_t i = 0; i < group->when_count; i++) {
		if (text_is(group->when[i].name, "type") && group->when[i].count == 1)
			return group->when[i].values[0];
	}
	return TEXT("");
}

/* The block stands within a test of the type: it is not asked again. */
static bool asks_type(const struct rule_node *node)
{
	return node->kind == RULE_TEST && text_is(node->test.name, "type");
}

static void print_part(struct buffer *out, const struct rule_node *node, bool *first)
{
	for (size_t i = 0; node->kind == RULE_AND && i < node->count; i++)
		print_part(out, node->children[i], first);
	if (node->kind == RULE_AND || node->kind == RULE_TRUE || asks_type(node))
		return;
	buffer_string(out, *first ? "" : "\n          and ");
	*first = false;
	rsyslog_print(out, node);
}

static void print_names(struct buffer *out, const struct pack_rule *rule, bool techniques)
{
	struct text seen[64];
	size_t count = 0;

	for (size_t i = 0; i < rule->detection_count; i++) {
		const struct detection *detection = rule->detections[i];
		const struct text *items = techniques ? detection->techniques.items : &detection->name;

		for (size_t k = 0; k < (techniques ? detection->techniques.count : 1); k++) {
			bool known = count == 64;

			for (size_t j = 0; j < count && !known; j++)
				known = text_equal(seen[j], items[k]);
			if (known)
				continue;
			buffer_printf(out, "%s%.*s", count > 0 ? ", " : "", TEXT_ARGS(items[k]));
			seen[count++] = items[k];
		}
	}
}

static void print_set(struct buffer *out, const char *name, struct text value)
{
	buffer_printf(out, "            set $!mews!%s = ", name);
	rsyslog_quote(out, value);
	buffer_string(out, ";\n");
}

static void print_action(struct buffer *out, const struct pack_rule *rule)
{
	struct buffer names = {0};

	print_set(out, "rule", rule->name);
	print_names(&names, rule, false);
	print_set(out, "detection", buffer_view(&names));
	buffer_clear(&names);
	print_names(&names, rule, true);
	print_set(out, "techniques", buffer_view(&names));
	print_set(out, "level", text_of(severity_name(rule->severity)));
	print_set(out, "severity", text_of(severities[rule->severity]));
	buffer_string(out, "            call mews_alert\n");
	buffer_free(&names);
}

static void print_comments(struct buffer *out, const struct pack_rule *rule)
{
	struct buffer text = {0};

	pack_rule_describe(rule, &text);
	buffer_printf(&text, " [%s]", fidelity_name(rule->rule->fidelity));
	for (size_t i = 0; i < rule->rule->reasons.count; i++)
		buffer_printf(&text, "%s %.*s", i > 0 ? ";" : "", TEXT_ARGS(rule->rule->reasons.items[i]));
	buffer_string(out, "\n        ");
	rsyslog_comment(out, rule->label);
	buffer_string(out, "        ");
	rsyslog_comment(out, buffer_view(&text));
	buffer_free(&text);
}

static void print_rule(struct pack *pack, struct buffer *out, struct pack_rule *rule)
{
	struct rule_node *shipped = rule_not(pack->arena, rule_excluded(pack->arena, rule->rule, true));
	struct rule_node *own = rule_not(pack->arena, rule_excluded(pack->arena, rule->rule, false));
	bool first = true;

	rule->name = rule->label;
	print_comments(out, rule);
	buffer_string(out, "        if (");
	print_part(out, rule->rule->events, &first);
	print_part(out, rule->rule->node, &first);
	print_part(out, shipped, &first);
	print_part(out, own, &first);
	buffer_string(out, first ? "1 == 1" : "");
	buffer_string(out, ") then {\n");
	print_action(out, rule);
	buffer_string(out, "        }\n");
}

/* --- a kind of message --- */

struct wanted {
	struct arena *arena;
	struct text type;
	const struct rsyslog_name **names; /* in the order in which they are set */
	size_t count;
};

static void want(struct wanted *wanted, struct text name)
{
	const struct rsyslog_name *found =
		rsyslog_name(wanted->type, text_is(name, "syscall") ? TEXT("call") : name);

	if (found == NULL)
		return;
	for (size_t i = 0; i < wanted->count; i++) {
		if (wanted->names[i] == found)
			return;
	}
	if (found->from != NULL)
		want(wanted, text_of(found->from));
	wanted->names = arena_grow(wanted->arena, wanted->names, wanted->count, sizeof(*wanted->names));
	wanted->names[wanted->count++] = found;
}

static void want_test(const struct rule_test *test, void *context)
{
	want(context, test->name);
}

static void want_rule(struct wanted *wanted, const struct rule *rule)
{
	rule_visit(rule->events, want_test, wanted);
	rule_visit(rule->node, want_test, wanted);
	for (size_t i = 0; i < rule->exception_count; i++)
		rule_visit(rule->exceptions[i].node, want_test, wanted);
}

static void print_type(struct pack *pack, struct buffer *out, struct text type)
{
	struct wanted wanted = {pack->arena, type, NULL, 0};

	for (size_t i = 0; i < pack->rule_count; i++) {
		if (text_equal(type_of(pack->rules[i].rule->group), type))
			want_rule(&wanted, pack->rules[i].rule);
	}
	buffer_string(out, "\n    if $.mews!type == ");
	rsyslog_quote(out, type);
	buffer_string(out, " then {\n");
	for (size_t i = 0; i < wanted.count; i++)
		rsyslog_set(out, wanted.names[i], "        ");
	for (size_t i = 0; i < pack->rule_count; i++) {
		if (text_equal(type_of(pack->rules[i].rule->group), type))
			print_rule(pack, out, &pack->rules[i]);
	}
	buffer_string(out, "    }\n");
}

/* The types that rules ask for, in the dialect's order. */
static size_t types_of(const struct pack *pack, struct text **types)
{
	size_t count = 0;

	*types = arena_array(pack->arena, pack->dialect->group_count + 1, sizeof(**types));
	for (size_t i = 0; i < pack->dialect->group_count; i++) {
		struct text type = type_of(&pack->dialect->groups[i]);
		bool wanted = false, known = false;

		for (size_t k = 0; k < count; k++)
			known = known || text_equal((*types)[k], type);
		for (size_t k = 0; k < pack->rule_count; k++)
			wanted = wanted || text_equal(type_of(pack->rules[k].rule->group), type);
		if (wanted && !known)
			(*types)[count++] = type;
	}
	return count;
}

/* --- the file --- */

static void print_template(const struct pack *pack, struct buffer *out)
{
	static const char *const properties[][2] = {
		{"host", "name=\"hostname\""},
		{"program", "name=\"programname\""},
		{"detection", "name=\"$!mews!detection\""},
		{"rule", "name=\"$!mews!rule\""},
		{"techniques", "name=\"$!mews!techniques\""},
		{"level", "name=\"$!mews!level\""},
		{"severity", "name=\"$!mews!severity\""},
		{"message", "name=\"msg\""},
	};

	buffer_string(out, "\ntemplate(name=\"mews_alert\" type=\"list\") {\n    constant(value=\"{\")\n"
		"    property(outname=\"time\" name=\"timereported\" dateFormat=\"rfc3339\" format=\"jsonf\")\n");
	buffer_printf(out, "    constant(value=\", \\\"organization\\\":\\\"%.*s\\\"\")\n", TEXT_ARGS(pack_organization(pack)));
	for (size_t i = 0; i < sizeof(properties) / sizeof(*properties); i++)
		buffer_printf(out, "    constant(value=\", \")\n    property(outname=\"%s\" %s format=\"jsonf\")\n", properties[i][0],
			properties[i][1]);
	buffer_string(out, "    constant(value=\"}\\n\")\n}\n");
}

int rsyslog_write(struct pack *pack, struct diagnostics *d)
{
	struct buffer *out = pack_file(pack, TEXT("mews.conf"));
	struct text *types;
	size_t count = types_of(pack, &types);

	(void)d;
	pack_head(pack, out, "# ");
	buffer_string(out, "#\n# Put it into /etc/rsyslog.d: its last line judges what the including ruleset gets. Messages of an "
		"input with a\n# ruleset of its own are judged where that one says `call mews`. Alerts are lines of JSON; for another\n"
		"# place, change the action of the ruleset mews_alert.\n");
	print_template(pack, out);
	buffer_string(out, "\nruleset(name=\"mews_alert\") {\n"
		"    action(type=\"omfile\" file=\"/var/log/mews-alerts.jsonl\" template=\"mews_alert\")\n}\n");
	buffer_string(out, "\nruleset(name=\"mews\") {\n    unset $.mews;\n");
	rsyslog_set_type(out, types, count, "    ");
	for (size_t i = 0; i < count; i++)
		print_type(pack, out, types[i]);
	buffer_string(out, "\n    unset $.mews;\n    unset $!mews;\n}\n\ncall mews\n");
	pack->written = pack->rule_count;
	return 0;
}
