/* TOML: any bytes are an object or an error with a place inside them. */
#include "generator/elastic/toml.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct toml_error error = {NULL, 0, 0};
	json_t *json = toml_parse((struct text){(const char *)data, size}, &error);

	if (json == NULL && (error.message == NULL || error.line == 0 || error.column == 0))
		abort();
	if (json != NULL) {
		char *dumped = json_dumps(json, 0); /* whatever was read can be said */

		if (dumped == NULL)
			abort();
		free(dumped);
	}
	json_decref(json);
	return 0;
}
