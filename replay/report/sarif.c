/*
 * sarif: findings as SARIF 2.1.0, for code scanning and editors (docs/reports.md): detections are the rules, what is to be
 * mended are results at the line of the detection, the manifest, the gate or the exception.
 *
 * Nothing in it depends on the machine or the hour: two reports of one run are the same bytes, and a finding keeps its
 * fingerprint when lines move, files are renamed or detections change their names.
 */
#include "catalog/version.h"
#include "replay/measure/json_write.h"
#include "replay/report/findings.h"
#include "replay/report/formats.h"

#include <stdlib.h>
#include <string.h>

/* What GitHub takes at most, and what it shows. */
enum { RESULTS_MOST = 25000, RESULTS_SHOWN = 5000, TAGS_MOST = 18 };

struct sarif {
	const struct results *results;
	const struct report_options *options;
	struct findings findings;
	const char **more_rules; /* of gates and exceptions, in the order in which they come */
	size_t more_count;
	struct arena arena;
	struct json_write json;
	struct buffer buffer;
	FILE *out;
};

static void flush(struct sarif *s)
{
	fwrite(s->buffer.data, 1, s->buffer.length, s->out);
	buffer_clear(&s->buffer);
}

static const char *level_name(enum finding_level level)
{
	static const char *const names[] = {[LEVEL_ERROR] = "error", [LEVEL_WARNING] = "warning", [LEVEL_NOTE] = "note"};
	return names[level];
}

/* {"text": …}. What would be read as a link, `[words](where)`, is taken apart. */
static void message(struct sarif *s, const char *key, struct text text)
{
	struct buffer out = {0};
	for (size_t i = 0; i < text.length; i++) {
		buffer_char(&out, text.data[i]);
		if (text.data[i] == ']' && i + 1 < text.length && text.data[i + 1] == '(')
			buffer_char(&out, ' ');
	}
	jsonw_key(&s->json, key);
	jsonw_open_flat(&s->json, '{');
	jsonw_pair(&s->json, "text", out.length ? buffer_view(&out) : TEXT("-"));
	jsonw_close(&s->json, '}');
	buffer_free(&out);
}

/* Places */

static bool may_stand(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		(byte && strchr("-._~/!$&'()*+,;=@", byte));
}

/* A path is relative to where mews ran, or absolute. */
static void artifact(struct sarif *s, const char *path)
{
	struct buffer uri = {0};
	bool absolute = path[0] == '/';
	while (strncmp(path, "./", 2) == 0)
		path += 2;
	buffer_string(&uri, absolute ? "file://" : "");
	for (; *path; path++) {
		if (may_stand((unsigned char)*path))
			buffer_char(&uri, *path);
		else
			buffer_printf(&uri, "%%%02X", (unsigned)(unsigned char)*path);
	}
	jsonw_key(&s->json, "artifactLocation");
	jsonw_open_flat(&s->json, '{');
	jsonw_pair(&s->json, "uri", uri.length ? buffer_view(&uri) : TEXT("-"));
	if (!absolute)
		jsonw_pair(&s->json, "uriBaseId", TEXT("%SRCROOT%"));
	jsonw_close(&s->json, '}');
	buffer_free(&uri);
}

static void location(struct sarif *s, const struct finding_place *place, size_t id)
{
	jsonw_open_flat(&s->json, '{');
	if (id)
		jsonw_pair_unsigned(&s->json, "id", id);
	jsonw_key(&s->json, "physicalLocation");
	jsonw_open_flat(&s->json, '{');
	artifact(s, place->file);
	jsonw_key(&s->json, "region");
	jsonw_open_flat(&s->json, '{');
	jsonw_pair_unsigned(&s->json, "startLine", place->line ? place->line : 1);
	if (place->column)
		jsonw_pair_unsigned(&s->json, "startColumn", place->column);
	jsonw_close(&s->json, '}');
	jsonw_close(&s->json, '}');
	if (place->message && place->message[0])
		message(s, "message", text_of(place->message));
	jsonw_close(&s->json, '}');
}

/* Rules */

static const char *rule_level(enum severity severity)
{
	static const char *const levels[] = {[SEVERITY_INFORMATIONAL] = "note", [SEVERITY_LOW] = "note",
		[SEVERITY_MEDIUM] = "warning", [SEVERITY_HIGH] = "error", [SEVERITY_CRITICAL] = "error"};
	return levels[severity];
}

/* In the bands by which GitHub names them: above 9 critical, from 7 high, from 4 medium, else low. */
static const char *security_severity(enum severity severity)
{
	static const char *const scores[] = {[SEVERITY_INFORMATIONAL] = "1.0", [SEVERITY_LOW] = "3.0", [SEVERITY_MEDIUM] = "5.5",
		[SEVERITY_HIGH] = "8.0", [SEVERITY_CRITICAL] = "9.5"};
	return scores[severity];
}

static void help(struct sarif *s, const struct detection *detection)
{
	struct buffer out = {0};
	buffer_text(&out, detection->description);
	static const char *const heads[] = {"\n\nMay be normal:", "\n\nReferences:"};
	const struct texts *const lists[] = {&detection->false_positives, &detection->references};
	for (size_t k = 0; k < 2; k++) {
		buffer_string(&out, lists[k]->count ? heads[k] : "");
		for (size_t i = 0; i < lists[k]->count; i++) {
			buffer_string(&out, "\n- ");
			buffer_text(&out, lists[k]->items[i]);
		}
	}
	message(s, "help", buffer_view(&out));
	buffer_free(&out);
}

static void rule_properties(struct sarif *s, const struct detection *detection)
{
	struct json_write *json = &s->json;
	jsonw_key(json, "properties");
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "security-severity", security_severity(detection->severity));
	jsonw_pair_string(json, "severity", severity_name(detection->severity));
	jsonw_pair_string(json, "status", status_name(detection->status));
	jsonw_key(json, "tags");
	jsonw_open_flat(json, '[');
	jsonw_text(json, TEXT("security"));
	for (size_t i = 0; i < detection->techniques.count && i < TAGS_MOST; i++)
		jsonw_text(json, detection->techniques.items[i]);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
}

/* Names that the detection had in the reference run: whoever follows rules by their ids goes on with it. */
static void deprecated_ids(struct sarif *s, const struct detection *detection)
{
	const struct comparison *comparison = s->options->beside.comparison;
	for (size_t i = 0; comparison && i < comparison->detection_count; i++) {
		const struct detection_change *change = &comparison->detections[i];
		if (change->kind != CHANGE_RENAMED || !change->after || !text_equal(change->after->id, detection->id))
			continue;
		jsonw_key(&s->json, "deprecatedIds");
		jsonw_open_flat(&s->json, '[');
		jsonw_text(&s->json, change->before->name);
		jsonw_close(&s->json, ']');
		return;
	}
}

/* docker-socket-mount → DockerSocketMount: the friendly name that readers show beside the id. */
static void friendly_name(struct sarif *s, struct text id)
{
	struct buffer out = {0};
	bool begins = true;
	for (size_t i = 0; i < id.length; i++) {
		char byte = id.data[i];
		if (byte == '-' || byte == '.' || byte == '_') {
			begins = true;
			continue;
		}
		buffer_char(&out, begins && byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte);
		begins = false;
	}
	if (!text_equal_fold(buffer_view(&out), id))
		jsonw_pair(&s->json, "name", buffer_view(&out));
	buffer_free(&out);
}

static bool is_address(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] <= ' ' || text.data[i] == 0x7f || strchr("\"<>\\^`{|}", text.data[i]))
			return false;
	return text_starts(text, TEXT("https://"), true) || text_starts(text, TEXT("http://"), true);
}

static void detection_rule(struct sarif *s, const struct detection *detection)
{
	struct json_write *json = &s->json;
	jsonw_open(json, '{');
	jsonw_pair(json, "id", detection->name);
	friendly_name(s, detection->name);
	jsonw_pair(json, "guid", detection->id);
	deprecated_ids(s, detection);
	message(s, "shortDescription", detection->title);
	message(s, "fullDescription", detection->description.length ? detection->description : detection->title);
	help(s, detection);
	if (detection->references.count && is_address(detection->references.items[0]))
		jsonw_pair(json, "helpUri", detection->references.items[0]);
	jsonw_key(json, "defaultConfiguration");
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "level", rule_level(detection->severity));
	jsonw_close(json, '}');
	rule_properties(s, detection);
	jsonw_close(json, '}');
}

/* Rules that no detection gives: of gates and exceptions. GitHub wants their help, too. */
static void other_rule(struct sarif *s, const char *rule)
{
	static const char ended[] = "The day in `expires` is the last on which the exception applies. Then what it excepts alerts "
		"again: renew it with a reason that still holds, or remove it. mews tune reviews exceptions.";
	static const char gate[] = "A sentence about the catalog that a change has to keep true, as mews.yaml says it. The "
		"message says by how much it is broken and which event decides (docs/gates.md).";
	bool exception = strncmp(rule, "exception.", 10) == 0, expired = strcmp(rule, "exception.expired") == 0;
	const char *name = strchr(rule, '.') ? strchr(rule, '.') + 1 : rule;
	jsonw_open(&s->json, '{');
	jsonw_pair_string(&s->json, "id", rule);
	friendly_name(s, text_of(rule));
	message(s, "shortDescription", text_of(expired ? "An exception has ended" : exception ? "An exception is about to end"
		: arena_printf(&s->arena, "The gate %s of mews.yaml", name)));
	message(s, "fullDescription", text_of(exception ? ended : gate));
	message(s, "help", text_of(exception ? ended : gate));
	jsonw_close(&s->json, '}');
}

static void write_rules(struct sarif *s)
{
	const struct catalog *catalog = s->results->catalog;
	jsonw_key(&s->json, "rules");
	jsonw_open(&s->json, '[');
	for (size_t i = 0; i < catalog->detection_count; i++) {
		detection_rule(s, catalog->detections[i]);
		flush(s);
	}
	for (size_t i = 0; i < s->more_count; i++)
		other_rule(s, s->more_rules[i]);
	jsonw_close(&s->json, ']');
}

/* The rules of findings that no detection gives. */
static void collect_rules(struct sarif *s)
{
	for (size_t i = 0; i < s->findings.count; i++) {
		const struct finding *finding = &s->findings.items[i];
		size_t at = 0;
		while (at < s->more_count && strcmp(s->more_rules[at], finding->rule) != 0)
			at++;
		if (finding->detection || at < s->more_count)
			continue;
		s->more_rules = arena_grow(&s->arena, s->more_rules, s->more_count, sizeof(const char *));
		s->more_rules[s->more_count++] = finding->rule;
	}
}

static size_t rule_index(const struct sarif *s, const struct finding *finding)
{
	const struct catalog *catalog = s->results->catalog;
	size_t at = 0;
	if (finding->detection) {
		while (at < catalog->detection_count && catalog->detections[at] != finding->detection)
			at++;
		return at;
	}
	while (at < s->more_count && strcmp(s->more_rules[at], finding->rule) != 0)
		at++;
	return catalog->detection_count + at;
}

/* Results */

/* GitHub goes by primaryLocationLineHash alone; many findings of one detection stand on its first line, so a hash of that
 * line would take them for one. */
static void fingerprints(struct sarif *s, const struct finding *finding, size_t ordinal)
{
	char hash[65];
	sha256_hex(text_of(finding->same), hash);
	const char *print = arena_printf(&s->arena, "%.32s:%zu", hash, ordinal);
	jsonw_key(&s->json, "partialFingerprints");
	jsonw_open_flat(&s->json, '{');
	jsonw_pair_string(&s->json, "mews/v1", print);
	jsonw_pair_string(&s->json, "primaryLocationLineHash", print);
	jsonw_close(&s->json, '}');
}

static void suppression(struct sarif *s, const struct finding *finding)
{
	if (!finding->accepted)
		return;
	jsonw_key(&s->json, "suppressions");
	jsonw_open_flat(&s->json, '[');
	jsonw_open_flat(&s->json, '{');
	jsonw_pair(&s->json, "kind", TEXT("external"));
	jsonw_pair(&s->json, "status", TEXT("accepted"));
	jsonw_pair_string(&s->json, "justification", finding->accepted);
	jsonw_close(&s->json, '}');
	jsonw_close(&s->json, ']');
}

static void write_result(struct sarif *s, const struct finding *finding, size_t ordinal)
{
	struct json_write *json = &s->json;
	jsonw_open(json, '{');
	jsonw_pair_string(json, "ruleId", finding->rule);
	jsonw_pair_unsigned(json, "ruleIndex", rule_index(s, finding));
	jsonw_pair_string(json, "level", level_name(finding->level));
	message(s, "message", text_of(finding->message));
	jsonw_key(json, "locations");
	jsonw_open_flat(json, '[');
	if (finding->place.file)
		location(s, &finding->place, 0);
	jsonw_close(json, ']');
	if (finding->related_count) {
		jsonw_pair_open(json, "relatedLocations", '[');
		for (size_t i = 0; i < finding->related_count; i++)
			location(s, &finding->related[i], i + 1);
		jsonw_close(json, ']');
	}
	if (finding->events > 1)
		jsonw_pair_unsigned(json, "occurrenceCount", finding->events);
	fingerprints(s, finding, ordinal);
	suppression(s, finding);
	jsonw_close(json, '}');
}

static int by_same(const void *left, const void *right)
{
	const struct finding *a = *(const struct finding *const *)left, *b = *(const struct finding *const *)right;
	int order = strcmp(a->same, b->same);
	return order ? order : (a > b) - (a < b);
}

/* The how manyth of those that are the same: two services of one manifest may ask for the same. */
static size_t *ordinals_of(struct sarif *s)
{
	size_t count = s->findings.count, *ordinals = arena_array(&s->arena, count + 1, sizeof *ordinals);
	const struct finding **sorted = arena_array(&s->arena, count + 1, sizeof(const struct finding *));
	for (size_t i = 0; i < count; i++)
		sorted[i] = &s->findings.items[i];
	qsort(sorted, count, sizeof(const struct finding *), by_same);
	for (size_t i = 0; i < count; i++) {
		bool same = i && strcmp(sorted[i]->same, sorted[i - 1]->same) == 0;
		ordinals[sorted[i] - s->findings.items] = same ? ordinals[sorted[i - 1] - s->findings.items] + 1 : 1;
	}
	return ordinals;
}

static void write_results(struct sarif *s)
{
	size_t *ordinals = ordinals_of(s);
	jsonw_key(&s->json, "results");
	jsonw_open(&s->json, '[');
	for (size_t i = 0; i < s->findings.count && i < RESULTS_MOST; i++) {
		write_result(s, &s->findings.items[i], ordinals[i]);
		flush(s);
	}
	jsonw_close(&s->json, ']');
}

/* The run */

static void notify(struct sarif *s, const char *level, const char *text, const struct finding_place *place)
{
	jsonw_open(&s->json, '{');
	jsonw_pair_string(&s->json, "level", level);
	message(s, "message", text_of(text));
	if (place && place->file) {
		jsonw_key(&s->json, "locations");
		jsonw_open_flat(&s->json, '[');
		location(s, place, 0);
		jsonw_close(&s->json, ']');
	}
	jsonw_close(&s->json, '}');
}

static void notify_losses(struct sarif *s)
{
	for (size_t i = 0; i < s->results->dataset_count; i++) {
		const struct dataset_result *result = &s->results->datasets[i];
		const struct ledger *ledger = &result->ledger;
		struct finding_place place = {0};
		if (!ledger->rejected && !result->refused)
			continue;
		if (ledger->first_count)
			place = (struct finding_place){ledger->first[0].file, ledger->first[0].line, 0, ledger->first[0].reason};
		notify(s, result->refused ? "error" : "warning", arena_printf(&s->arena,
			"%.*s: %llu of %llu lines were rejected, %llu of %llu events have no meaning in their dialect",
			TEXT_ARGS(result->dataset->name), (unsigned long long)ledger->rejected, (unsigned long long)ledger->lines,
			(unsigned long long)ledger->unmapped, (unsigned long long)ledger->events), &place);
	}
}

static void write_invocation(struct sarif *s)
{
	struct json_write *json = &s->json;
	bool refused = false;
	for (size_t i = 0; i < s->results->dataset_count; i++)
		refused = refused || s->results->datasets[i].refused;
	jsonw_pair_open(json, "invocations", '[');
	jsonw_open(json, '{');
	jsonw_pair_bool(json, "executionSuccessful", !refused);
	jsonw_pair_open(json, "toolExecutionNotifications", '[');
	if (s->findings.count > RESULTS_MOST)
		notify(s, "warning", arena_printf(&s->arena, "%zu findings are left out: a file may hold %d; what is worst is in it",
			s->findings.count - RESULTS_MOST, RESULTS_MOST), NULL);
	else if (s->findings.count > RESULTS_SHOWN)
		notify(s, "note", arena_printf(&s->arena, "%zu findings; GitHub shows the first %d", s->findings.count,
			RESULTS_SHOWN), NULL);
	notify_losses(s);
	jsonw_close(json, ']');
	jsonw_close(json, '}');
	jsonw_close(json, ']');
}

static void write_head(struct sarif *s)
{
	const struct results *results = s->results;
	struct json_write *json = &s->json;
	jsonw_key(json, "automationDetails");
	jsonw_open_flat(json, '{');
	/* The category, then the run. */
	jsonw_pair_string(json, "id", arena_printf(&s->arena, "mews/%s/%lld", results->target ? results->target : "detections",
		(long long)results->run));
	jsonw_close(json, '}');
	jsonw_pair(json, "columnKind", TEXT("unicodeCodePoints"));
	jsonw_key(json, "originalUriBaseIds");
	jsonw_open_flat(json, '{');
	jsonw_key(json, "%SRCROOT%");
	jsonw_open_flat(json, '{');
	message(s, "description", TEXT("the folder that mews ran in"));
	jsonw_close(json, '}');
	jsonw_close(json, '}');
	jsonw_key(json, "properties");
	jsonw_open_flat(json, '{');
	jsonw_pair_string(json, "revision", results->catalog->revision);
	jsonw_pair_string(json, "corpus", results->corpus_hash);
	jsonw_pair(json, "as_of", results->as_of);
	jsonw_pair_string(json, "reference", s->options->beside.reference);
	jsonw_close(json, '}');
}

static void write_tool(struct sarif *s)
{
	struct json_write *json = &s->json;
	jsonw_pair_open(json, "tool", '{');
	jsonw_pair_open(json, "driver", '{');
	jsonw_pair(json, "name", TEXT("mews"));
	jsonw_pair(json, "semanticVersion", TEXT(MEWS_VERSION));
	write_rules(s);
	jsonw_close(json, '}');
	jsonw_close(json, '}');
}

int report_sarif(const struct results *results, const struct report_options *options, FILE *out)
{
	struct sarif s = {.results = results, .options = options, .out = out};
	struct json_write *json = &s.json;
	s.findings = findings_of(&s.arena, results, &options->beside);
	collect_rules(&s);
	jsonw_begin(json, &s.buffer);
	jsonw_open(json, '{');
	jsonw_pair(json, "$schema", TEXT("https://json.schemastore.org/sarif-2.1.0.json"));
	jsonw_pair(json, "version", TEXT("2.1.0"));
	jsonw_pair_open(json, "runs", '[');
	jsonw_open(json, '{');
	write_tool(&s);
	write_invocation(&s);
	write_head(&s);
	write_results(&s);
	jsonw_close(json, '}');
	jsonw_close(json, ']');
	jsonw_close(json, '}');
	buffer_char(&s.buffer, '\n');
	flush(&s);
	buffer_free(&s.buffer);
	arena_free(&s.arena);
	return ferror(out) ? -1 : 0;
}
