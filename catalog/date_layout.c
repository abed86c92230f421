/* date_layout: see date_layout.h. */
#include "catalog/date_layout.h"

#include "catalog/value.h"

#include <stdio.h>
#include <string.h>

struct moment {
	unsigned year, month, day, hour, minute, second;
	char fraction[10]; /* digits */
	char zone[8];      /* as RFC 3339 has it */
	bool noon, twelve; /* %p said PM; %I was read */
};

static bool take_number(struct text text, size_t *at, unsigned digits, unsigned *number)
{
	size_t from = *at;
	*number = 0;
	while (*at < text.length && *at - from < digits && text.data[*at] >= '0' && text.data[*at] <= '9')
		*number = *number * 10 + (unsigned)(text.data[(*at)++] - '0');
	return *at > from;
}

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static struct text take_letters(struct text text, size_t *at)
{
	size_t from = *at;
	while (*at < text.length && is_letter(text.data[*at]))
		++*at;
	return text_slice(text, from, *at);
}

static bool take_month(struct text text, size_t *at, unsigned *month)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	struct text word = take_letters(text, at);
	for (*month = 1; *month <= 12; ++*month)
		if (text_equal_fold(text_slice(word, 0, 3), (struct text){names + (*month - 1) * 3, 3}))
			return true;
	return false;
}

/* Digits beyond the ninth say less than is kept. */
static bool take_fraction(struct text text, size_t *at, struct moment *moment)
{
	size_t length = 0;
	*at += *at < text.length && (text.data[*at] == '.' || text.data[*at] == ',');
	for (; *at < text.length && text.data[*at] >= '0' && text.data[*at] <= '9'; ++*at)
		if (length < sizeof moment->fraction - 1)
			moment->fraction[length++] = text.data[*at];
	moment->fraction[length] = '\0';
	return true;
}

static bool take_zone(struct text text, size_t *at, struct moment *moment)
{
	unsigned hours, minutes = 0;
	if (*at < text.length && is_letter(text.data[*at])) {
		struct text name = take_letters(text, at);
		return text_equal_fold(name, TEXT("Z")) || text_equal_fold(name, TEXT("UTC")) || text_equal_fold(name, TEXT("GMT"));
	}
	if (*at >= text.length || (text.data[*at] != '+' && text.data[*at] != '-'))
		return false;
	char sign = text.data[(*at)++];
	if (!take_number(text, at, 2, &hours))
		return false;
	*at += *at < text.length && text.data[*at] == ':';
	take_number(text, at, 2, &minutes);
	return snprintf(moment->zone, sizeof moment->zone, "%c%02u:%02u", sign, hours % 100, minutes % 100) == 6;
}

static bool take_half(struct text text, size_t *at, struct moment *moment)
{
	struct text word = take_letters(text, at);
	moment->noon = text_equal_fold(word, TEXT("PM"));
	return moment->noon || text_equal_fold(word, TEXT("AM"));
}

static void skip_blanks(struct text text, size_t *at)
{
	while (*at < text.length && (text.data[*at] == ' ' || text.data[*at] == '\t'))
		++*at;
}

static bool take_item(char letter, struct text text, size_t *at, struct moment *moment)
{
	switch (letter) {
	case 'Y': return take_number(text, at, 4, &moment->year);
	case 'y':
		if (!take_number(text, at, 2, &moment->year))
			return false;
		moment->year += moment->year < 69 ? 2000 : 1900;
		return true;
	case 'm': return take_number(text, at, 2, &moment->month);
	case 'b':
	case 'B': return take_month(text, at, &moment->month);
	case 'd': skip_blanks(text, at); return take_number(text, at, 2, &moment->day);
	case 'I': moment->twelve = true; /* fallthrough */
	case 'H': skip_blanks(text, at); return take_number(text, at, 2, &moment->hour);
	case 'M': return take_number(text, at, 2, &moment->minute);
	case 'S': return take_number(text, at, 2, &moment->second);
	case 'f': return take_fraction(text, at, moment);
	case 'a':
	case 'A': return take_letters(text, at).length > 0;
	case 'p': return take_half(text, at, moment);
	case 'z': return take_zone(text, at, moment);
	default: return *at < text.length && text.data[(*at)++] == '%';
	}
}

bool date_by_layout(struct text layout, struct text text, int64_t *nanoseconds)
{
	struct moment moment = {.month = 1, .day = 1, .zone = "Z"};
	char written[64];
	size_t at = 0;
	for (size_t i = 0; i < layout.length; i++) {
		char byte = layout.data[i];
		if (byte == ' ')
			skip_blanks(text, &at);
		else if (byte == '%' && i + 1 < layout.length) {
			if (!take_item(layout.data[++i], text, &at, &moment))
				return false;
		} else if (at >= text.length || text.data[at++] != byte)
			return false;
	}
	skip_blanks(text, &at);
	if (at != text.length)
		return false;
	if (moment.twelve)
		moment.hour = moment.hour % 12 + (moment.noon ? 12 : 0);
	int length = snprintf(written, sizeof written, "%04u-%02u-%02uT%02u:%02u:%02u%s%s%s", moment.year, moment.month, moment.day,
		moment.hour, moment.minute, moment.second, moment.fraction[0] ? "." : "", moment.fraction, moment.zone);
	return length > 0 && (size_t)length < sizeof written && date_parse((struct text){written, (size_t)length}, nanoseconds);
}

const char *date_layout_fault(struct text layout)
{
	bool year = false, month = false, day = false;
	for (size_t i = 0; i < layout.length; i++) {
		if (layout.data[i] != '%')
			continue;
		char letter = ++i < layout.length ? layout.data[i] : '\0';
		if (!letter || !strchr("YymbBdIHMSfaApz%", letter))
			return "a layout knows %Y %y %m %b %d %H %I %p %M %S %f %z %a and %%";
		year = year || letter == 'Y' || letter == 'y';
		month = month || letter == 'm' || letter == 'b' || letter == 'B';
		day = day || letter == 'd';
	}
	return year && month && day ? NULL : "a layout has the year (%Y), the month (%m, %b) and the day (%d)";
}
