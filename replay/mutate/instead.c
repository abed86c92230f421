/* instead: programs that do the same to the same file, address or service. */
#include "replay/mutate/operators.h"

/* Words of the other program; `%` in the place of what the first one acts on. */
struct instead {
	const char *words[5];
};

static const struct instead readers[] = {
	{{"cat", "%"}},
	{{"head", "%"}},
	{{"tail", "%"}},
	{{"tac", "%"}},
	{{"head", "-c", "4096", "%"}},
	{{"tail", "-n", "+1", "%"}},
	{{"dd", "if=%"}},
	{{"awk", "1", "%"}},
	{{"sed", "-n", "p", "%"}},
	{{"base64", "%"}},
	{{"busybox", "cat", "%"}},
	{{"sh", "-c", "cat < %"}},
	{{"sh", "-c", "cat %"}},
};
static const struct instead writers[] = {
	{{"tee", "%"}},
	{{"tee", "-a", "%"}},
	{{"dd", "of=%"}},
	{{"cp", "/tmp/x", "%"}},
	{{"busybox", "tee", "%"}},
	{{"sh", "-c", "echo x > %"}},
	{{"sh", "-c", "echo x >> %"}},
	{{"sh", "-c", "cat /tmp/x >%"}},
};
static const struct instead fetchers[] = {
	{{"curl", "%"}},
	{{"curl", "-s", "-L", "%"}},
	{{"curl", "-fsSL", "%"}},
	{{"wget", "-q", "-O-", "%"}},
	{{"wget", "-qO", "-", "%"}},
	{{"busybox", "wget", "-qO-", "%"}},
};
static const struct instead setters[] = {
	{{"sysctl", "%"}},
	{{"sysctl", "-w", "%"}},
	{{"sysctl", "-qw", "%"}},
	{{"sysctl", "--write", "%"}},
	{{"busybox", "sysctl", "-w", "%"}},
};

/* The one operand of [NAME, OPTION …, OPERAND], where all options are among the letters; else an empty text. */
static struct text only_operand(const struct texts *words, const char *name, const char *letters)
{
	struct text operand = TEXT("");
	if (!text_is(path_name(words->items[0]), name))
		return operand;
	for (size_t i = 1; i < words->count; i++) {
		const struct text word = words->items[i];
		const bool option = word.length > 1 && word.data[0] == '-';
		for (size_t k = 1; option && k < word.length; k++)
			if (text_find(text_of(letters), word.data[k]) == text_of(letters).length)
				return TEXT("");
		if (!option && operand.length > 0)
			return TEXT("");
		if (!option)
			operand = word;
	}
	return operand;
}

static bool is_plain(struct text text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text_find(TEXT(" '\"\\$`*?[]{}()~#!;&|<>\n"), text.data[i]) < 22)
			return false;
	return text.length > 0;
}

static void add_instead(struct maker *maker, const struct instead *table, size_t count, struct text what)
{
	for (size_t i = 0; i < count; i++) {
		struct text words[5];
		size_t at = 0;
		for (; at < 5 && table[i].words[at] != NULL; at++) {
			const struct text word = text_of(table[i].words[at]);
			const size_t place = text_find(word, '%');
			words[at] = place == word.length ? word : maker_text(maker, "%.*s%.*s", (int)place, word.data, TEXT_ARGS(what));
		}
		maker_add_words(maker, words, at);
	}
}

#define INSTEAD(maker, table, what) add_instead((maker), (table), sizeof(table) / sizeof *(table), (what))

static void instead_of_systemctl(struct maker *maker, const struct texts *words)
{
	if (words->count != 3 || !text_is(path_name(words->items[0]), "systemctl") || !is_plain(words->items[2]))
		return;
	const struct text verb = words->items[1], unit = words->items[2];
	const bool starts = text_is(verb, "stop") || text_is(verb, "restart") || text_is(verb, "start");
	const bool bare = text_find(unit, '.') == unit.length;
	const struct text full[] = {TEXT("systemctl"), verb, maker_text(maker, "%.*s.service", TEXT_ARGS(unit))};
	const struct text quiet[] = {TEXT("systemctl"), TEXT("--quiet"), verb, unit};
	const struct text service[] = {TEXT("service"), unit, verb};
	maker_add_words(maker, quiet, 4);
	if (bare)
		maker_add_words(maker, full, 3);
	if (bare && starts)
		maker_add_words(maker, service, 3);
}

void make_instead(struct maker *maker)
{
	const struct texts *words = maker_words(maker);
	if (words == NULL || words->count < 2)
		return;
	const struct text read = only_operand(words, "cat", "A"), written = only_operand(words, "tee", "a");
	const struct text fetched = only_operand(words, "curl", "sSfLk"), set = only_operand(words, "sysctl", "wq");
	if (is_plain(read) && read.data[0] == '/')
		INSTEAD(maker, readers, read);
	if (is_plain(written) && written.data[0] == '/')
		INSTEAD(maker, writers, written);
	if (is_plain(fetched) && text_starts(fetched, TEXT("http"), false))
		INSTEAD(maker, fetchers, fetched);
	if (text_find(set, '=') < set.length)
		INSTEAD(maker, setters, set);
	instead_of_systemctl(maker, words);
}
