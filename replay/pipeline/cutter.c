/* cutter: bytes of files in pieces (see cutter.h). */
#include "replay/pipeline/cutter.h"

#include <string.h>

enum {
	WINDOW = 16 << 10, /* before the end of what was read, where a border is looked for if the last line is none */
	PATIENCE = 4,      /* batches that are read for the sake of a border, before any newline will do */
	TORN_OFTEN = 4,
};

void cutter_begin(struct cutter *cutter, const struct source *source, size_t size, const _Atomic unsigned *torn)
{
	*cutter = (struct cutter){.source = source, .size = size, .torn = torn};
}

/* JSON's `once` asks all records of a source, in order. A dialect that is missing is reported by whoever reads the whole. */
static bool may_cut(const struct source *source)
{
	const struct dialect *dialect = reader_dialect(source->reader, &source->options);
	bool lacks = !dialect && (source->reader->named || source->reader->dialect);
	if (lacks || source->options.watch || (dialect && dialect->once.length))
		return false;
	return source->reader->gathering || source->reader->border;
}

/* Does the beginning of the file say what chunks have to know? */
static bool take_begin(struct cutter *cutter, struct diagnostics *d)
{
	const struct reader *reader = cutter->source->reader;
	struct text begin;
	size_t length = 0;
	buffer_clear(&cutter->begin);
	if (!reader->head)
		return true;
	if (input_peek(cutter->input, READER_SAMPLE, &begin, d) || !reader->head(&cutter->source->options, begin, &length))
		return false;
	buffer_add(&cutter->begin, begin.data, length);
	return true;
}

static bool open_next(struct cutter *cutter, struct batch *batch)
{
	const struct source *source = cutter->source;
	struct input *given = source->inputs ? source->inputs[cutter->file] : NULL;
	cutter->input = given ? given : input_open(batch->path, &batch->diagnostics);
	cutter->own = !given;
	cutter->first = true;
	buffer_clear(&cutter->rest);
	if (!cutter->input) {
		batch->first = batch->last = batch->ahead = true;
		batch->status = -1;
		cutter_done(cutter);
		return false;
	}
	cutter->whole = !may_cut(source) || !take_begin(cutter, &batch->diagnostics);
	if (!cutter->whole && source->reader->gathering)
		cutter->gathering = source->reader->gathering->begin(batch->path, &cutter->account);
	return true;
}

void cutter_done(struct cutter *cutter)
{
	cutter->before += input_size_of(cutter->source->files[cutter->file]);
	if (cutter->own)
		input_close(cutter->input);
	cutter->input = NULL;
	if (cutter->gathering)
		cutter->source->reader->gathering->end(cutter->gathering);
	cutter->gathering = NULL;
	cutter->file++;
}

/* Where the piece should end; 0: not yet. */
static size_t find_cut(const struct cutter *cutter, struct text text)
{
	const struct reader *reader = cutter->source->reader;
	size_t newline = input_whole_lines(text), window = text.length / 4 < WINDOW ? text.length / 4 : WINDOW;
	/* The last line, if it can begin a chunk, is the least to carry over. */
	if (!newline || reader->gathering || (newline < text.length && reader->border(text, newline) == newline))
		return newline;
	size_t border = reader->border(text, text.length - window);
	if (border < text.length)
		return border;
	size_t before = 0;
	while ((border = reader->border(text, before + 1)) < text.length - window)
		before = border;
	return before || text.length < cutter->size * PATIENCE ? before : newline;
}

/* A line that is too long is no longer than it takes to see that. */
static bool cut_line(struct cutter *cutter, struct batch *batch)
{
	batch->length = INPUT_LINE_MAX + 1;
	batch->bytes[batch->length++] = '\n';
	return input_skip_line(cutter->input, &batch->diagnostics);
}

/* Reads up to a border. What stands behind it is for the next batch. */
static void fill(struct cutter *cutter, struct batch *batch)
{
	size_t want = cutter->rest.length + cutter->size, end = 0;
	batch_room(batch, want);
	memcpy(batch->bytes, cutter->rest.data ? cutter->rest.data : "", cutter->rest.length);
	batch->length = cutter->rest.length;
	buffer_clear(&cutter->rest);
	for (;; want *= 2) {
		size_t asked = want - batch->length;
		ssize_t got = input_piece(cutter->input, batch_room(batch, want + 2) + batch->length, asked, &batch->diagnostics);
		batch->length += got > 0 ? (size_t)got : 0;
		batch->last = got < (ssize_t)asked;
		if (batch->last)
			return;
		struct text text = {batch->bytes, batch->length};
		end = find_cut(cutter, text);
		if (end && !(batch->first && end < cutter->begin.length)) /* what chunks have to know is one */
			break;
		if (text.length > INPUT_LINE_MAX && !input_whole_lines(text)) {
			batch->last = !cut_line(cutter, batch);
			return;
		}
	}
	buffer_add(&cutter->rest, batch->bytes + end, batch->length - end);
	batch->length = end;
}

enum cut cutter_take(struct cutter *cutter, struct batch *batch)
{
	const struct source *source = cutter->source;
	if (!cutter->input && cutter->file == source->file_count)
		return CUT_END;
	batch->file = cutter->file;
	batch->path = source->files[cutter->file];
	if (!cutter->input && !open_next(cutter, batch)) {
		batch->position = cutter->before;
		return CUT_BATCH;
	}
	if (cutter->whole)
		return CUT_WHOLE;
	buffer_clear(&batch->begin);
	buffer_text(&batch->begin, buffer_view(&cutter->begin));
	batch->first = cutter->first;
	cutter->first = false;
	fill(cutter, batch);
	batch->position = cutter->before + input_position(cutter->input);
	batch->ahead = *cutter->torn < TORN_OFTEN;
	if (source->reader->gathering) {
		batch->kind = BATCH_GATHERED;
		batch->gathered = source->reader->gathering->take(cutter->gathering, (struct text){batch->bytes, batch->length},
			batch->last, &batch->arena);
	}
	if (!batch->last)
		return CUT_BATCH;
	batch->status = input_broken(cutter->input) ? -1 : 0;
	cutter_done(cutter);
	batch->taken = cutter->account;
	cutter->account = (struct ledger){0};
	return CUT_BATCH;
}

void cutter_end(struct cutter *cutter)
{
	if (cutter->input)
		cutter_done(cutter);
	ledger_free(&cutter->account);
	buffer_free(&cutter->rest);
	buffer_free(&cutter->begin);
}
