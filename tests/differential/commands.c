/*
 * commands: what command_line finds in shell text, for the comparison with what bash runs.
 *
 *   commands <TEXT
 *
 * One line a program (no builtin, no function): its words, each in brackets, bytes that are no plain text as \xx. The text
 * is one script; exit status 1: it cannot be read, with the reason.
 */
#include "replay/readers/command_line.h"

#include <stdio.h>

static void print_word(struct text word)
{
	putchar('[');
	for (size_t i = 0; i < word.length; i++) {
		unsigned char byte = (unsigned char)word.data[i];
		if (byte < ' ' || byte > '~' || byte == '\\')
			printf("\\%02x", byte);
		else
			putchar(byte);
	}
	putchar(']');
}

int main(void)
{
	struct arena arena = {0};
	struct buffer text = {0};
	struct command_line line;
	char block[4096];
	for (size_t got; (got = fread(block, 1, sizeof block, stdin)) > 0;)
		buffer_add(&text, block, got);
	enum command_status status = command_line_parse(&arena, buffer_view(&text), &line);
	if (status != COMMAND_DONE)
		printf("%s\n", line.reason);
	for (size_t i = 0; i < line.count; i++) {
		if (line.commands[i].kind != COMMAND_EXEC)
			continue;
		for (size_t k = 0; k < line.commands[i].count; k++)
			print_word(line.commands[i].words[k]);
		putchar('\n');
	}
	arena_free(&arena);
	buffer_free(&text);
	return status != COMMAND_DONE;
}
