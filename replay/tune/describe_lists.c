/* describe_lists: clauses of lists (see describing.h). */
#include "replay/tune/describing.h"

#include <stdlib.h>
#include <string.h>

enum { ELEMENTS = 4 };

static void look_at_facet(struct describer *w, unsigned field, const struct facet *facet)
{
	const struct values *values = facet_get(facet, field);
	for (size_t i = 0; values && i < values->count; i++) {
		size_t *count = &w->vocabulary_count[field], k = 0;
		while (k < *count && k < VOCABULARY && !text_equal(w->vocabulary[field][k], values->items[i].text))
			k++;
		if (k < *count || *count > VOCABULARY)
			continue;
		if (*count < VOCABULARY)
			w->vocabulary[field][*count] = values->items[i].text;
		++*count;
	}
}

/* All values that are seen of the field, where they are few: capabilities, namespaces, flags. */
static void learn_vocabulary(struct describer *w, unsigned field)
{
	const struct observations *o = w->o;
	w->vocabulary[field] = arena_array(&w->arena, VOCABULARY + 1, sizeof(struct text));
	for (size_t i = 0; i < o->background_count; i++)
		look_at_facet(w, field, o->background[i].facet);
	for (size_t i = 0; i < o->sighting_count; i++)
		for (size_t k = 0; k < o->sightings[i].sample_count; k++)
			for (size_t j = 0; j < o->sightings[i].samples[k].facet_count; j++)
				look_at_facet(w, field, o->sightings[i].samples[k].facets[j]);
}

static bool any_has(const struct looking *l, struct text value, bool as_end)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++)
			if (as_end ? text_ends(values->items[k].text, value, false) : text_equal(values->items[k].text, value))
				return true;
	}
	return false;
}

/* What a host has below its root. */
static const char *const roots[] = {"bin", "boot", "dev", "etc", "home", "lib", "lib64", "media", "mnt", "opt", "proc",
	"root", "run",
	"sbin", "srv", "sys", "tmp", "usr", "var"};
enum { ROOTS = sizeof roots / sizeof *roots };

/* What lists of small vocabularies may hold, whether or not it was seen. */
static const struct {
	const char *field, *words[14];
} vocabularies[] = {
	{"container.namespaces.host", {"pid", "network", "ipc", "uts", "user", "cgroup"}},
	{"container.capabilities.added", {"ALL", "CAP_SYS_ADMIN", "CAP_SYS_PTRACE", "CAP_SYS_MODULE", "CAP_SYS_RAWIO",
		"CAP_DAC_READ_SEARCH",
		"CAP_DAC_OVERRIDE", "CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_SYS_CHROOT", "CAP_BPF", "CAP_SYSLOG"}},
};

static bool below_root(struct text value, const char *root)
{
	size_t length = strlen(root);
	return value.length > length && value.data[0] == '/' && memcmp(value.data + 1, root, length) == 0 &&
		(value.length == length + 1 || value.data[length + 1] == '/' || value.data[length + 1] == ':');
}

static bool any_below(const struct looking *l, const char *root)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++)
			if (below_root(values->items[k].text, root))
				return true;
	}
	return false;
}

static bool any_begins(const struct looking *l, const char *with)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++)
			if (text_starts(values->items[k].text, text_of(with), false))
				return true;
	}
	return false;
}

/* The letters that what was mounted of a folder of the host begins with; false: the folder itself was mounted, or what
 * cannot be said in a set. */
static bool letters_below(const struct looking *l, const char *root, struct buffer *set)
{
	bool letters[128] = {false};
	size_t at = strlen(root) + 2;
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		for (size_t k = 0; k < values->count; k++) {
			struct text text = values->items[k].text;
			if (!below_root(text, root))
				continue;
			char byte = text.length > at && text.data[at - 1] == '/' ? text.data[at] : '\0';
			bool letter = ((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z') || (byte >= '0' && byte <= '9') || byte == '.' ||
				byte == '_';
			if (!letter)
				return false;
			letters[(unsigned char)byte] = true;
		}
	}
	for (int byte = 1; byte < 128; byte++)
		if (letters[byte])
			buffer_char(set, (char)byte);
	return true;
}

/* Folders of the host of which nothing was mounted, and its root; of those of which something was, whatever begins with
 * another letter: "/run(/[^d].*|:.*)" beside /run/docker.sock. And writing, if none may write. */
static void shut_out_mounts(struct looking *l)
{
	struct text name = l->w->o->catalog->registry.fields[l->field].name;
	struct buffer folders = {0}, inside = {0};
	for (size_t i = 0; i < ROOTS; i++) {
		struct buffer set = {0};
		if (!any_below(l, roots[i]))
			buffer_printf(&folders, "%s%s", folders.length > 0 ? "|" : "", roots[i]);
		else if (letters_below(l, roots[i], &set))
			buffer_printf(&inside, ", \"/%s(/[^%.*s].*|:.*)\"", roots[i], TEXT_ARGS(buffer_view(&set)));
		buffer_free(&set);
	}
	buffer_printf(&l->out, "%snot %.*s regex (\"/%s(%.*s)[/:].*\"%.*s%s)", l->out.length > 0 ? " and " : "", TEXT_ARGS(name),
		any_begins(l, "/:") ? "" : ":.*|/", TEXT_ARGS(buffer_view(&folders)), TEXT_ARGS(buffer_view(&inside)),
		any_has(l, TEXT(":rw"), true) ? "" : ", \".*:rw\"");
	buffer_free(&folders);
	buffer_free(&inside);
}

static size_t add_other(const struct looking *l, struct text word, struct text *others, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (text_equal(others[i], word))
			return count;
	if (!any_has(l, word, false))
		others[count++] = word;
	return count;
}

/* What none of the samples has is shut out: other folders of the host, and words of a short vocabulary. */
void shut_out(struct looking *l)
{
	struct describer *w = l->w;
	const struct field *field = &w->o->catalog->registry.fields[l->field];
	struct text others[VOCABULARY + 14];
	size_t count = 0;
	if (field->mount) {
		shut_out_mounts(l);
		return;
	}
	if (w->vocabulary[l->field] == NULL)
		learn_vocabulary(w, l->field);
	for (size_t i = 0; i < sizeof vocabularies / sizeof *vocabularies; i++)
		for (size_t k = 0; text_is(field->name, vocabularies[i].field) && k < 14 && vocabularies[i].words[k]; k++)
			count = add_other(l, text_of(vocabularies[i].words[k]), others, count);
	for (size_t i = 0; w->vocabulary_count[l->field] <= VOCABULARY && i < w->vocabulary_count[l->field]; i++)
		count = add_other(l, w->vocabulary[l->field][i], others, count);
	if (count == 0 || l->out.length == 0)
		return;
	struct buffer rest = {0};
	describing_print_texts(w, l->field, OPERATOR_EQUAL, others, count, &rest);
	buffer_string(&l->out, " and not ");
	buffer_text(&l->out, buffer_view(&rest));
	buffer_free(&rest);
}

/* An element that every list holds, but for its numbers. */
static bool gather(struct looking *l, struct text mask, struct groups_of *groups, struct text_map *at)
{
	for (size_t i = 0; i < l->count; i++) {
		const struct values *values = sample_values(l->samples[i].sample, l->field);
		bool found = false;
		for (size_t k = 0; k < values->count && !found; k++) {
			found = text_equal(describing_mask(&l->scratch, values->items[k].text), mask);
			if (found)
				groups_add(&l->scratch, groups, at, values->items[k].text, l->samples[i].count);
		}
		if (!found)
			return false;
	}
	return true;
}

struct element {
	struct wording wording;
	double worth;
};

static int by_worth(const void *a, const void *b)
{
	const struct element *left = a, *right = b;
	if (left->worth < right->worth || left->worth > right->worth)
		return left->worth < right->worth ? 1 : -1;
	return text_compare(left->wording.text, right->wording.text);
}

/* What all lists hold, the longest first; or one of several that each of them holds. */
void word_list(struct looking *l)
{
	const struct values *first = sample_values(l->samples[0].sample, l->field);
	struct element *elements = arena_array(&l->scratch, first->count + 1, sizeof *elements);
	struct text_map seen = {.arena = &l->scratch};
	size_t count = 0;
	for (size_t i = 0; i < first->count; i++) {
		struct groups_of groups = {0};
		struct text_map at = {.arena = &l->scratch};
		struct text mask = describing_mask(&l->scratch, first->items[i].text);
		if ((*text_map_at(&seen, mask))++ > 0 || !gather(l, mask, &groups, &at))
			continue;
		struct element *element = &elements[count++];
		groups_word(l, &groups.items[0], &element->wording);
		element->worth = element->wording.narrow * (double)(mask.length < 40 ? mask.length : 40);
	}
	qsort(elements, count, sizeof *elements, by_worth);
	count = count < ELEMENTS ? count : ELEMENTS;
	for (size_t i = 0; i < count; i++) {
		describing_print_wordings(l->w, l->field, &elements[i].wording, 1, &l->out);
		l->narrow = l->narrow > elements[i].wording.narrow ? l->narrow : elements[i].wording.narrow;
	}
	if (count > 0)
		shut_out(l);
}
