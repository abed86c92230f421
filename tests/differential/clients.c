/*
 * Prints the option tables of rulesets/clients.yaml, a name a line: client, command (empty: global
 * options), name and arity, separated by tabs. clients.sh compares them with the clients' own help.
 */
#include "catalog/client.h"

#include <stdio.h>

static const char *const arities[] = {"flag", "boolean", "text", "optional"};

static void print_set(const struct client *client, struct text command, const struct option_set *set)
{
	for (size_t i = 0; set != NULL && i < set->count; i++) {
		const struct client_option *option = &set->options[i];
		for (size_t j = 0; j < option->name_count; j++)
			printf("%.*s\t%.*s\t%.*s\t%s\n", TEXT_ARGS(client->name), TEXT_ARGS(command), TEXT_ARGS(option->names[j]),
				arities[option->value]);
	}
}

static void print_client(struct arena *arena, const struct client *client)
{
	print_set(client, TEXT(""), client->global);
	for (size_t i = 0; i < client->command_count; i++) {
		const struct client_command *command = &client->commands[i];
		struct text words = text_join(arena, command->words, command->word_count, ' ');
		print_set(client, words, command->options);
		if (command->options == NULL) /* known, and no request */
			printf("%.*s\t%.*s\t\tother\n", TEXT_ARGS(client->name), TEXT_ARGS(words));
	}
}

static int load(struct arena *arena, struct clients *clients, struct diagnostics *d)
{
	struct yaml *fields, *tables;
	size_t count;
	struct registry registry;
	if (yaml_parse_file(arena, "rulesets/fields.yaml", NULL, d, &fields, &count) != 0 || count != 1 ||
		registry_load(&registry, arena, fields, d) != 0)
		return -1;
	if (yaml_parse_file(arena, "rulesets/clients.yaml", NULL, d, &tables, &count) != 0 || count != 1)
		return -1;
	return clients_load(clients, arena, &registry, tables, d);
}

int main(void)
{
	struct arena arena = {0};
	struct diagnostics d = {0};
	struct clients clients = {0};
	int status = load(&arena, &clients, &d);
	for (size_t i = 0; i < clients.count; i++)
		print_client(&arena, &clients.items[i]);
	diagnostics_print(&d, stderr);
	diagnostics_free(&d);
	arena_free(&arena);
	return status != 0;
}
