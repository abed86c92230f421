/* made_values: see made_values.h. */
#include "catalog/made_values.h"

#include "catalog/made_regex.h"
#include "catalog/pattern.h"
#include "catalog/regex.h"

#include <arpa/inet.h>
#include <string.h>

enum {
	LITERALS_FULL = 3,  /* literals of a predicate that are also missed on purpose; of the others, values that fit */
	SAMPLES = 4         /* texts for one pattern */
};

void made_pool_begin(struct made_pool *pool, struct arena *arena, const struct field *field)
{
	*pool = (struct made_pool){.arena = arena, .field = field};
	pool->items = arena_grow(arena, NULL, 0, sizeof(*pool->items));
	pool->items[pool->count++] = (struct made_value){.missing = true};
}

static bool same_texts(const struct texts *a, const struct text *texts, size_t count)
{
	if (a->count != count || (count > 0 && a->items[count - 1].length != texts[count - 1].length))
		return false;
	for (size_t i = 0; i < count; i++) {
		if (!text_equal(a->items[i], texts[i]))
			return false;
	}
	return true;
}

void made_pool_add(struct made_pool *pool, const struct text *texts, size_t count)
{
	for (size_t i = 0; i < pool->count; i++) {
		if (!pool->items[i].missing && same_texts(&pool->items[i].texts, texts, count))
			return;
	}
	if (pool->count >= POOL_MOST)
		return;
	struct text *copies = arena_array(pool->arena, count + 1, sizeof(*copies));

	for (size_t i = 0; i < count; i++)
		copies[i] = text_copy(pool->arena, texts[i]);
	pool->items = arena_grow(pool->arena, pool->items, pool->count, sizeof(*pool->items));
	pool->items[pool->count++] = (struct made_value){false, {copies, count}};
}

static void add_one(struct made_pool *pool, struct text text)
{
	struct value value;

	if (text.length > 0 && value_parse(pool->field->type, text, &value))
		made_pool_add(pool, &text, 1);
}

static void add_printed(struct made_pool *pool, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void add_printed(struct made_pool *pool, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_one(pool, text_of(arena_vprintf(pool->arena, format, arguments)));
	va_end(arguments);
}

/* --- fields whose values are words of a closed list --- */

static const struct vocabulary {
	const char *field;
	const char *words[8];
} vocabularies[] = {
	{"event.outcome", {"success", "failure"}},
	{"network.transport", {"tcp", "udp", "unix"}},
	{"process.thread.capabilities.effective", {"CAP_SYS_ADMIN", "CAP_CHOWN", "CAP_NET_RAW", "CAP_BPF"}},
	{"process.thread.capabilities.permitted", {"CAP_SYS_ADMIN", "CAP_CHOWN", "CAP_NET_RAW", "CAP_BPF"}},
	{"container.capabilities.added", {"CAP_SYS_ADMIN", "CAP_CHOWN", "ALL", "CAP_BPF"}},
	{"container.capabilities.dropped", {"CAP_SYS_ADMIN", "CAP_CHOWN", "ALL"}},
	{"container.namespaces.host", {"pid", "network", "ipc", "uts", "user", "cgroup"}},
	{"process.namespaces.flags", {"mnt", "pid", "net", "ipc", "uts", "user", "cgroup"}},
	{"process.ptrace.request", {"PTRACE_ATTACH", "PTRACE_PEEKTEXT", "PTRACE_SEIZE"}},
	{"file.mount.flags", {"MS_BIND", "MS_RDONLY", "MS_REC", "MS_NOSUID"}},
	{"user.id", {"0", "1", "1000"}},
	{"user.audit.id", {"0", "1", "1000"}},
	{"user.group.id", {"0", "1", "1000"}},
	{"session.id", {"1", "2", "10"}},
	{"orchestrator.resource.type", {"pod", "deployment", "secret", "configmap", "node", "service"}},
};

/* Further kinds of resources, which are taken where a condition asks for them and not made up. */
static const char *const further_types[] = {
	"daemonset", "statefulset", "replicaset", "job", "cronjob", "namespace", "serviceaccount", "role", "clusterrole",
	"rolebinding", "clusterrolebinding", "ingress", "event", "persistentvolume", "persistentvolumeclaim",
	"certificatesigningrequest", "mutatingwebhookconfiguration", "validatingwebhookconfiguration",
	"validatingadmissionpolicy", "selfsubjectrulesreview", "selfsubjectaccessreview", "networkpolicy",
	"resourcequota", "limitrange", "endpoints", "endpointslice", "apiservice", "policyexception",
};

static const struct vocabulary *vocabulary_of(const struct field *field)
{
	for (size_t i = 0; i < sizeof(vocabularies) / sizeof(vocabularies[0]); i++) {
		if (text_is(field->name, vocabularies[i].field))
			return &vocabularies[i];
	}
	return NULL;
}

bool made_is_closed(const struct field *field)
{
	return vocabulary_of(field) != NULL;
}

/* Is it a word of that sort: of the list, or with the prefix that all of them have (CAP_), or a number among numbers? */
static bool is_word(const struct vocabulary *vocabulary, struct text text)
{
	struct text first = text_of(vocabulary->words[0]);
	size_t prefix = text_find(first, '_') + 1;
	int64_t number;

	for (size_t i = 0; i < 8 && vocabulary->words[i] != NULL; i++) {
		if (text_is(text, vocabulary->words[i]))
			return true;
	}
	for (size_t i = 0; text_is(first, "pod") && i < sizeof(further_types) / sizeof(further_types[0]); i++) {
		if (text_is(text, further_types[i]))
			return true;
	}
	if (text_to_long(first, &number))
		return text_to_long(text, &number) && text.data[0] != '+' && (text.data[0] != '0' || text.length == 1);
	return prefix < first.length && text.length > prefix && text_starts(text, text_slice(first, 0, prefix), false);
}

static size_t fitting(const struct made_pool *pool, const struct predicate *p, size_t index, struct text out[SAMPLES]);

static void closed_values(struct made_pool *pool, const struct vocabulary *vocabulary, const struct predicate *p)
{
	struct text pair[2] = {{NULL, 0}, text_of(vocabulary->words[0])};

	for (size_t i = 0; i < p->count && (p->op == OPERATOR_EQUAL || p->op == OPERATOR_NOT_EQUAL) && !p->length; i++) {
		if (!pool->words_only || is_word(vocabulary, p->values[i].text))
			add_one(pool, p->values[i].text);
	}
	for (size_t i = 0; i < p->count && i < LITERALS_FULL && p->op >= OPERATOR_LIKE && !p->length && !pool->words_only; i++) {
		struct text texts[SAMPLES];
		size_t count = fitting(pool, p, i, texts);

		for (size_t k = 0; k < count; k++)
			add_one(pool, texts[k]);
	}
	for (size_t i = 0; i < 8 && vocabulary->words[i] != NULL; i++)
		add_one(pool, text_of(vocabulary->words[i]));
	for (size_t i = pool->count; pool->field->list && i-- > 1;) {
		pair[0] = pool->items[i].texts.count == 1 ? pool->items[i].texts.items[0] : pair[0];
		if (!text_equal(pair[0], pair[1]) && i < 5)
			made_pool_add(pool, pair, 2);
	}
}

/* --- texts --- */

/* A list in which the text stands among others. */
static void among_others(struct made_pool *pool, struct text text)
{
	struct text x = pool->field->mount ? TEXT("/srv:/x:rw") : TEXT("x"), y = pool->field->mount ? TEXT("/srv:/y:ro") : TEXT("y");
	struct text before[] = {x, text}, after[] = {text, y, x};

	made_pool_add(pool, before, 2);
	made_pool_add(pool, after, 3);
}

static void add_text(struct made_pool *pool, struct text text)
{
	if (pool->field->mount) { /* source:destination:mode */
		if (text_ends(text, TEXT(":rw"), false) || text_ends(text, TEXT(":ro"), false)
			|| text_ends(text, TEXT(":unknown"), false))
			add_one(pool, text);
		else if (text_find(text, ':') + 1 < text.length)
			add_printed(pool, "%.*s:rw", TEXT_ARGS(text));
		else
			add_printed(pool, "%.*s%s/data:rw", TEXT_ARGS(text), text_find(text, ':') < text.length ? "" : ":");
		return;
	}
	add_one(pool, text);
}

static void add_cut(struct made_pool *pool, struct text text, size_t length)
{
	if (text.length > length)
		add_text(pool, text_slice(text, 0, length));
	else if (text.length + 4 > length)
		add_text(pool, text_slice(text_of(arena_printf(pool->arena, "%.*sabcd", TEXT_ARGS(text))), 0, length));
}

static struct text changed(struct arena *arena, struct text text, size_t at, char byte)
{
	char *copy = arena_strndup(arena, text.data, text.length);

	copy[at] = byte;
	return (struct text){copy, text.length};
}

static struct text other_case(struct arena *arena, struct text text)
{
	char *copy = arena_strndup(arena, text.data, text.length);

	for (size_t i = 0; i < text.length; i++) {
		if ((copy[i] >= 'a' && copy[i] <= 'z') || (copy[i] >= 'A' && copy[i] <= 'Z'))
			copy[i] = (char)(copy[i] ^ 32);
	}
	return (struct text){copy, text.length};
}

static size_t last_step(struct text text)
{
	size_t at = 0, step = 0;

	while (at < text.length) {
		step = utf8_step(text.data + at, text.length - at);
		at += step;
	}
	return step;
}

/* Texts that differ from one that fits by as little as can be. */
static void near_texts(struct made_pool *pool, struct text text)
{
	struct arena *arena = pool->arena;
	size_t middle = text.length / 2;

	add_text(pool, other_case(arena, text));
	add_text(pool, text_slice(text, 0, text.length - last_step(text)));
	add_printed(pool, "%.*sx", TEXT_ARGS(text));
	add_printed(pool, "x%.*s", TEXT_ARGS(text));
	if (middle > 0 && utf8_valid(text) && (text.data[middle] & 0x80) == 0)
		add_text(pool, changed(arena, text, middle, text.data[middle] == 'q' ? 'p' : 'q'));
	add_text(pool, text_slice(text, utf8_step(text.data, text.length), text.length));
	if (pool->field->path && text_starts(text, TEXT("/run/"), false))
		add_text(pool, text_of(arena_printf(arena, "/var%.*s", TEXT_ARGS(text))));
	if (pool->field->mount)
		return;
	add_text(pool, text_of(arena_printf(arena, "%.*s é", TEXT_ARGS(text))));
	add_text(pool, text_of(arena_printf(arena, "%.*s.\"'\\*?[%%s", TEXT_ARGS(text))));
	add_text(pool, text_of(arena_printf(arena, "%.*s %.*s", (int)middle, text.data, (int)(text.length - middle),
			       text.data + middle)));
	add_cut(pool, text, 15);
	add_cut(pool, text, 16);
}

/* A pattern's text with `any` for each *, `last` for one at its end, and `one` for each ?. */
static struct text filled(struct arena *arena, struct text pattern, const char *any, const char *one, const char *last)
{
	struct pattern_part *parts = NULL;
	size_t count = pattern_parts(arena, pattern, &parts);
	struct buffer out = {0};

	for (size_t i = 0; i < count; i++) {
		if (parts[i].kind == PATTERN_LITERAL)
			buffer_text(&out, parts[i].text);
		else
			buffer_string(&out, parts[i].kind == PATTERN_ONE ? one : i + 1 == count ? last : any);
	}
	struct text text = text_copy(arena, buffer_view(&out));

	buffer_free(&out);
	return text;
}

static size_t count_colons(struct text text)
{
	size_t count = 0;

	for (size_t i = 0; i < text.length; i++)
		count += text.data[i] == ':';
	return count;
}

/* Texts that fit the literal (regular expressions: that likely do). */
static size_t fitting(const struct made_pool *pool, const struct predicate *p, size_t index, struct text out[SAMPLES])
{
	static const char *const fills[SAMPLES][2] = {{"", "q"}, {"x", "é"}, {"/x/y", "q"}, {"a b", "/"}};
	static const char *const places[SAMPLES] = {"/x", "/a b", "/x/y", "/srv"}; /* of mounts: source, destination … */
	static const char *const ends[SAMPLES] = {"/x:ro", "/y:rw", "/z:ro", "/b:rw"}; /* … and mode, where it is left open */
	struct text literal = p->values[index].text;
	struct arena *arena = pool->arena;

	for (unsigned i = 0; i < SAMPLES; i++) {
		if (p->op == OPERATOR_LIKE)
			out[i] = pool->field->mount
				? filled(arena, literal, places[i], fills[i][1], count_colons(literal) > 1 ? ends[i] + 3 : ends[i])
				: filled(arena, literal, fills[i][0], fills[i][1], fills[i][0]);
		else if (p->op == OPERATOR_REGEX)
			out[i] = made_regex(arena, regex_pattern(p->regexes[index]), i);
	}
	if (p->op == OPERATOR_LIKE || p->op == OPERATOR_REGEX)
		return SAMPLES;
	out[0] = literal;
	if (p->op == OPERATOR_STARTS)
		out[1] = text_of(arena_printf(arena, "%.*s/x y", TEXT_ARGS(literal)));
	else if (p->op == OPERATOR_ENDS)
		out[1] = text_of(arena_printf(arena, "/x/%.*s", TEXT_ARGS(literal)));
	else if (p->op == OPERATOR_CONTAINS)
		out[1] = text_of(arena_printf(arena, "/a %.*s b", TEXT_ARGS(literal)));
	return p->op == OPERATOR_STARTS || p->op == OPERATOR_ENDS || p->op == OPERATOR_CONTAINS ? 2 : 1;
}

static void length_values(struct made_pool *pool, const struct predicate *p)
{
	for (size_t i = 0; i < p->count && i < LITERALS_FULL; i++) {
		for (int64_t length = p->values[i].number - 1; length <= p->values[i].number + 1; length++) {
			struct buffer out = {0};

			for (int64_t k = 0; k < length && length <= 4096; k++)
				buffer_string(&out, k == 1 ? "é" : "a");
			add_text(pool, buffer_view(&out));
			buffer_free(&out);
		}
	}
}

static void text_values(struct made_pool *pool, const struct predicate *p)
{
	struct text first = TEXT("other"), texts[SAMPLES];

	if (p->length) {
		length_values(pool, p);
		return;
	}
	for (size_t i = 0; i < p->count; i++) {
		size_t count = fitting(pool, p, i, texts);

		for (size_t k = 0; k < count && (k == 0 || i < LITERALS_FULL || p->count < 16); k++) {
			add_text(pool, texts[k]);
			if (pool->field->path && !pool->field->mount && !text_starts(texts[k], TEXT("/"), false))
				add_printed(pool, "/srv/%.*s", TEXT_ARGS(texts[k]));
		}
		first = i == 0 && texts[0].length > 0 ? texts[0] : first;
	}
	add_text(pool, pool->field->path ? TEXT("/srv/other") : TEXT("other"));
	if (pool->field->list) {
		among_others(pool, first);
		made_pool_add(pool, NULL, 0);
	}
	for (size_t i = 0; i < p->count && i < LITERALS_FULL; i++) {
		size_t count = fitting(pool, p, i, texts);

		for (size_t k = 0; k < count && k < 2; k++) {
			if (texts[k].length > 0)
				near_texts(pool, texts[k]);
		}
	}
}

/* --- other types --- */

static void number_values(struct made_pool *pool, const struct predicate *p)
{
	for (size_t i = 0; i < p->count && i < 32; i++) {
		int64_t number = p->values[i].number;

		add_printed(pool, "%lld", (long long)number);
		if (i >= LITERALS_FULL)
			continue;
		if (number > 0)
			add_printed(pool, "%lld", (long long)(number - 1));
		if (number < INT64_MAX)
			add_printed(pool, "%lld", (long long)(number + 1));
	}
	add_printed(pool, "%d", 0);
	add_printed(pool, "%d", 7);
}

static void add_address(struct made_pool *pool, const struct ip *ip)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	char text[INET6_ADDRSTRLEN];
	bool four = memcmp(ip->bytes, mapped, sizeof(mapped)) == 0;

	/* As sensors print it: the shortest form. */
	if (inet_ntop(four ? AF_INET : AF_INET6, four ? ip->bytes + 12 : ip->bytes, text, sizeof(text)) != NULL)
		add_printed(pool, "%s", text);
}

/* The first and the last address of the network, and their neighbours outside. */
static void network_values(struct made_pool *pool, const struct cidr *cidr)
{
	struct ip last = cidr->network, ip;

	for (unsigned bit = cidr->bits; bit < 128; bit++)
		last.bytes[bit / 8] |= (uint8_t)(0x80u >> bit % 8);
	add_address(pool, &cidr->network);
	add_address(pool, &last);
	ip = last;
	for (int i = 15; i >= 12 && ++ip.bytes[i] == 0; i--)
		;
	add_address(pool, &ip);
	ip = cidr->network;
	for (int i = 15; i >= 12 && ip.bytes[i]-- == 0; i--)
		;
	add_address(pool, &ip);
}

static void ip_values(struct made_pool *pool, const struct predicate *p)
{
	for (size_t i = 0; i < p->count && i < 32; i++) {
		struct cidr one = {.network = p->values[i].ip, .bits = 128};

		network_values(pool, p->op == OPERATOR_CIDR ? &p->cidrs[i] : &one);
	}
	add_printed(pool, "192.0.2.7");
	add_printed(pool, "2001:db8::7");
}

static void date_values(struct made_pool *pool, const struct predicate *p)
{
	char text[40];

	for (size_t i = 0; i < p->count && i < LITERALS_FULL; i++) {
		for (int64_t step = -1000000000; step <= 1000000000; step += 1000000000) {
			date_format(p->values[i].number + step, text);
			add_printed(pool, "%s", text);
		}
	}
}

void made_pool_predicate(struct made_pool *pool, const struct predicate *p)
{
	const struct vocabulary *vocabulary = vocabulary_of(pool->field);

	if (p->number) {
		number_values(pool, p);
		add_printed(pool, "none");
		return;
	}
	if (vocabulary != NULL) {
		closed_values(pool, vocabulary, p);
		return;
	}
	switch (pool->field->type) {
	case TYPE_KEYWORD:
		if (p->op == OPERATOR_CIDR)
			ip_values(pool, p);
		else
			text_values(pool, p);
		return;
	case TYPE_LONG:
		number_values(pool, p);
		return;
	case TYPE_IP:
		ip_values(pool, p);
		return;
	case TYPE_DATE:
		date_values(pool, p);
		return;
	case TYPE_BOOLEAN:
		add_printed(pool, "true");
		add_printed(pool, "false");
	}
}
