/*
 * scap_names: paths and sockets as sysdig writes them.
 *
 *   scap_path_join(arena, TEXT("/etc/"), TEXT("../tmp/./x"))  → /tmp/x
 *   scap_tuple_text(arena, packed)                            → 10.0.0.2:40410->93.184.215.14:80
 */
#ifndef MEWS_SCAP_NAMES_H
#define MEWS_SCAP_NAMES_H

#include "replay/readers/scap_state.h"

/* `path` seen from `directory` (which ends in a slash), without ., .., // and a slash at its end. */
struct text scap_path_join(struct arena *arena, struct text directory, struct text path);
/* Of the thread, not of its process; with a slash at its end. */
void scap_directory_set(struct scap_state *state, struct scap_thread *thread, struct text directory);
/* chdir to a path seen from where the thread is. */
void scap_directory_change(struct scap_state *state, struct scap_thread *process, struct text path);

/* A packed address (family, address, port) or pair of them, as text; empty: of no family that is known, or cut. */
struct text scap_address_text(struct arena *arena, struct text packed);
struct text scap_tuple_text(struct arena *arena, struct text packed);
/* The socket that such a pair, or the address of its far end or of its own, describes. false: none. */
bool scap_fd_connect(struct scap_fd *fd, struct text tuple);
bool scap_fd_connect_to(struct scap_fd *fd, struct text address);
bool scap_fd_bind(struct scap_fd *fd, struct text address);

struct text scap_endpoint_ip(struct arena *arena, const struct scap_fd *fd, const struct scap_endpoint *endpoint);
/* Sockets of IP by their addresses; empty: it is none. */
struct text scap_socket_name(struct arena *arena, const struct scap_fd *fd);
void scap_fd_name_sockets(struct scap_state *state, struct scap_fd *fd);
/* Connections of a process's table to a port that it listens on are a server's, with the far end first. */
void scap_fds_roles(struct scap_state *state, struct scap_thread *process);

#endif
