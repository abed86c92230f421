/*
 * progress: one line on a terminal's standard error that tells how far a replay is, a few times a second.
 *
 *     41 %  68.2 of 166.5 MB  82944 events  310 k/s  57 alerts  0:12 left
 *
 * Bytes are those of the files as they stand there (packed ones too). Where the size is not known (a pipe) there is neither
 * a share nor a time. What has no room on a narrow terminal is left out. Without a terminal nothing is written.
 */
#ifndef MEWS_PROGRESS_H
#define MEWS_PROGRESS_H

#include "replay/replay.h"

struct progress {
	uint64_t total;        /* bytes; 0: not known */
	uint64_t before;       /* bytes that were told last: fewer are another run's */
	double started, shown; /* seconds */
	size_t length;         /* of the line that stands there */
	size_t width;          /* of the terminal */
	bool on;
};

/* Sets what the replay of how->datasets tells its progress to. */
void progress_begin(struct progress *progress, struct replay_options *how);
/* The line goes away. */
void progress_end(struct progress *progress);
/* The line that stands for these figures, at most `width` bytes of it; `seconds` since the run began. For tests, too. */
void progress_line(struct buffer *line, const struct progress *progress, uint64_t bytes, uint64_t events, uint64_t alerts,
	double seconds);

#endif
