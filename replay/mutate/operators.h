/* operators: the functions behind the rows of operator.c, by the file that they stand in. */
#ifndef MEWS_MUTATE_OPERATORS_H
#define MEWS_MUTATE_OPERATORS_H

#include "replay/mutate/operator.h"

/* line.c: options of a command line */
void make_option_order(struct maker *maker);
void make_option_joint(struct maker *maker);
void make_option_name(struct maker *maker);
void make_option_cluster(struct maker *maker);
void make_option_beginning(struct maker *maker);
void make_boolean_value(struct maker *maker);
void make_command_word(struct maker *maker);
void make_other_client(struct maker *maker);
void make_capability(struct maker *maker);
void make_volume_as_mount(struct maker *maker);
void make_padding(struct maker *maker);
void make_global_option(struct maker *maker);
void miss_boolean_off(struct maker *maker);
void miss_behind_image(struct maker *maker);
void miss_in_environment(struct maker *maker);
void miss_capability_dropped(struct maker *maker);

/* words.c: the words of any command */
void make_launcher(struct maker *maker);
void make_program_path(struct maker *maker);
void make_shell(struct maker *maker);
void make_applet(struct maker *maker);
void make_path_alias(struct maker *maker);
void make_path_detour(struct maker *maker);
void make_script_quotes(struct maker *maker);
void make_script_blanks(struct maker *maker);
void make_script_list(struct maker *maker);
void miss_only_named(struct maker *maker);
void miss_script_named(struct maker *maker);

/* instead.c: other programs */
void make_instead(struct maker *maker);

/* pod.c: containers that an orchestrator is asked for, as manifests */
void make_workload(struct maker *maker);

/* fields.c: events that are no commands */
void make_list_order(struct maker *maker);
void make_program(struct maker *maker);
void make_field_path(struct maker *maker);
void make_user_agent(struct maker *maker);
void miss_failed(struct maker *maker);
void miss_field_suffix(struct maker *maker);
void miss_port(struct maker *maker);
void miss_boolean(struct maker *maker);
void miss_host(struct maker *maker);
void miss_read(struct maker *maker);

#endif
