/*
 * container: one spelling → one canonical value, for all that describes a container.
 *
 * Command lines (replay/derive), manifests (replay/readers) and engine events (dialects) say the same
 * things in different words; conditions see only these forms.
 */
#ifndef MEWS_CONTAINER_H
#define MEWS_CONTAINER_H

#include "catalog/text.h"

/* `source:destination:mode`. Both paths are cleaned like path fields (`//`, `/./`, `/var/run` → `/run`,
 * no slash at the end), and `..` of absolute ones goes up by name, as engines do.
 * `mode` becomes exactly rw, ro or unknown: "" is rw (what engines take for
 * unsaid), a comma list (`ro,z`) is judged by its ro, rw or readonly word, "unknown" stays. An
 * anonymous volume and a tmpfs have an empty source. */
struct text container_mount(struct arena *arena, struct text source, struct text destination, struct text mode);

/* SYS_ADMIN, sys_admin, CAP_SYS_ADMIN → CAP_SYS_ADMIN; ALL, CAP_ALL, all → ALL. Unknown names keep their
 * letters in upper case with CAP_ before them. */
struct text container_capability(struct arena *arena, struct text name);

/* A security option as name=value; seccomp:unconfined is an older spelling of seccomp=unconfined. */
struct text container_option(struct arena *arena, struct text option);

/* `container:NAME` (compose: `service:NAME`) as the mode of a namespace joins that of another container: `pid:NAME`. Any
 * other mode joins none: an empty text. */
struct text container_joined(struct arena *arena, struct text type, struct text mode);
/* shared, rshared, slave or rslave, if the list has the word: how mounts pass between host and container. Private is what
 * is there anyway, so it is an empty text. */
struct text container_propagation(struct text list, char separator);

/* registry.example:5000/team/app:1.2@sha256:… → name registry.example:5000/team/app, tag 1.2. A tag that
 * is not written is empty (an engine would take `latest`, a digest none). The texts point into `image`.
 * false where there is no name or it holds an unresolved variable ($). */
bool container_image(struct text image, struct text *name, struct text *tag);

/* Does the text hold a variable that nobody resolved: $NAME, ${NAME}, $(NAME), {{ … }}? `$$` is a plain
 * dollar. Such values stay missing. */
bool container_unresolved(struct text text);

#endif
