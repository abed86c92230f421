/* html_page: head, escaping, tables and bars of a page (see html_page.h). */
#include "replay/report/html_page.h"
#include "replay/report/show.h"

#include <math.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <string.h>

static void put_all(FILE *out, const char *const *pieces)
{
	for (size_t i = 0; pieces[i]; i++)
		fputs(pieces[i], out);
}

/* 'sha256-…' of what stands between the tags. */
static void put_hash(FILE *out, const char *const *pieces)
{
	struct sha256_ctx context;
	uint8_t digest[SHA256_DIGEST_SIZE];
	char base64[BASE64_ENCODE_RAW_LENGTH(SHA256_DIGEST_SIZE) + 1] = {0};
	sha256_init(&context);
	for (size_t i = 0; pieces[i]; i++)
		sha256_update(&context, strlen(pieces[i]), (const uint8_t *)pieces[i]);
	sha256_digest(&context, sizeof digest, digest);
	base64_encode_raw(base64, sizeof digest, digest);
	fprintf(out, "'sha256-%s'", base64);
}

/* The icon is empty, so that no browser asks for one. */
void html_head(FILE *out, const char *title)
{
	fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; base-uri 'none'; "
		"form-action 'none'; style-src ", out);
	put_hash(out, html_style);
	fputs("; script-src ", out);
	put_hash(out, html_script);
	fputs("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		"<meta name=\"referrer\" content=\"no-referrer\">\n<link rel=\"icon\" href=\"data:,\">\n<title>", out);
	html_string(out, title);
	fputs("</title>\n<style>", out);
	put_all(out, html_style);
	fputs("</style>\n</head>\n<body>\n", out);
}

void html_foot(FILE *out)
{
	fputs("<script>", out);
	put_all(out, html_script);
	fputs("</script>\n</body>\n</html>\n", out);
}

/* Text */

static const char *entity_of(char byte)
{
	switch (byte) {
	case '&': return "&amp;";
	case '<': return "&lt;";
	case '>': return "&gt;";
	case '"': return "&quot;";
	case '\'': return "&#39;";
	default: return NULL;
	}
}

static uint32_t code_point(const char *data, size_t step)
{
	static const uint32_t masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	uint32_t code = (unsigned char)data[0] & masks[step];
	for (size_t i = 1; i < step; i++)
		code = code << 6 | ((unsigned char)data[i] & 0x3f);
	return code;
}

/* What turns the direction of the text behind it, and what takes no room. */
static bool misleads(uint32_t code)
{
	return code == 0x61c || code == 0x180e || (code >= 0x200b && code <= 0x200f && code != 0x200c && code != 0x200d) ||
		(code >= 0x202a && code <= 0x202e) || (code >= 0x2060 && code <= 0x2069) || code == 0xfeff;
}

/* C1 controls and what is no character. */
static bool forbidden(uint32_t code)
{
	return (code >= 0x80 && code < 0xa0) || (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
}

static void put_wide(FILE *out, const char *data, size_t step)
{
	uint32_t code = step > 1 ? code_point(data, step) : 0;
	if (step == 1 || forbidden(code))
		fputs("\xef\xbf\xbd", out);
	else if (misleads(code))
		fprintf(out, "⟨U+%04X⟩", (unsigned)code);
	else
		fwrite(data, 1, step, out);
}

static void put_narrow(FILE *out, char byte)
{
	const char *entity = entity_of(byte);
	if (entity)
		fputs(entity, out);
	else if (byte == 0x7f)
		fputs("\xe2\x90\xa1", out); /* U+2421 */
	else if ((unsigned char)byte < 0x20 && byte != '\t' && byte != '\n')
		fprintf(out, "\xe2\x90%c", 0x80 + byte); /* U+2400 … */
	else
		fputc(byte, out);
}

void html_cut(FILE *out, struct text text, size_t most)
{
	for (size_t i = 0, step; i < text.length; i += step, most--) {
		if (most == 0) {
			fputs("…", out);
			return;
		}
		step = utf8_step(text.data + i, text.length - i);
		if ((unsigned char)text.data[i] < 0x80)
			put_narrow(out, text.data[i]);
		else
			put_wide(out, text.data + i, step);
	}
}

void html_text(FILE *out, struct text text)
{
	html_cut(out, text, SIZE_MAX);
}

void html_string(FILE *out, const char *string)
{
	html_text(out, text_of(string));
}

/* [words|term] or [term]; what stands behind it. */
static const char *put_term(FILE *out, const char *from)
{
	size_t length = strcspn(from, "]"), words = strcspn(from, "|]");
	const char *term = words < length ? from + words + 1 : from;
	fputs("<a href=\"#g-", out);
	for (const char *at = term; at < from + length; at++)
		fputc(*at == ' ' ? '-' : *at, out);
	fprintf(out, "\">%.*s</a>", (int)words, from);
	return from + length + (from[length] == ']');
}

void html_prose(FILE *out, const char *prose)
{
	bool code = false;
	while (*prose) {
		if (*prose == '[' && !code) {
			prose = put_term(out, prose + 1);
			continue;
		}
		if (*prose == '`') {
			fputs(code ? "</code>" : "<code>", out);
			code = !code;
		} else {
			fputc(*prose, out);
		}
		prose++;
	}
}

/* Tables */

void html_table_begin(FILE *out, const char *id, const char *class_name, const char *caption)
{
	fprintf(out, "<section class=\"scroll\" tabindex=\"0\" aria-labelledby=\"%s-c\"><table id=\"%s\" class=\"%s\">\n"
		"<caption id=\"%s-c\">", id, id, class_name, id);
	html_string(out, caption);
	fputs("</caption>\n<thead><tr>", out);
}

void html_column(FILE *out, const char *head, bool number)
{
	fprintf(out, "<th scope=\"col\"%s>%s</th>", number ? " class=\"n\"" : "", head);
}

void html_table_body(FILE *out)
{
	fputs("</tr></thead>\n<tbody>\n", out);
}

void html_table(FILE *out, const char *id, const char *class_name, const char *caption, const struct html_column *columns)
{
	html_table_begin(out, id, class_name, caption);
	for (size_t i = 0; columns[i].head; i++)
		html_column(out, columns[i].head, columns[i].number);
	html_table_body(out);
}

void html_table_end(FILE *out)
{
	fputs("</tbody></table></section>\n", out);
}

void html_cell(FILE *out, struct text text)
{
	fputs("<td>", out);
	html_text(out, text);
	fputs("</td>", out);
}

struct html_cell html_count_cell(struct arena *arena, uint64_t count, const char *class_name)
{
	if (!count)
		return (struct html_cell){.class_name = "z", .words = TEXT("0")};
	return (struct html_cell){.class_name = class_name ? arena_printf(arena, "n %s", class_name) : "n",
		.words = text_of(show_count(arena, count))};
}

void html_count(FILE *out, struct arena *arena, uint64_t count, const char *class_name)
{
	struct html_cell cell = html_count_cell(arena, count, class_name);
	html_put_cell(out, &cell);
}

/* Per cent of the bar's width. */
static double position(double share, enum bar_scale scale)
{
	double at = scale == BAR_LINEAR ? share : share > 0 ? (log10(share) + 5) / 5 : 0;
	return 100 * fmin(1, fmax(0, at));
}

static const char *bar_of(struct arena *arena, const struct rate *rate, enum bar_scale scale)
{
	double low = position(rate->low, scale), high = position(rate->high, scale), at = position(rate->value, scale);
	return arena_printf(arena, "%.0f %.0f %.0f", low, fmax(high, low + 1), fmin(99, fmax(1, at)));
}

/* The bar says nothing that the words do not. */
static void put_bar(FILE *out, const char *bar)
{
	const int from = (int)strcspn(bar, " "), to = (int)strcspn(bar + from + 1, " ");
	fprintf(out, "<svg aria-hidden=\"true\"><path d=\"M%.*s 5H%.*s\"/><path d=\"M%s 0V10\"/></svg>", from, bar, to,
		bar + from + 1, bar + from + to + 2);
}

struct html_cell html_rate_cell(struct arena *arena, const struct rate *rate, enum bar_scale scale)
{
	if (!rate->denominator)
		return (struct html_cell){.class_name = "r zero", .words = text_of(show_nothing)};
	return (struct html_cell){.class_name = "r", .words = text_of(show_percent(arena, rate->value)),
		.small = arena_printf(arena, "%s, %s", show_fraction(arena, rate), show_interval(arena, rate)),
		.bar = bar_of(arena, rate, scale)};
}

static void put_words(FILE *out, const struct html_cell *cell)
{
	html_cut(out, cell->words, cell->most ? cell->most : SIZE_MAX);
	if (cell->small) {
		fputs(" <small>", out);
		html_string(out, cell->small);
		fputs("</small>", out);
	}
	if (cell->bar)
		put_bar(out, cell->bar);
}

void html_put_cell(FILE *out, const struct html_cell *cell)
{
	fputs(cell->head ? "<th scope=\"row\"" : "<td", out);
	if (cell->class_name)
		fprintf(out, " class=\"%s\"", cell->class_name);
	fputc('>', out);
	put_words(out, cell);
	fputs(cell->head ? "</th>" : "</td>", out);
}

void html_rate_words(FILE *out, struct arena *arena, const struct rate *rate, enum bar_scale scale)
{
	struct html_cell cell = html_rate_cell(arena, rate, scale);
	put_words(out, &cell);
}

void html_rate(FILE *out, struct arena *arena, const struct rate *rate, enum bar_scale scale)
{
	struct html_cell cell = html_rate_cell(arena, rate, scale);
	html_put_cell(out, &cell);
}
