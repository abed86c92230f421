/*
 * audit_fields: the records of an audit log with their decoded fields, for the comparison with other parsers' goldens.
 *
 *   audit_fields FILE
 *
 * One line a record: type, time (SECONDS.MILLISECONDS) and serial, then KEY=VALUE for each field, all of it with a tab
 * between and bytes that are no plain text as %XX. Values are decoded as audit_record decodes them; arguments of EXECVE
 * are put together, a socket's address is taken apart (saddr_family, saddr_address, saddr_port).
 */
#include "replay/readers/audit_pieces.h"
#include "replay/readers/input.h"

static void print_text(struct text text)
{
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte < ' ' || byte == '%' || byte > '~')
			printf("%%%02X", byte);
		else
			putchar(byte);
	}
}

static void print_field(struct text key, struct text value)
{
	putchar('\t');
	print_text(key);
	putchar('=');
	print_text(value);
}

static void print_arguments(struct arena *arena, struct text body)
{
	struct audit_pieces pieces = {0};
	audit_take_arguments(&pieces, arena, body);
	print_field(TEXT("argc"), pieces.argc);
	for (size_t i = 0; i < pieces.argument_count; i++)
		if (pieces.arguments[i].there)
			print_field(text_of(arena_printf(arena, "a%zu", i)), pieces.arguments[i].text);
}

static void print_socket(struct arena *arena, struct text body)
{
	struct audit_socket socket;
	if (!audit_socket(arena, body, &socket))
		return;
	print_field(TEXT("saddr_family"), socket.family);
	print_field(TEXT("saddr_address"), socket.address);
	print_field(TEXT("saddr_port"), socket.port);
}

static void print_call(const struct text *arch, struct text number)
{
	uint64_t call;
	struct text name = audit_arch_name(*arch);
	print_field(TEXT("arch"), name.length ? name : *arch);
	if (text_to_ulong_base(number, 10, &call) && audit_syscall_name(name, call).length)
		number = audit_syscall_name(name, call);
	print_field(TEXT("syscall"), number);
}

static void print_record(struct arena *arena, const struct audit_line *line)
{
	struct audit_cursor cursor;
	struct audit_field field;
	struct text arch = {0}, value;
	print_text(line->type);
	printf("\t%lld.%03u\t%llu", (long long)line->seconds, line->milliseconds, (unsigned long long)line->serial);
	if (line->number == AUDIT_EXECVE)
		print_arguments(arena, line->body);
	else if (line->number == AUDIT_SOCKADDR)
		print_socket(arena, line->body);
	else if (line->number == AUDIT_PROCTITLE)
		print_field(TEXT("proctitle"), audit_title(arena, line->body));
	audit_fields(&cursor, line->body);
	while (audit_next(&cursor, &field) && line->number != AUDIT_EXECVE && line->number != AUDIT_SOCKADDR &&
		line->number != AUDIT_PROCTITLE && !field.enriched) {
		if (AUDIT_IS(field.key, "arch"))
			arch = field.value;
		else if (AUDIT_IS(field.key, "syscall"))
			print_call(&arch, field.value);
		else
			print_field(field.key, audit_value(arena, &field, audit_key_encoded(field.key), &value) ? value : field.value);
	}
	putchar('\n');
}

int main(int argc, char **argv)
{
	struct diagnostics d = {0};
	struct arena arena = {0};
	struct input *input = argc == 2 ? input_open(argv[1], &d) : NULL;
	struct input_line line;
	struct audit_line parsed;
	while (input && input_next(input, &line, &d) > 0) {
		arena_reset(&arena);
		if (!audit_parse_line(line.text, &parsed))
			print_record(&arena, &parsed);
	}
	int status = !input || d.errors;
	input_close(input);
	arena_free(&arena);
	diagnostics_print(&d, stderr);
	diagnostics_free(&d);
	return status;
}
