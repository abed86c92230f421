/* propose: see propose.h. */
#include "replay/tune/propose.h"
#include "replay/tune/ways.h"

#include "catalog/canonical.h"
#include "catalog/yaml_scalar.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { NAME_MOST = 48, MONTHS = 6 };

/* --- names --- */

/* A word of a slug out of anything: /usr/bin/rsync → rsync, registry.example/ci/build → ci-build. */
static void add_word(struct buffer *name, struct text text)
{
	bool dash = name->length > 0;
	for (size_t i = 0; i < text.length && name->length < NAME_MOST; i++) {
		char byte = text.data[i];
		if (byte >= 'A' && byte <= 'Z')
			byte = (char)(byte | 0x20);
		if ((byte < 'a' || byte > 'z') && (byte < '0' || byte > '9')) {
			dash = name->length > 0;
			continue;
		}
		if (dash)
			buffer_char(name, '-');
		dash = false;
		buffer_char(name, byte);
	}
}

static struct text first_value(const struct candidate *candidate, const struct registry *registry, const char *field)
{
	unsigned number = registry_field(registry, text_of(field));
	const struct sample *sample = &candidate->cause.sightings[0]->samples[0];
	const struct values *values = number != FIELD_NONE ? sample_values(sample, number) : NULL;
	return values && values->count ? values->items[0].text : TEXT("");
}

static struct text stem_of(struct text path)
{
	struct text name = text_slice(path, 0, text_find(path, ' '));
	name = name.length > 0 && name.data[0] == '/' ? path_name(name) : name;
	return text_slice(name, 0, text_find(name, '@'));
}

static bool is_taken(const struct proposals *proposals, size_t index, struct text name)
{
	const struct organization *organization = proposals->organization;
	for (size_t i = 0; organization && i < organization->exception_count; i++)
		if (text_equal(organization->exceptions[i].name, name))
			return true;
	for (size_t i = 0; i < index; i++)
		if (text_equal(proposals->items[i].name, name))
			return true;
	return false;
}

static struct text make_name(struct arena *arena, const struct registry *registry, const struct candidate *candidate,
	const struct proposals *proposals, size_t index)
{
	static const char *const programs[] = {"container.image.name", "process.executable", "process.name",
		"user_agent.original"};
	struct buffer name = {0};
	for (size_t i = 0; i < sizeof programs / sizeof *programs && name.length == 0; i++)
		add_word(&name, stem_of(first_value(candidate, registry, programs[i])));
	add_word(&name, first_value(candidate, registry, "user.name"));
	if (candidate->detection_count > 0)
		add_word(&name, proposals->observations->catalog->detections[candidate->detections[0]]->name);
	if (name.length == 0 || name.data[0] < 'a') {
		struct buffer with = {0};
		buffer_string(&with, "noise-");
		buffer_text(&with, buffer_view(&name));
		buffer_free(&name);
		name = with;
	}
	struct text text = text_copy(arena, buffer_view(&name));
	for (unsigned i = 2; is_taken(proposals, index, text); i++)
		text = text_of(arena_printf(arena, "%.*s-%u", TEXT_ARGS(buffer_view(&name)), i));
	buffer_free(&name);
	return text;
}

/* --- reasons --- */

static void day_of(int64_t hour, char out[11])
{
	time_t seconds = (time_t)(hour * 3600);
	struct tm day;
	if (gmtime_r(&seconds, &day) == NULL || strftime(out, 11, "%Y-%m-%d", &day) == 0)
		out[0] = '\0';
}

static void add_days(const struct candidate *candidate, struct buffer *out)
{
	int64_t first = INT64_MAX, last = INT64_MIN;
	char from[11], to[11];
	for (size_t i = 0; i < candidate->cause.count; i++)
		for (size_t k = 0; k < candidate->cause.sightings[i]->unit_count; k++) {
			int64_t hour = candidate->cause.sightings[i]->units[k].hour;
			if (hour == INT64_MIN)
				continue;
			first = hour < first ? hour : first;
			last = hour > last ? hour : last;
		}
	if (first > last)
		return;
	day_of(first, from);
	day_of(last, to);
	if (strcmp(from, to) == 0)
		buffer_printf(out, " on %s", from);
	else
		buffer_printf(out, " from %s to %s", from, to);
}

static struct text make_reason(struct arena *arena, const struct registry *registry, const struct candidate *candidate)
{
	struct buffer out = {0};
	struct text image = first_value(candidate, registry, "container.image.name");
	struct text program = first_value(candidate, registry, "process.executable");
	struct text user = first_value(candidate, registry, "user.name");
	if (program.length == 0)
		program = first_value(candidate, registry, "process.name");
	buffer_printf(&out, "proposed by mews tune: %llu alert%s judged benign", (unsigned long long)candidate->cause.alerts,
		candidate->cause.alerts == 1 ? "" : "s");
	add_days(candidate, &out);
	if (program.length > 0 && program.length < 80)
		buffer_printf(&out, ", by %.*s", TEXT_ARGS(program));
	if (image.length > 0 && image.length < 80)
		buffer_printf(&out, ", image %.*s", TEXT_ARGS(image));
	if (user.length > 0 && user.length < 40)
		buffer_printf(&out, ", as %.*s", TEXT_ARGS(user));
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

/* --- owner and end --- */

/* Whoever owns most of what there is. */
static struct text usual_owner(const struct organization *organization)
{
	struct text best = TEXT("to be named");
	size_t most = 0;
	for (size_t i = 0; organization && i < organization->exception_count; i++) {
		size_t count = 0;
		for (size_t k = 0; k < organization->exception_count; k++)
			count += text_equal(organization->exceptions[k].owner, organization->exceptions[i].owner);
		if (count > most && organization->exceptions[i].owner.length > 0) {
			most = count;
			best = organization->exceptions[i].owner;
		}
	}
	return best;
}

static struct text months_later(struct arena *arena, struct text day)
{
	int64_t year = 0, month = 0, date = 0;
	if (day.length != 10 || !text_to_long(text_slice(day, 0, 4), &year) || !text_to_long(text_slice(day, 5, 7), &month) ||
		!text_to_long(text_slice(day, 8, 10), &date))
		return day;
	month += MONTHS;
	year += (month - 1) / 12;
	month = (month - 1) % 12 + 1;
	date = date > 28 ? 28 : date; /* every month has it */
	return text_of(arena_printf(arena, "%04d-%02d-%02d", (int)year, (int)month, (int)date));
}

static struct text one_of(struct arena *arena, const struct candidate *candidate)
{
	struct buffer out = {0};
	ways_print(candidate->ways, candidate->way_count, &out);
	struct text text = text_copy(arena, buffer_view(&out));
	buffer_free(&out);
	return text;
}

void propose(struct arena *arena, const struct observations *o, const struct candidate *candidate, struct text as_of,
	struct proposals *proposals, size_t index)
{
	struct proposal *proposal = &proposals->items[index];
	const struct registry *registry = &o->catalog->registry;
	struct text *parts = arena_array(arena, candidate->clause_count + candidate->way_count + 1, sizeof *parts);
	for (size_t i = 0; i < candidate->clause_count; i++)
		parts[i] = candidate->clauses[i]->text;
	proposal->organization = proposals->organization;
	proposal->detections = arena_array(arena, candidate->detection_count + 1, sizeof(const struct detection *));
	for (size_t i = 0; i < candidate->detection_count; i++)
		proposal->detections[proposal->detection_count++] = o->catalog->detections[candidate->detections[i]];
	proposal->parts = parts;
	proposal->part_count = candidate->clause_count;
	if (candidate->way_count > 0)
		parts[proposal->part_count++] = one_of(arena, candidate);
	proposal->condition = candidate->condition;
	proposal->node = candidate->node;
	proposal->bare = candidate->bare;
	proposal->name = make_name(arena, registry, candidate, proposals, index);
	proposal->reason = make_reason(arena, registry, candidate);
	proposal->owner = usual_owner(proposals->organization);
	proposal->expires = months_later(arena, as_of);
}

/* --- YAML --- */

void proposal_yaml(const struct proposal *proposal, unsigned indent, struct buffer *out)
{
	struct buffer condition = {0};
	int by = (int)indent;
	buffer_printf(out, "%*s- name: %.*s\n", by, "", TEXT_ARGS(proposal->name));
	buffer_printf(out, "%*s  detections: [", by, "");
	for (size_t i = 0; i < proposal->detection_count; i++)
		buffer_printf(out, "%s%.*s", i > 0 ? ", " : "", TEXT_ARGS(proposal->detections[i]->name));
	buffer_printf(out, "]\n%*s  condition: ", by, "");
	for (size_t i = 0; i < proposal->part_count; i++)
		buffer_printf(&condition, "%s%.*s", i > 0 ? "\nand " : "", TEXT_ARGS(proposal->parts[i]));
	canonical_condition(buffer_view(&condition), indent + 4, out);
	buffer_free(&condition);
	buffer_printf(out, "%*s  reason: ", by, "");
	yaml_scalar_print(proposal->reason, false, out);
	buffer_printf(out, "\n%*s  owner: ", by, "");
	yaml_scalar_print(proposal->owner, false, out);
	buffer_printf(out, "\n%*s  expires: %.*s\n", by, "", TEXT_ARGS(proposal->expires));
}
