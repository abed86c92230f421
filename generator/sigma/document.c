/* document: the parts that every document of a Sigma pack has. */
#include "generator/sigma/document.h"

#include "catalog/version.h"
#include "generator/sigma/quote.h"
#include "generator/sigma/tactics.h"

enum { NEW_DAYS = 60 }; /* a public rule stays experimental so long */

void document_made(struct pack *pack, struct buffer *out)
{
	buffer_printf(out, "# Made by mews %s for %.*s from catalog %.12s; see README.md.\n", MEWS_VERSION,
		TEXT_ARGS(pack_organization(pack)), pack->request->catalog->revision);
}

void document_pair(struct buffer *out, const char *key, struct text value)
{
	buffer_printf(out, "%s: ", key);
	sigma_yaml(out, value);
	buffer_char(out, '\n');
}

void document_list(struct buffer *out, const char *key, struct texts texts)
{
	if (texts.count == 0)
		return;
	buffer_printf(out, "%s:\n", key);
	for (size_t i = 0; i < texts.count; i++) {
		buffer_string(out, "    - ");
		sigma_yaml(out, texts.items[i]);
		buffer_char(out, '\n');
	}
}

/* A word that every YAML reader takes for a text. */
static bool is_word(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		bool letter = text.data[i] >= 'a' && text.data[i] <= 'z';

		if (!letter && (i == 0 || (text.data[i] != '_' && text.data[i] != '-')))
			return false;
	}
	return text.length > 5; /* yes, no, on, off, null, true, false */
}

void document_logsource(struct buffer *out, const struct dialect_group *group)
{
	static const char *const keys[] = {"product", "category", "service"};

	buffer_string(out, "logsource:\n");
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct text value = dialect_attribute(group, keys[i]);

		if (value.length == 0)
			continue;
		buffer_string(out, "    ");
		if (is_word(value) || text_is(value, "linux") || text_is(value, "audit"))
			buffer_printf(out, "%s: %.*s\n", keys[i], TEXT_ARGS(value));
		else
			document_pair(out, keys[i], value);
	}
}

static void add_once(struct pack *pack, struct texts *list, const char *text)
{
	reason_add(pack->arena, list, text);
}

/* --- status --- */

/* Rules that are new at the day of the pack are experimental, whatever their detections are. */
static const char *status_of(const struct pack *pack, const struct detection *detection)
{
	int64_t made, day;

	if (detection->status != STATUS_DEPRECATED && date_parse(detection->date, &made) && date_parse(pack->request->as_of, &day)
		&& day - made <= NEW_DAYS * INT64_C(86400000000000))
		return status_name(STATUS_EXPERIMENTAL);
	return status_name(detection->status);
}

/* --- head --- */

static void print_related(struct buffer *out, const struct sigma_card *card)
{
	if (!card->derived && card->count < 2)
		return;
	buffer_string(out, "related:\n");
	if (card->derived)
		buffer_printf(out, "    - id: %.*s\n      type: derived\n", TEXT_ARGS(card->detections[0]->id));
	for (size_t i = 1; i < card->count; i++)
		buffer_printf(out, "    - id: %.*s\n      type: merged\n", TEXT_ARGS(card->detections[i]->id));
}

static void print_description(struct buffer *out, const struct sigma_card *card)
{
	struct buffer text = {0};

	for (size_t i = 0; i < card->count; i++) {
		struct text own = text_trim(card->detections[i]->description);

		buffer_printf(&text, "%.*s ", TEXT_ARGS(own.length > 0 ? own : card->detections[i]->title));
	}
	buffer_printf(&text, "Fidelity: %s.", fidelity_name(card->fidelity));
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '\n')
			text.data[i] = ' ';
	}
	document_pair(out, "description", buffer_view(&text));
	buffer_free(&text);
}

/* A file on GitHub must be named with its commit, or it will not stay what it is. */
static bool is_permalink(struct text link)
{
	struct text rest = link;
	size_t hex = 0, dot;

	if (!text_starts(link, TEXT("https://github.com/"), false))
		return true;
	for (dot = link.length; dot > 0 && link.data[dot - 1] != '.' && link.data[dot - 1] != '/'; dot--) {
	}
	if (dot == 0 || link.data[dot - 1] != '.' || link.length - dot > 3)
		return true;
	for (size_t i = 0; i < rest.length && hex != 40; i++) {
		char byte = rest.data[i];

		hex = (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ? hex + 1 : 0;
	}
	return hex == 40;
}

/* Links to ATT&CK are tags; links that change stay beside the list, for people. */
static void print_references(struct pack *pack, struct buffer *out, const struct sigma_card *card)
{
	struct texts list = {NULL, 0}, loose = {NULL, 0};

	for (size_t i = 0; i < card->count; i++) {
		const struct texts *own = &card->detections[i]->references;

		for (size_t k = 0; k < own->count; k++) {
			if (text_contains(own->items[k], TEXT("//attack.mitre.org/"), true))
				continue;
			char *link = arena_printf(pack->arena, "%.*s", TEXT_ARGS(own->items[k]));

			add_once(pack, is_permalink(own->items[k]) ? &list : &loose, link);
		}
	}
	document_list(out, "references", list);
	for (size_t i = 0; i < loose.count; i++)
		buffer_printf(out, "# also, though no permalink: %.*s\n", TEXT_ARGS(loose.items[i]));
}

static struct texts tags_of(struct pack *pack, const struct sigma_card *card)
{
	struct texts tags = {NULL, 0}, techniques = {NULL, 0};

	for (size_t i = 0; i < card->count; i++) {
		for (size_t k = 0; k < card->detections[i]->techniques.count; k++) {
			struct text technique = sigma_technique(card->detections[i]->techniques.items[k]), *tactics;
			const char *served = sigma_tactics(technique);
			size_t count = served ? text_split(pack->arena, text_of(served), ' ', &tactics) : 0;

			for (size_t t = 0; t < count; t++)
				add_once(pack, &tags, arena_printf(pack->arena, "attack.%.*s", TEXT_ARGS(tactics[t])));
			struct text folded = text_fold(pack->arena, technique);

			add_once(pack, &techniques, arena_printf(pack->arena, "attack.%.*s", TEXT_ARGS(folded)));
		}
	}
	for (size_t i = 0; i < techniques.count; i++)
		add_once(pack, &tags, techniques.items[i].data);
	return tags;
}

void document_head(struct pack *pack, struct buffer *out, const struct sigma_card *card)
{
	const struct detection *detection = card->detections[0];
	struct text date = detection->date.length ? detection->date : pack->request->as_of;

	document_pair(out, "title", card->title);
	buffer_printf(out, "id: %.*s\n", TEXT_ARGS(card->id));
	print_related(out, card);
	buffer_printf(out, "status: %s\n", status_of(pack, detection));
	print_description(out, card);
	print_references(pack, out, card);
	document_pair(out, "author", detection->author.length ? detection->author : TEXT("mews"));
	if (date.length)
		buffer_printf(out, "date: %.*s\n", TEXT_ARGS(date));
	if (detection->date.length && text_compare(detection->modified, date) > 0)
		buffer_printf(out, "modified: %.*s\n", TEXT_ARGS(detection->modified));
	document_list(out, "tags", tags_of(pack, card));
}

/* --- end --- */

/* Words that say nothing, which public rules may not have there. */
static bool says_none(struct text text)
{
	static const char *const words[] = {"none", "none known", "pentest", "penetration test"};
	bool known = false;

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		known = known || text_equal_fold(text, text_of(words[i]));
	return known;
}

static struct texts false_positives_of(struct pack *pack, const struct sigma_card *card)
{
	struct texts list = {NULL, 0};

	for (size_t i = 0; i < card->count; i++) {
		const struct texts *own = &card->detections[i]->false_positives;

		for (size_t k = 0; k < own->count; k++) {
			struct text trimmed = text_trim(own->items[k]);
			char *text = arena_strndup(pack->arena, trimmed.data, trimmed.length);

			if (*text >= 'a' && *text <= 'z')
				*text = (char)(*text - 'a' + 'A');
			if (!says_none(trimmed))
				add_once(pack, &list, text);
		}
	}
	if (list.count == 0)
		add_once(pack, &list, "Unknown");
	return list;
}

void document_end(struct pack *pack, struct buffer *out, const struct sigma_card *card)
{
	document_list(out, "falsepositives", false_positives_of(pack, card));
	buffer_printf(out, "level: %s\n", severity_name(card->severity));
}
