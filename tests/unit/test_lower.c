/* Rules against conditions on random records: a rule matches at least what its condition matches, and exactly
 * that where it says so; what an exception takes away is never more than the exception says. */
#include "catalog/evaluate.h"
#include "tests/unit/ruling.h"
#include "tests/unit/unit.h"

#include <string.h>

static const char dialect[] =
	"name: random\n"
	"missing: [\"<NA>\", host]\n"
	"groups:\n"
	"  - name: all\n"
	"    events: [{event: process.exec}]\n"
	"    fields:\n"
	"      event.outcome: {name: res, shape: mapped, map: {OK: success, EAGAIN: \"\", \"*\": failure}}\n"
	"      user.id: {name: uid, missing: [\"-1\"]}\n"
	"      user.name: user\n"
	"      process.pid: pid\n"
	"      process.name: {name: image, shape: basename}\n"
	"      process.thread.name: {name: comm, shape: truncated, size: 6}\n"
	"      process.args: {name: line, shape: joined}\n"
	"      process.in_container: {name: container, shape: present}\n"
	"      process.thread.capabilities.permitted: {name: caps, shape: capabilities}\n"
	"      process.thread.capabilities.effective: {name: capnames, shape: capability-names}\n"
	"      process.namespaces.flags: {name: flags, shape: clone-flags}\n"
	"      file.path: path\n"
	"      file.mount.bind: {name: mflags, shape: bits-set, size: 0x1000}\n"
	"      file.mount.flags: {name: names, shape: mapped, separator: \"|\", map: {BIND: MS_BIND, REC: MS_REC}}\n"
	"      container.image.name: {name: ref, shape: image-name}\n"
	"      container.mounts: {name: mounts, shape: mounts}\n";

/* Raw values of each name, and predicates that meet some of them. */
struct vocabulary {
	const char *name;
	const char *raw[8];
	const char *predicates[10];
};
static const struct vocabulary words[] = {
	{"res", {"OK", "EPERM", "EAGAIN"}, {"event.outcome == \"success\"", "event.outcome == \"failure\"", "event.outcome != \"failure\""}},
	{"uid", {"0", "1000", "-1"}, {"user.id == \"0\"", "user.id != \"0\"", "user.id == null", "user.id like \"*0\""}},
	{"user", {"root", "Root", "alice", "host", "<NA>"},
		{"user.name == \"root\"", "user.name : \"ROOT\"", "user.name in (\"root\", \"host\")", "user.name like \"*o*\"",
			"user.name regex \"[a-z]+\"", "user.name != null", "user.name like \"?oot\"", "length(user.name) > 4"}},
	{"pid", {"1", "77", "300"}, {"process.pid == 1", "process.pid > 50", "process.pid != 77", "process.pid in (1, 300)"}},
	{"image", {"/usr/bin/docker", "/bin/sh", "docker", "/opt/docker-x/sh", "<NA>"},
		{"process.name == \"docker\"", "process.name like \"docker*\"", "process.name like \"*er\"", "process.name regex \"[ds].*\"",
			"process.name != \"sh\"", "process.name like~ \"SH\""}},
	{"comm", {"sh", "docker", "dockerd", "host", "longer-name"},
		{"process.thread.name == \"docker\"", "process.thread.name == \"dockerd\"", "process.thread.name like \"dock*\"",
			"process.thread.name like \"*er\"", "process.thread.name in (\"sh\", \"host\")", "process.thread.name like \"*name\""}},
	/* One argument after the other, between bars. */
	{"line", {"docker|run|-v|/:/host|x", "sh|-c|docker run -v /:/x", "ls", "docker|--privileged", "echo|ls --privileged"},
		{"process.args == \"-v\"", "process.args like \"/:*\"", "process.args like \"*c*e*\"", "process.args != \"run\"",
			"process.args in (\"ls\", \"--privileged\")", "process.args regex \"-.*\""}},
	{"container", {"abc", "host"}, {"process.in_container == true", "process.in_container == false", "process.in_container != true"}},
	{"caps", {"0", "200000", "3fffffffff", "a80425fb"},
		{"process.thread.capabilities.permitted == \"CAP_SYS_ADMIN\"", "process.thread.capabilities.permitted like \"CAP_SYS*\"",
			"process.thread.capabilities.permitted != \"CAP_SYS_ADMIN\""}},
	{"capnames", {"CAP_SYS_ADMIN CAP_CHOWN", "CAP_CHOWN", "CAP_SYSLOG"},
		{"process.thread.capabilities.effective == \"CAP_SYS_ADMIN\"", "process.thread.capabilities.effective in (\"CAP_SYSLOG\", \"CAP_KILL\")",
			"process.thread.capabilities.effective like \"CAP_SYS*\""}},
	{"flags", {"20000", "0", "6c020000", "40000000"},
		{"process.namespaces.flags == \"mnt\"", "process.namespaces.flags in (\"net\", \"pid\")", "process.namespaces.flags != null"}},
	{"path", {"/run/docker.sock", "/var/run/docker.sock", "/etc/passwd", "/var/log/x", "/run", "/running"},
		{"file.path == \"/run/docker.sock\"", "file.path like \"/run*\"", "file.path like \"/var/*\"", "file.path like \"*/docker.sock\"",
			"file.path regex \"/[a-z]+/docker.sock\"", "file.path != \"/run\"", "file.path like \"/r*\"", "file.path like \"?run/*\"",
			"file.path like \"*var*\""}},
	{"mflags", {"1000", "5000", "0", "400"}, {"file.mount.bind == true", "file.mount.bind == false"}},
	{"names", {"BIND|REC", "REC", "UNBINDABLE", "RDONLY|BIND"},
		{"file.mount.flags == \"MS_BIND\"", "file.mount.flags in (\"MS_REC\", \"MS_BIND\")", "file.mount.flags != \"MS_BIND\""}},
	{"ref", {"app", "app:1", "registry:5000/app", "registry:5000/app:2@sha256:00", "apps"},
		{"container.image.name == \"app\"", "container.image.name like \"*/app\"", "container.image.name like \"app*\""}},
	{"mounts", {"/etc:/e::true:rprivate", "/etc:/e::false: /run/docker.sock:/s::true:", "/var/run/docker.sock:/s:z:true:x", "/a:/b::false:"},
		{"container.mounts like \"/etc:*:rw\"", "container.mounts like \"/etc:*:ro\"", "container.mounts like \"/run/docker.sock:*\"",
			"container.mounts like \"*:rw\"", "container.mounts == \"/a:/b:ro\"", "container.mounts like \"/*:/s:*\""}},
};
enum { WORDS = sizeof(words) / sizeof(*words), ROUNDS = 500, RECORDS = 50 };

static size_t length_of(const char *const *list, size_t most)
{
	size_t count = 0;

	while (count < most && list[count] != NULL)
		count++;
	return count;
}

static void random_condition(uint64_t *state, struct buffer *out, unsigned depth)
{
	unsigned kind = (unsigned)(ruling_random(state) % (depth == 0 ? 1 : 5));

	if (kind < 2) {
		const struct vocabulary *word = &words[ruling_random(state) % WORDS];

		buffer_string(out, word->predicates[ruling_random(state) % length_of(word->predicates, 10)]);
	} else if (kind == 2) {
		buffer_string(out, "not (");
		random_condition(state, out, depth - 1);
		buffer_char(out, ')');
	} else {
		size_t parts = 2 + ruling_random(state) % 2;

		buffer_char(out, '(');
		for (size_t i = 0; i < parts; i++) {
			buffer_string(out, i == 0 ? "" : kind == 3 ? " and " : " or ");
			random_condition(state, out, depth - 1);
		}
		buffer_char(out, ')');
	}
}

static void random_record(uint64_t *state, struct raw_record *record)
{
	record->count = 0;
	for (size_t i = 0; i < WORDS; i++) {
		size_t choice = ruling_random(state) % (length_of(words[i].raw, 8) + 1);

		if (choice > 0)
			raw_set(record, words[i].name, text_of(words[i].raw[choice - 1]));
	}
}

/* What the sensor makes of the record: arguments joined by blanks, the name cut. */
static void join_and_cut(struct raw_record *record, struct arena *arena)
{
	for (size_t i = 0; i < record->count; i++) {
		struct text *value = &record->items[i].value;

		if (strcmp(record->items[i].name, "comm") == 0 && value->length > 6)
			value->length = 6;
		if (strcmp(record->items[i].name, "line") != 0)
			continue;
		char *copy = arena_strndup(arena, value->data, value->length);

		for (char *at = copy; *at; at++) {
			if (*at == '|')
				*at = ' ';
		}
		*value = text_of(copy);
	}
}

static void read_value(struct ruling *r, struct event *event, struct facet *facet, const struct dialect_field *row, struct text raw)
{
	struct text *arguments;

	if (row->shape.shape == SHAPE_JOINED) {
		size_t count = text_split(event->arena, raw, '|', &arguments);

		facet_set_texts(event, facet, row->field, arguments, count);
	} else if (!dialect_field_is_missing(r->dialect, row, raw)) {
		shape_read(&row->shape, event, facet, row->field, &raw, 1);
	} else if (row->shape.shape == SHAPE_PRESENT) {
		shape_read(&row->shape, event, facet, row->field, NULL, 0);
	}
}

/* The record as it was before, as a reader that loses nothing sees it. */
static struct facet *read_record(struct ruling *r, struct event *event, struct arena *arena, const struct raw_record *record)
{
	const struct dialect_group *group = &r->dialect->groups[0];
	const struct registry *registry = &r->catalog->registry;

	event_begin(event, arena, registry);
	struct facet *facet =
		event_add_facet(event, unit_category(registry, "process"), unit_action(registry, "process", "exec"));

	for (size_t i = 0; i < group->field_count; i++) {
		const struct dialect_field *row = &group->fields[i];

		for (size_t k = 0; k < record->count; k++) {
			if (text_is(row->names[0], record->items[k].name))
				read_value(r, event, facet, row, record->items[k].value);
		}
	}
	if (facet_get(facet, unit_field(registry, "process.in_container")) == NULL)
		facet_set_bool(event, facet, unit_field(registry, "process.in_container"), false);
	return facet;
}

struct tally {
	size_t matched, exact, wider, excepted;
};

/* One rule on one record. */
static bool agrees(struct evaluator *e, const struct rule *rule, const struct condition *condition, const struct condition *except,
	const struct facet *facet, const struct raw_record *record, bool folds, struct tally *tally)
{
	bool wanted = evaluate_condition(e, condition, facet), got = ruling_holds(rule->node, record, folds);
	bool excluded = rule->exception_count > 0 && ruling_holds(rule->exceptions[0].node, record, folds);

	tally->matched += wanted;
	tally->wider += got && !wanted;
	tally->excepted += excluded;
	tally->exact += rule->fidelity == FIDELITY_EXACT;
	if ((wanted && !got) || (rule->fidelity == FIDELITY_EXACT && wanted != got))
		return false;
	if (except == NULL || !wanted)
		return true;
	bool excepted = evaluate_node(e, except->root, facet); /* as the baseline asks it: failures are normal, too */

	return !(excluded && !excepted) && !(rule->exceptions[0].exact && excluded != excepted);
}

static void run(const char *target, bool folds, uint64_t seed, struct tally *tally)
{
	struct evaluator *e = evaluator_new();
	size_t disagreed = 0;
	struct ruling r;

	ruling_begin(&r, dialect);
	for (unsigned round = 0; round < ROUNDS && disagreed == 0; round++) {
		struct buffer source = {0}, except = {0};

		buffer_string(&source, "process where event.action == \"exec\" and ");
		random_condition(&seed, &source, 3);
		buffer_string(&except, "any where ");
		random_condition(&seed, &except, 2);
		struct lowered *lowered = ruling_lower(&r, target, source.data, except.data);
		struct condition *condition = ruling_condition(&r, source.data), *excepting = ruling_condition(&r, except.data);

		for (unsigned k = 0; k < RECORDS && lowered->count == 1 && disagreed == 0; k++) {
			struct raw_record record;
			struct arena arena = {0};
			struct event event;

			random_record(&seed, &record);
			struct facet *facet = read_record(&r, &event, &arena, &record);

			join_and_cut(&record, &arena);

			if (!agrees(e, &lowered->rules[0], condition, excepting, facet, &record, folds, tally)) {
				disagreed++;
				fprintf(stderr, "%s: %s\n  except %s\n  rule %s\n  takes away %s\n", target, source.data, except.data,
					ruling_print(&r.arena, lowered->rules[0].node).data,
					ruling_print(&r.arena, lowered->rules[0].exceptions[0].node).data);
				for (size_t i = 0; i < record.count; i++)
					fprintf(stderr, "  %s=%.*s\n", record.items[i].name, TEXT_ARGS(record.items[i].value));
			}
			arena_free(&arena);
		}
		buffer_free(&source);
		buffer_free(&except);
	}
	ruling_end(&r);
	CHECK_LONG(disagreed, 0);
	evaluator_free(e);
}

static void test_falco_bounds(void)
{
	struct tally tally = {0, 0, 0, 0};

	run("falco", false, 20261123, &tally);
	CU_ASSERT_TRUE(tally.matched > 1000);
	CU_ASSERT_TRUE(tally.exact > 1000);
	CU_ASSERT_TRUE(tally.wider > 100);
	CU_ASSERT_TRUE(tally.excepted > 100);
}

static void test_sigma_bounds(void)
{
	struct tally tally = {0, 0, 0, 0};

	run("sigma", true, 7, &tally);
	CU_ASSERT_TRUE(tally.matched > 1000);
	CU_ASSERT_TRUE(tally.wider > 100);
	CU_ASSERT_TRUE(tally.excepted > 100);
}

/* --- actions, gaps, approximations --- */

static const char small[] =
	"name: small\n"
	"groups:\n"
	"  - name: files\n"
	"    attributes: {outcome: success}\n"
	"    events:\n"
	"      - {event: file.create, match: {type: [open, creat], create: yes}}\n"
	"      - {event: file.modify, match: {type: open, write: yes}}\n"
	"      - {event: file.rename, match: {type: rename}, use: write}\n"
	"      - {event: file.delete, match: {type: unlink}, use: read}\n"
	"    fields:\n"
	"      file.path: {name: path, approximate: it follows the inode}\n"
	"      file.target_path: {name: target, events: file.rename}\n"
	"      user.name: {name: user, since: \"99.0\"}\n"
	"  - name: calls\n"
	"    attributes: {outcome: success, collects: \"true\"}\n"
	"    events: [{event: process.exec, match: {call: execve}}]\n";

static void test_actions(void)
{
	struct ruling r;

	ruling_begin(&r, small);
	struct lowered *lowered = ruling_lower(&r, "falco", "file where event.action in (\"rename\", \"delete\") and file.target_path == \"/x\"", NULL);

	CHECK_LONG(lowered->count, 1); /* rename; a deletion is only read */
	CHECK_LONG(lowered->gap_count, 1);
	CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].events), "type = rename");
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_EXACT);
	CHECK_CONTAINS(lowered->gaps[0].reasons.items[0], "sees no such event");
	lowered = ruling_lower(&r, "falco", "file where event.action in (\"create\", \"modify\") and file.path == \"/etc/x\"", NULL);
	CHECK_LONG(lowered->count, 1); /* two actions, one rendering */
	CHECK_LONG(lowered->rules[0].action_count, 2);
	CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].events), "((type in (open, creat) and create = yes) or (type = open and write = yes))");
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_APPROXIMATE);
	CHECK_TEXT(lowered->rules[0].reasons.items[0], "it follows the inode");
	lowered = ruling_lower(&r, "falco", "file where event.action == \"create\" and file.target_path == \"/x\"", NULL);
	CHECK_LONG(lowered->count, 0); /* other events carry it, this one never: it cannot hold */
	lowered = ruling_lower(&r, "falco", 
		"file where event.action == \"create\" and (file.path == \"/x\" or file.mount.source == \"/x\")", NULL);
	CHECK_LONG(lowered->count, 1); /* no row holds it, but what is made has no source, whatever the target shows */
	CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].node), "path = /x");
	ruling_end(&r);
}

static void test_sound_before_approximate(void)
{
	struct ruling r;

	ruling_begin(&r, small);
	struct lowered *lowered = ruling_lower(&r, "falco", "file where event.action == \"rename\" and file.path == \"/etc/x\" and file.target_path == \"/y\"", NULL);

	CHECK_LONG(lowered->count, 1);
	CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].node), "target = /y");
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_WIDER);
	CU_ASSERT_TRUE(lowered->rules[0].lost);
	lowered = ruling_lower(&r, "falco", "file where event.action == \"rename\" and not file.path == \"/etc/x\"", NULL);
	CHECK_LONG(lowered->count, 0);
	lowered = ruling_lower(&r, "falco", "file where event.action == \"rename\" and user.name == \"a\"", NULL);
	CHECK_LONG(lowered->count, 0); /* a later version has it */
	CHECK_CONTAINS(lowered->gaps[0].reasons.items[0], "nothing that holds user.name");
	ruling_end(&r);
}

static void test_collects(void)
{
	struct ruling r;

	ruling_begin(&r, small);
	struct lowered *lowered = ruling_lower(&r, "falco", "process where event.action == \"exec\" and process.args == \"x\"", NULL);

	CHECK_LONG(lowered->count, 1);
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_COLLECTS);
	CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].events), "call = execve");
	lowered = ruling_lower(&r, "falco", "process where event.action == \"exec\"", NULL);
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_EXACT);
	lowered = ruling_lower(&r, "falco", "any where event.action == \"exec\" and event.category == \"file\"", NULL);
	CHECK_LONG(lowered->count + lowered->gap_count, 0); /* no such action: it can never hold */
	ruling_end(&r);
}

/* Audit rules have no form for "no bit of the mask": what would need it is recorded whole. */
static void test_not_negated(void)
{
	static const char masks[] =
		"name: auditd\n"
		"groups:\n"
		"  - name: calls\n"
		"    use: write\n"
		"    attributes: {collects: \"true\"}\n"
		"    events: [{event: process.unshare, match: {syscall: unshare}}]\n"
		"    fields:\n"
		"      process.namespaces.flags: {name: a0, shape: clone-flags, rule: a0}\n"
		"      user.id: {name: euid, rule: euid}\n";
	struct ruling r;

	ruling_begin(&r, masks);
	struct lowered *lowered =
		ruling_lower(&r, "auditd", "process where event.action == \"unshare\" and not process.namespaces.flags == \"pid\"", NULL);

	CHECK_LONG(lowered->count, 1);
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_COLLECTS);
	CHECK_LONG(lowered->rules[0].node->kind, RULE_TRUE);
	lowered = ruling_lower(&r, "auditd",
		"process where event.action == \"unshare\" and user.id == \"0\" and not (process.namespaces.flags == \"pid\" and user.id == \"5\")", NULL);
	CHECK_LONG(lowered->count, 1);
	CHECK_LONG(lowered->rules[0].fidelity, FIDELITY_WIDER);
	CHECK_TEXT(ruling_print(&r.arena, lowered->rules[0].node), "euid = 0");
	ruling_end(&r);
}

static const char *reason_with(const struct lowered *lowered, const char *text)
{
	for (size_t i = 0; i < lowered->gap_count; i++)
		for (size_t k = 0; k < lowered->gaps[i].reasons.count; k++)
			if (text_contains(lowered->gaps[i].reasons.items[k], text_of(text), false))
				return text;
	return "";
}

/* A target that judges one event at a time says why, and what of the steps it could say. */
static void test_sequences(void)
{
	struct ruling r;

	ruling_begin(&r, small);
	struct lowered *lowered = ruling_lower(&r, "falco", "sequence with maxspan=1m [file where event.action == \"rename\" and "
		"file.target_path == \"/x\"] [process where event.action == \"exec\" and process.args == \"x\"]"
		" [file where event.action == \"delete\"]", NULL);
	CHECK_LONG(lowered->count, 0);
	CHECK_LONG(lowered->gap_count, 1);
	CHECK_TEXT(text_of(reason_with(lowered, "falco judges one event at a time")), "falco judges one event at a time");
	CHECK_TEXT(text_of(reason_with(lowered, "step 1 alone: exact")), "step 1 alone: exact");
	CHECK_TEXT(text_of(reason_with(lowered, "step 2 alone: collects")), "step 2 alone: collects");
	CHECK_TEXT(text_of(reason_with(lowered, "step 3 alone: unsupported")), "step 3 alone: unsupported");
	CU_ASSERT_PTR_NOT_NULL_FATAL(lowered->sequence);
	CHECK_LONG(lowered->step_count, 3);
	CHECK_LONG(lowered->steps[0].count, 1);
	CHECK_TEXT(ruling_print(&r.arena, lowered->steps[0].rules[0].node), "target = /x");
	struct texts reasons = {NULL, 0};
	CHECK_LONG(lowered_fidelity(&r.arena, lowered, &reasons), FIDELITY_UNSUPPORTED);
	ruling_end(&r);
}

/* What must not come is said by a lower bound, or not at all. */
static void test_negated_steps(void)
{
	struct ruling r;
	struct texts reasons = {NULL, 0};

	ruling_begin(&r, small);
	struct lowered *lowered = ruling_lower(&r, "falco", "sequence with maxspan=1m [file where event.action == \"rename\" and "
		"file.target_path == \"/x\"] ![process where event.action == \"exec\"] [file where event.action == \"rename\"]", NULL);
	CHECK_LONG(lowered->steps[1].count, 1);
	CHECK_LONG(lowered->steps[1].rules[0].node->kind, RULE_TRUE);
	CHECK_LONG(lowered_fidelity(&r.arena, lowered, &reasons), FIDELITY_EXACT);
	lowered = ruling_lower(&r, "falco", "sequence with maxspan=1m [file where event.action == \"rename\" and "
		"file.target_path == \"/x\"] ![process where event.action == \"exec\" and process.args == \"x\"]"
		" [file where event.action == \"rename\"] until [file where event.action == \"delete\"]", NULL);
	CHECK_LONG(lowered->step_count, 4);
	CHECK_LONG(lowered->steps[1].count, 0);
	CHECK_LONG(lowered->steps[3].count, 0);
	CHECK_LONG(lowered_fidelity(&r.arena, lowered, &reasons), FIDELITY_WIDER);
	CHECK_TEXT(text_of(reason_with(lowered, "until alone: unsupported")), "until alone: unsupported");
	ruling_end(&r);
}

static void test_two_fields(void)
{
	struct ruling r;

	ruling_begin(&r, small);
	struct lowered *lowered = ruling_lower(&r, "auditd", "file where event.action == \"rename\" and file.target_path == file.path", NULL);
	CHECK_LONG(lowered->count, 0);
	CHECK_CONTAINS(lowered->gaps[0].reasons.items[0], "cannot compare these two fields");
	lowered = ruling_lower(&r, "auditd", "file where event.action == \"rename\" and event.action == event.type", NULL);
	CHECK_LONG(lowered->count + lowered->gap_count, 0); /* what an action is, is known: rename is no change */
	ruling_end(&r);
}

void suite_lower(void)
{
	CU_pSuite suite = unit_suite("lower");

	UNIT_TEST(suite, test_falco_bounds);
	UNIT_TEST(suite, test_sigma_bounds);
	UNIT_TEST(suite, test_actions);
	UNIT_TEST(suite, test_sound_before_approximate);
	UNIT_TEST(suite, test_collects);
	UNIT_TEST(suite, test_not_negated);
	UNIT_TEST(suite, test_sequences);
	UNIT_TEST(suite, test_negated_steps);
	UNIT_TEST(suite, test_two_fields);
}
