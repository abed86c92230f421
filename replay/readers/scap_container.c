/*
 * scap_container: the JSON of a container's event, by jansson.
 */
#include "replay/readers/scap_container.h"

#include <jansson.h>
#include <string.h>

enum { NAME_BYTES = 1024, MOUNT_BYTES = 16 << 10 };

static const char *const types[] = {"docker", "lxc", "libvirt-lxc", "mesos", "rkt", "custom", "cri", "containerd", "cri-o",
	"bpm", "static", "podman"};

struct text scap_container_type(int64_t number)
{
	return number >= 0 && number < (int64_t)(sizeof types / sizeof *types) ? text_of(types[number]) : TEXT("");
}

static struct text string_of(struct scap_container *container, const json_t *object, const char *name)
{
	const json_t *value = json_object_get(object, name);
	size_t length = json_string_length(value);
	if (!length || length > NAME_BYTES)
		return TEXT("");
	return text_copy(&container->arena, (struct text){json_string_value(value), length});
}

/* source:destination:mode:rw:propagation, joined by commas */
static struct text mounts_of(struct scap_container *container, const json_t *mounts)
{
	struct buffer joined = {0};
	size_t index;
	const json_t *mount;
	json_array_foreach(mounts, index, mount) {
		struct text source = string_of(container, mount, "Source"), destination = string_of(container, mount, "Destination");
		struct text mode = string_of(container, mount, "Mode"), propagation = string_of(container, mount, "Propagation");
		const char *writable = json_is_true(json_object_get(mount, "RW")) ? "true" : "false";
		if (joined.length > MOUNT_BYTES)
			break;
		buffer_printf(&joined, "%s%.*s:%.*s:%.*s:%s:%.*s", joined.length ? "," : "", TEXT_ARGS(source),
			TEXT_ARGS(destination), TEXT_ARGS(mode), writable, TEXT_ARGS(propagation));
	}
	struct text text = text_copy(&container->arena, buffer_view(&joined));
	buffer_free(&joined);
	return text;
}

static void take_members(struct scap_container *container, const json_t *object)
{
	const json_t *privileged = json_object_get(object, "privileged"), *labels = json_object_get(object, "labels");
	container->name = string_of(container, object, "name");
	container->repository = string_of(container, object, "imagerepo");
	container->tag = string_of(container, object, "imagetag");
	if (!container->repository.length)
		container->repository = string_of(container, object, "image");
	if (json_is_integer(json_object_get(object, "type")))
		container->type = scap_container_type(json_integer_value(json_object_get(object, "type")));
	if (json_is_boolean(privileged))
		container->privileged = json_is_true(privileged);
	container->mounts = mounts_of(container, json_object_get(object, "Mounts"));
	container->pod = string_of(container, labels, "io.kubernetes.pod.name");
	container->space = string_of(container, labels, "io.kubernetes.pod.namespace");
}

bool scap_container_take(struct scap_state *state, struct text json)
{
	json_t *root = json_loadb(json.data ? json.data : "", json.length, 0, NULL);
	const json_t *object = json_object_get(root, "container"), *id = json_object_get(object, "id");
	bool taken = json_string_length(id) > 0 && json_string_length(id) <= NAME_BYTES;
	if (taken) {
		struct text name = {json_string_value(id), json_string_length(id)};
		struct scap_container *container = scap_container_add(state, name);
		if (container)
			take_members(container, object);
	}
	json_decref(root);
	return taken;
}
