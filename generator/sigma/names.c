/* names: what the documents of a Sigma pack are called. */
#include "generator/sigma/names.h"

#include "generator/sigma/forms.h"

#include <string.h>

enum { FILE_NAME_MAX = 70, FILE_NAME_MIN = 10, TITLE_MAX = 120 };

/* --- ids --- */

struct text sigma_id(struct pack *pack, struct text detection, const char *name)
{
	char *id = arena_alloc(pack->arena, 37);

	uuid5(detection, text_of(name), id);
	return text_of(id);
}

/* A detection's rules stand beside each other. */
bool sigma_is_first(const struct pack *pack, const struct pack_rule *rule)
{
	const struct detection *detection = rule->rule->detection;
	const struct pack_rule *at = rule, *end = pack->rules + pack->rule_count, *first;

	while (at > pack->rules && at[-1].rule->detection == detection)
		at--;
	for (first = at; at < end && at->rule->detection == detection; at++) {
		if (!at->rule->lost) {
			first = at;
			break;
		}
	}
	return first == rule;
}

struct text sigma_rule_id(struct pack *pack, const struct pack_rule *rule)
{
	const struct rule *r = rule->rule;

	if (sigma_is_first(pack, rule))
		return r->detection->id;
	struct text actions = rule_actions(pack, r);

	return sigma_id(pack, r->detection->id, arena_printf(pack->arena, "%.*s/%.*s/%.*s%s", TEXT_ARGS(r->condition->name),
		TEXT_ARGS(r->group->name), TEXT_ARGS(actions), r->derived ? "/derived" : ""));
}

/* --- titles --- */

/* Words that titles have in small letters. */
static bool is_small(struct text word)
{
	static const char *const words[] = {"a", "an", "and", "as", "at", "by", "for", "from", "in", "new", "of", "on", "or", "over",
		"the", "through", "to", "via", "with", "without"};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text_is(word, words[i]))
			return true;
	}
	return false;
}

/* Is it a name as it is: of a file, a version, a path? */
static bool is_name(struct text word)
{
	for (size_t i = 0; i < word.length; i++) {
		char byte = word.data[i];

		if (byte == '.' || byte == '/' || byte == '_' || (i == 0 && byte >= '0' && byte <= '9'))
			return true;
	}
	return false;
}

static bool has_capital(struct text word)
{
	for (size_t i = 0; i < word.length; i++) {
		if (word.data[i] >= 'A' && word.data[i] <= 'Z')
			return true;
	}
	return false;
}

static char capital(char byte)
{
	return byte >= 'a' && byte <= 'z' ? (char)(byte - 'a' + 'A') : byte;
}

/* "detects a mount of docker.sock." → "A Mount of docker.sock" */
static struct text title_case(struct arena *arena, struct text title)
{
	static const char *const begins[] = {"Detects ", "Detect "};
	struct text *words;

	for (size_t i = 0; i < sizeof(begins) / sizeof(*begins); i++) {
		if (text_starts(title, text_of(begins[i]), true))
			title = text_slice(title, strlen(begins[i]), title.length);
	}
	title = text_trim(title);
	while (title.length > 0 && title.data[title.length - 1] == '.')
		title.length--;
	size_t count = text_split(arena, title, ' ', &words);

	for (size_t i = 0; i < count; i++) {
		char *word = arena_strndup(arena, words[i].data, words[i].length);

		if (!has_capital(words[i]) && !is_name(words[i]) && (i == 0 || !is_small(words[i])))
			*word = capital(*word);
		words[i] = text_of(word);
	}
	return text_join(arena, words, count, ' ');
}

static struct text words_of(struct arena *arena, struct text name)
{
	char *words = arena_strndup(arena, name.data, name.length);

	for (char *at = words; *at; at++) {
		if (*at == '-' || *at == '_')
			*at = ' ';
	}
	for (char *at = words; *at; at++) {
		if (at == words || at[-1] == ' ')
			*at = capital(*at);
	}
	return text_of(words);
}

static bool taken(const struct sigma_pack *sigma, struct text title)
{
	for (size_t i = 0; i < sigma->title_count; i++) {
		if (text_equal_fold(sigma->titles[i], title))
			return true;
	}
	return false;
}

/* "title - end" within the longest that a title may be. */
static struct text with_end(struct arena *arena, struct text title, struct text end)
{
	size_t room = TITLE_MAX > end.length + 3 ? TITLE_MAX - end.length - 3 : 1;

	if (end.length == 0)
		return text_slice(title, 0, title.length < TITLE_MAX ? title.length : TITLE_MAX);
	struct text head = text_trim(text_slice(title, 0, title.length < room ? title.length : room));

	return text_of(arena_printf(arena, "%.*s - %.*s", TEXT_ARGS(head), TEXT_ARGS(end)));
}

struct text sigma_title(struct sigma_pack *sigma, struct text title, struct text further, struct text source)
{
	struct arena *arena = sigma->pack->arena;
	struct text base = title_case(arena, title), made = with_end(arena, base, words_of(arena, further));

	if (taken(sigma, made)) {
		base = made;
		made = with_end(arena, base, source);
	}
	for (unsigned number = 2; taken(sigma, made); number++)
		made = with_end(arena, base, text_of(arena_printf(arena, "%.*s %u", TEXT_ARGS(source), number)));
	sigma->titles = arena_grow(arena, sigma->titles, sigma->title_count, sizeof(*sigma->titles));
	sigma->titles[sigma->title_count++] = made;
	return made;
}

/* --- files --- */

/* Where the public rules' file names say it otherwise than by category or service and product. */
static const struct {
	const char *product, *category, *service, *prefix;
} prefixes[] = {
	{"", "antivirus", "", "av"},
	{"", "database", "", "db"},
	{"", "dns", "", "net_dns"},
	{"", "firewall", "", "net_firewall"},
	{"", "proxy", "", "proxy"},
	{"", "webserver", "", "web"},
	{"", "", "apache", "web_apache"},
	{"", "", "nginx", "web_nginx"},
	{"django", "application", "", "appframework_django"},
	{"jvm", "application", "", "java"},
	{"paloalto", "appliance", "globalprotect", "paloalto_globalprotect"},
	{"python", "application", "", "app_python"},
	{"ruby_on_rails", "application", "", "appframework_ruby"},
	{"windows", "ps_classic_provider_start", "", "posh_pc"},
	{"windows", "ps_classic_start", "", "posh_pc"},
	{"windows", "ps_module", "", "posh_pm"},
	{"windows", "ps_script", "", "posh_ps"},
	{"windows", "sysmon_error", "", "sysmon_error"},
	{"windows", "sysmon_status", "", "sysmon_status"},
	{"windows", "wmi_event", "", "sysmon_wmi"},
	{"windows", "", "dns-server-analytic", "win_dns_analytic"},
	{"windows", "", "msexchange-management", "win_exchange"},
	{"windows", "", "openssh", "win_sshd_openssh"},
	{"windows", "", "powershell-classic", "posh_pc"},
	{"windows", "", "sysmon", "sysmon"},
	{"windows", "", "windefend", "win_defender"},
};

static const struct {
	const char *word, *brief;
} briefs[] = {
	{"linux", "lnx"},
	{"windows", "win"},
	{"m365", "microsoft365"},
	{"network_connection", "net_connection"},
	{"process_access", "proc_access"},
	{"process_creation", "proc_creation"},
	{"process_tampering", "proc_tampering"},
	{"process_termination", "proc_termination"},
};

static struct text brief(struct text word)
{
	for (size_t i = 0; i < sizeof(briefs) / sizeof(*briefs); i++) {
		if (text_is(word, briefs[i].word))
			return text_of(briefs[i].brief);
	}
	return word;
}

struct text sigma_prefix(struct arena *arena, const struct dialect_group *group)
{
	struct text product = dialect_attribute(group, "product"), category = dialect_attribute(group, "category");
	struct text service = dialect_attribute(group, "service"), given = dialect_attribute(group, "prefix");

	if (given.length > 0)
		return given;
	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		if (text_is(product, prefixes[i].product) && text_is(category, prefixes[i].category)
			&& text_is(service, prefixes[i].service))
			return text_of(prefixes[i].prefix);
	}
	struct text pieces[3];
	size_t count = 0;

	if (category.length > 0 && !text_is(category, "application"))
		pieces[count++] = brief(category);
	if (product.length > 0)
		pieces[count++] = brief(product);
	if (service.length > 0)
		pieces[count++] = service;
	return count > 0 ? text_join(arena, pieces, count, '_') : TEXT("any");
}

struct text sigma_source(struct arena *arena, const struct dialect_group *group)
{
	static const char *const keys[] = {"product", "category", "service"};
	struct text pieces[3];
	size_t count = 0;

	for (size_t i = 0; i < 3; i++) {
		struct text value = dialect_attribute(group, keys[i]);

		if (value.length > 0 && !text_is(value, "linux"))
			pieces[count++] = words_of(arena, value);
	}
	return count > 0 ? text_join(arena, pieces, count, ' ') : TEXT("Linux");
}

struct text sigma_some_name(const struct dialect_group *group)
{
	for (size_t i = 0; i < group->field_count; i++) {
		struct text name = bound_name(&group->fields[i]);

		if ((group->fields[i].use & USE_WRITE) && !text_is(name, SIGMA_KEYWORDS)
			&& !text_starts(name, TEXT("logsource."), false))
			return name;
	}
	return TEXT("id");
}

static bool file_taken(const struct pack *pack, struct text name)
{
	for (size_t i = 0; i < pack->file_count; i++) {
		if (text_equal(pack->files[i]->name, name))
			return true;
	}
	return false;
}

static void cut(char *stem, size_t length)
{
	if (strlen(stem) > length)
		stem[length] = '\0';
}

struct text sigma_file(struct pack *pack, const char *folder, struct text prefix, const char *words)
{
	char *stem = arena_printf(pack->arena, "%.*s_%s", TEXT_ARGS(prefix), words);

	for (char *at = stem; *at; at++) {
		bool letter = (*at >= 'a' && *at <= 'z') || (*at >= '0' && *at <= '9');

		if (*at >= 'A' && *at <= 'Z')
			*at = (char)(*at - 'A' + 'a');
		else if (!letter)
			*at = '_';
	}
	cut(stem, FILE_NAME_MAX - 4);
	if (strlen(stem) < FILE_NAME_MIN)
		stem = arena_printf(pack->arena, "%s_rule_mews", stem);
	struct text name = text_of(arena_printf(pack->arena, "%s/%s.yml", folder, stem));

	for (unsigned number = 2; file_taken(pack, name); number++) {
		cut(stem, FILE_NAME_MAX - 8);
		name = text_of(arena_printf(pack->arena, "%s/%s_%u.yml", folder, stem, number));
	}
	return name;
}
