/* markdown: texts (hexadecimal, one a line) → a Markdown table of each as prose and as code, for markdown.py to render. */
#include "replay/report/markdown_text.h"

#include <stdlib.h>
#include <string.h>

static char *bytes_of(const char *line, size_t *length)
{
	char *bytes = mem_alloc(strlen(line) / 2 + 1);
	*length = 0;
	for (size_t i = 0; text_hex_digit(line[i]) >= 0 && text_hex_digit(line[i + 1]) >= 0; i += 2)
		bytes[(*length)++] = (char)(text_hex_digit(line[i]) << 4 | text_hex_digit(line[i + 1]));
	return bytes;
}

int main(void)
{
	char *line = NULL;
	size_t size = 0;
	struct buffer out = {0};
	buffer_string(&out, "| prose | code |\n|---|---|\n");
	while (getline(&line, &size, stdin) > 0) {
		size_t length;
		char *bytes = bytes_of(line, &length);
		buffer_string(&out, "| ");
		markdown_prose(&out, (struct text){bytes, length}, 0);
		buffer_string(&out, " | ");
		markdown_code_cell(&out, (struct text){bytes, length}, 0);
		buffer_string(&out, " |\n");
		free(bytes);
	}
	fwrite(out.data, 1, out.length, stdout);
	buffer_free(&out);
	free(line);
	return 0;
}
