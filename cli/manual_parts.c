/* manual: tables in pieces. See manual.h. */
#include "cli/manual.h"

#include "catalog/text.h"

#include <string.h>

const char manual_what[] =
	"mews keeps one catalog of detections, writes it as rules of Falco, Sigma, auditd, Elastic and rsyslog, proves that they "
	"mean the same, and replays recorded events through it to measure true and false positives for each organization.";

/* The line at `at`, without its end; *next is what follows. */
static struct text line_at(const char *at, const char **next)
{
	size_t length = strcspn(at, "\n");
	*next = at + length + (at[length] == '\n');
	return (struct text){at, length};
}

/* "mews list fields    what it holds": the command ends at two blanks or more that stand outside quotes. */
static size_t command_length(struct text line)
{
	char quote = '\0';
	for (size_t i = 0; i + 1 < line.length; i++) {
		const char byte = line.data[i];
		if (quote != '\0')
			quote = byte == quote ? '\0' : quote;
		else if (byte == '"' || byte == '\'')
			quote = byte;
		else if (byte == ' ' && line.data[i + 1] == ' ')
			return i;
	}
	return line.length;
}

size_t manual_examples(struct arena *arena, const struct verb *verb, struct manual_example **list)
{
	enum { GOES_ON = 6 };
	size_t count = 0;
	*list = NULL;
	for (const char *at = verb->examples; *at != '\0';) {
		struct text line = line_at(at, &at);
		bool more = count > 0 && strspn(line.data, " ") >= GOES_ON;
		line = text_trim(line);
		size_t length = more ? line.length : command_length(line);
		struct text about = text_trim(text_slice(line, length, line.length));
		if (more) {
			struct manual_example *last = &(*list)[count - 1];
			last->command = arena_printf(arena, "%s\n    %.*s", last->command, (int)length, line.data);
			continue;
		}
		*list = arena_grow(arena, *list, count, sizeof **list);
		(*list)[count++] = (struct manual_example){
			arena_strndup(arena, line.data, length), arena_strndup(arena, about.data, about.length)};
	}
	return count;
}

size_t manual_paragraphs(struct arena *arena, const char *details, struct manual_paragraph **list)
{
	size_t count = 0;
	bool open = false;
	*list = NULL;
	for (const char *at = details != NULL ? details : ""; *at != '\0';) {
		const struct text line = line_at(at, &at);
		const bool verbatim = line.length > 0 && line.data[0] == ' ';
		struct manual_paragraph *last = count > 0 ? &(*list)[count - 1] : NULL;
		if (line.length == 0) {
			open = false;
		} else if (open && last != NULL && last->verbatim == verbatim) {
			last->text = arena_printf(arena, "%s%s%.*s", last->text, verbatim ? "\n" : " ", TEXT_ARGS(line));
		} else {
			*list = arena_grow(arena, *list, count, sizeof **list);
			(*list)[count++] = (struct manual_paragraph){arena_strndup(arena, line.data, line.length), verbatim};
			open = true;
		}
	}
	return count;
}

const char *manual_option(struct arena *arena, const struct option_spec *spec)
{
	const char *argument = spec->argument != NULL ? spec->argument : "";
	const char *space = option_waits(spec) ? " " : "";
	if (spec->letter != 0)
		return arena_printf(arena, "-%c, --%s%s%s", spec->letter, spec->name, space, argument);
	return arena_printf(arena, "    --%s%s%s", spec->name, space, argument);
}

const char *manual_status(const struct verb *verb)
{
	return verb != NULL && verb->status != NULL ? verb->status : "0 fine, 1 findings, 2 wrong use or wrong input";
}

static size_t characters(const char *word, size_t length)
{
	size_t count = 0;
	for (size_t i = 0; i < length; i++)
		count += ((unsigned char)word[i] & 0xc0) != 0x80;
	return count;
}

void manual_wrap(FILE *out, const char *words, size_t column, size_t indent)
{
	bool first = true;
	while (*(words += strspn(words, " ")) != '\0') {
		const size_t length = strcspn(words, " "), wide = characters(words, length);
		if (!first && column + 1 + wide > MANUAL_WIDTH) {
			fprintf(out, "\n%*s", (int)indent, "");
			column = indent;
			first = true;
		}
		fprintf(out, "%s%.*s", first ? "" : " ", (int)length, words);
		column += wide + !first;
		first = false;
		words += length;
	}
	fputc('\n', out);
}
