/*
 * follow: a file that grows, as an input that does not end (like tail -F).
 *
 * What stands in the file already is read first. At its end the file is looked at four times a second: more of it is read as
 * it comes; where another file has taken its name (rotation) the rest of the old one is read, then the new one from its
 * beginning; where it has become shorter (truncation) it is read anew. Its lines are counted anew then, and a line that
 * was not finished counts as it is. While the name is missing the new file is waited for. A pipe and standard input are
 * followed to their end. Until `stopped` says so: then the input ends as a file does.
 *
 *   struct input *input = follow_open("/var/log/audit/audit.log", &control, &d);
 *   reader_read(reader, input, …);    -- returns when control.stopped does
 */
#ifndef MEWS_FOLLOW_H
#define MEWS_FOLLOW_H

#include "replay/readers/corpus.h"

struct follow_control {
	bool (*stopped)(void *context); /* is asked from the threads that read */
	void *context;
};

/* NULL: reported. A packed file is refused: it does not grow. */
struct input *follow_open(const char *path, const struct follow_control *control, struct diagnostics *d);

/* Reads sources that are followed, each in a thread of its own; their events go to the sink one at a time, as they come.
 * Returns like dataset_read, when all have ended. */
int sources_follow(const struct source *sources, size_t count, struct event_sink sink, struct ledger *ledger,
	struct diagnostics *d);

#endif
