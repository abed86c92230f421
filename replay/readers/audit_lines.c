/* audit_lines: see audit_lines.h. */
#include "replay/readers/audit_lines.h"

#include <string.h>

int audit_lines_add(struct audit_lines *lines, const struct audit_line *record, uint64_t number)
{
	enum audit_role role;
	int status = audit_events_add(lines->events, record, number, &role);
	if (role == AUDIT_ROLE_FIRST)
		lines->ledger->event_lines++;
	else
		lines->ledger->continued++;
	return status;
}

int audit_lines_take(struct audit_lines *lines, struct text record, uint64_t number)
{
	struct audit_line parsed;
	const char *why = audit_head_next(&lines->memo, record, &parsed);
	if (!why)
		return audit_lines_add(lines, &parsed, number);
	ledger_reject(lines->ledger, lines->file, number, "no audit record: %s", why);
	return 0;
}

static bool is_blank(struct text line)
{
	return !line.length || ((unsigned char)line.data[0] <= ' ' && !text_trim(line).length);
}

static int take_line(struct audit_lines *lines, struct text line, uint64_t number)
{
	lines->ledger->lines++;
	if (is_blank(line)) {
		lines->ledger->blank++;
		return 0;
	}
	if (line.length <= AUDIT_LINE_MAX)
		return audit_lines_take(lines, line, number);
	ledger_reject(lines->ledger, lines->file, number, "the line is longer than %d bytes", AUDIT_LINE_MAX);
	return 0;
}

int audit_lines_block(struct audit_lines *lines, struct text block, uint64_t *number)
{
	const char *at = block.data, *end = block.data + block.length;
	int status = 0;
	audit_events_lend(lines->events, block);
	while (!status && at < end) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		const char *next = newline ? newline + 1 : end, *stop = newline ? newline : end;
		if (stop > at && stop[-1] == '\r')
			stop--;
		status = take_line(lines, (struct text){at, (size_t)(stop - at)}, (*number)++);
		at = next;
	}
	return status;
}
