/* kinds: see kinds.h. */
#include "cli/kinds.h"

#include "catalog/load.h"
#include "catalog/techniques.h"
#include "cli/project.h"
#include "replay/readers/corpus.h"
#include "replay/readers/labels.h"

#include <string.h>

const struct file_kind file_kinds[] = {
	{"detection", {"CATALOG/detections/*.yaml"}, "A mews detection", "What is looked for: conditions, severity, tests.",
		&detection_form, {"id", "conditions", "tests"}},
	{"organization", {"CATALOG/organizations/*.yaml"}, "A mews organization", "What is monitored and normal somewhere.",
		&organization_form, {"name", "exceptions"}},
	{"lists", {"CATALOG/lists.yaml"}, "Lists and macros of mews", "Names that conditions use.", &lists_form, {NULL}},
	{"fields", {"CATALOG/fields.yaml"}, "The field registry of mews", "Events and fields: what a condition may name.",
		&registry_form, {"events", "fields"}},
	{"further-fields", {"CATALOG/fields/*.yaml"}, "Further fields of mews", "Fields that came with other people's rules.",
		&registry_extension_form, {NULL}},
	{"dialect", {"CATALOG/dialects/*.yaml"}, "A mews dialect", "One product's names for fields and events.", &dialect_form,
		{"name", "groups"}},
	{"clients", {"CATALOG/clients.yaml"}, "Container clients of mews", "Command lines of container clients.", &clients_form,
		{"options", "clients"}},
	{"techniques", {"CATALOG/techniques.yaml"}, "Techniques of ATT&CK", "Ids, names, and the matrix of containers.",
		&techniques_form, {"attack", "techniques"}},
	{"corpus", {"**/corpus.yaml"}, "A mews dataset", "One recorded source: files, episodes, labels.", &dataset_form,
		{"origin", "license", "default"}},
	{"labels", {"**/labels.yaml", "**/*.labels.yaml"}, "Labels of mews", "What people decided about single events.",
		&labels_form, {"decisions"}},
	{"project", {"mews.yaml"}, "A mews project", "Where mews finds what it works on, and what it must reach.", &project_form,
		{"catalog", "corpus"}},
	{.name = NULL},
};

const struct file_kind *file_kind_find(struct text name)
{
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++)
		if (text_is(name, kind->name))
			return kind;
	return NULL;
}

/* Does the path end as the glob does: its last component, and the folder before it where the glob names one? */
static bool fits(const char *path, const char *glob)
{
	const char *slash = strrchr(glob, '/'), *star = strchr(slash != NULL ? slash : glob, '*');
	struct text file = text_of(path), folder = {NULL, 0};
	const char *last = strrchr(path, '/');
	if (last != NULL) {
		file = text_of(last + 1);
		folder = (struct text){path, (size_t)(last - path)};
	}
	if (star == NULL)
		return text_is(file, slash != NULL ? slash + 1 : glob);
	if (!text_ends(file, text_of(star + 1), false) || file.length == strlen(star + 1))
		return false;
	struct text wanted = {glob, (size_t)(slash - glob)};
	const size_t at = text_find(wanted, '/');
	if (text_is(wanted, "**"))
		return true;
	wanted = text_slice(wanted, at + 1, wanted.length);
	return text_ends(folder, wanted, false) &&
		(folder.length == wanted.length || folder.data[folder.length - wanted.length - 1] == '/');
}

const struct file_kind *file_kind_of_path(const char *path)
{
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++)
		for (size_t i = 0; i < 3 && kind->places[i] != NULL; i++)
			if (fits(path, kind->places[i]))
				return kind;
	return NULL;
}

const struct file_kind *file_kind_of_keys(const struct yaml *document)
{
	for (const struct file_kind *kind = file_kinds; kind->name != NULL; kind++) {
		size_t i = 0;
		while (i < 4 && kind->keys[i] != NULL && yaml_get(document, kind->keys[i]) != NULL)
			i++;
		if (i > 0 && (i == 4 || kind->keys[i] == NULL))
			return kind;
	}
	return NULL;
}

const char *file_kind_of_others(const struct yaml *document)
{
	static const struct {
		const char *keys[2], *what;
	} others[] = {
		{{"apiVersion", "kind"}, "a Kubernetes object"},
		{{"services", NULL}, "a compose file"},
		{{"logsource", "detection"}, "a Sigma rule"},
		{{"jobs", "on"}, "a workflow of GitHub Actions"},
		{{"stages", NULL}, "a pipeline of GitLab"},
		{{"repos", NULL}, "settings of pre-commit"},
	};
	for (size_t i = 0; i < sizeof others / sizeof *others; i++)
		if (yaml_get(document, others[i].keys[0]) != NULL &&
			(others[i].keys[1] == NULL || yaml_get(document, others[i].keys[1]) != NULL))
			return others[i].what;
	if (document->kind == YAML_SEQUENCE && document->count > 0 && yaml_get(&document->items[0], "rule") != NULL)
		return "rules of Falco";
	return NULL;
}
