/*
 * scap_blocks: little-endian numbers, lengths before and behind, padded to four bytes.
 */
#include "replay/export/scap_blocks.h"

#include "replay/readers/scap_event.h"
#include "replay/readers/scap_follow.h"

#include <stdlib.h>
#include <string.h>

enum { HEADER = 26, MACHINE_MEMORY = 1 << 30, MACHINE_PIDS = 1 << 22 };

static void put(struct buffer *buffer, size_t size, uint64_t number)
{
	for (size_t i = 0; i < size; i++)
		buffer_char(buffer, (char)(number >> 8 * i & 0xff));
}

static void put_text16(struct buffer *buffer, struct text text)
{
	text = text_slice(text, 0, 255);
	put(buffer, 2, text.length);
	buffer_text(buffer, text);
}

struct scap_writer *scap_writer_new(FILE *events)
{
	struct scap_writer *writer = mem_alloc(sizeof *writer);
	memset(writer, 0, sizeof *writer);
	writer->events = events;
	writer->kinds = scap_kinds_make(&writer->facts);
	writer->state = scap_state_new();
	return writer;
}

void scap_writer_free(struct scap_writer *writer)
{
	scap_state_free(writer->state);
	arena_free(&writer->facts);
	arena_free(&writer->arena);
	buffer_free(&writer->lengths);
	buffer_free(&writer->values);
	buffer_free(&writer->block);
	free(writer);
}

/* Events */

void scap_call_begin(struct scap_writer *writer, uint16_t type)
{
	writer->type = type;
	writer->count = 0;
	buffer_clear(&writer->lengths);
	buffer_clear(&writer->values);
}

void scap_put_number(struct scap_writer *writer, size_t size, uint64_t number)
{
	put(&writer->lengths, 2, size);
	put(&writer->values, size, number);
	writer->count++;
}

void scap_put_bytes(struct scap_writer *writer, struct text bytes)
{
	writer->cut |= bytes.length > SCAP_TEXT_MAX;
	bytes = text_slice(bytes, 0, SCAP_TEXT_MAX);
	put(&writer->lengths, 2, bytes.length);
	buffer_text(&writer->values, bytes);
	writer->count++;
}

void scap_put_text(struct scap_writer *writer, struct text text)
{
	writer->cut |= text.length > SCAP_TEXT_MAX;
	text = text_slice(text, 0, SCAP_TEXT_MAX);
	text = text_slice(text, 0, text_find(text, '\0'));
	put(&writer->lengths, 2, text.length + 1);
	buffer_text(&writer->values, text);
	buffer_char(&writer->values, '\0');
	writer->count++;
}

/* The reader's own view of what was written. */
static void follow(struct scap_writer *writer, struct text payload)
{
	struct scap_event event;
	struct arena arena = {0};
	if (scap_event_take(writer->kinds, SCAP_BLOCK_EVENT_FLAGS_2, payload, &event) || !event.own.kind ||
		event.own.kind->act == SCAP_QUIET)
		return;
	struct scap_seen seen = scap_follow(writer->state, &event, &arena);
	if (event.own.kind->act == SCAP_EXIT)
		scap_follow_end(writer->state, &seen);
	arena_free(&arena);
}

static void finish_block(struct buffer *block)
{
	while (block->length % 4)
		buffer_char(block, '\0');
	size_t length = block->length + 4;
	for (size_t i = 0; i < 4; i++)
		block->data[4 + i] = (char)(length >> 8 * i & 0xff);
	put(block, 4, length);
}

static void begin_block(struct buffer *block, uint32_t type)
{
	buffer_clear(block);
	put(block, 4, type);
	put(block, 4, 0);
}

void scap_call_end(struct scap_writer *writer, int64_t tid, enum scap_sight sight)
{
	struct buffer *block = &writer->block;
	begin_block(block, SCAP_BLOCK_EVENT_FLAGS_2);
	put(block, 2, 0); /* processor */
	put(block, 4, sight == SCAP_HIDDEN ? SCAP_STATE_ONLY : 0);
	put(block, 8, (uint64_t)writer->time);
	put(block, 8, (uint64_t)tid);
	put(block, 4, HEADER + writer->lengths.length + writer->values.length);
	put(block, 2, writer->type);
	put(block, 4, writer->count);
	buffer_text(block, buffer_view(&writer->lengths));
	buffer_text(block, buffer_view(&writer->values));
	size_t end = block->length;
	finish_block(block);
	fwrite(block->data, 1, block->length, writer->events);
	follow(writer, text_slice(buffer_view(block), 8, end));
}

/* Tables */

static void write_accounts(const struct scap_accounts *accounts, bool users, struct buffer *block)
{
	for (size_t i = 0; i < accounts->count; i++) {
		struct text name = text_slice(scap_account_name(accounts, accounts->items[i].id), 0, 255);
		size_t length = 4 + 1 + 4 + 2 + name.length + (users ? 4 + 2 + 2 : 0);
		put(block, 4, length);
		put(block, 1, !users);
		put(block, 4, accounts->items[i].id);
		if (users)
			put(block, 4, accounts->items[i].id); /* its group, which is not known */
		put_text16(block, name);
		if (users) {
			put_text16(block, TEXT("")); /* home */
			put_text16(block, TEXT("")); /* shell */
		}
	}
}

void scap_write_tables(const struct scap_writer *writer, FILE *out)
{
	struct buffer block = {0};
	char host[128] = "";
	begin_block(&block, SCAP_BLOCK_SECTION);
	put(&block, 4, SCAP_MAGIC);
	put(&block, 2, 1);
	put(&block, 2, 2);
	put(&block, 8, UINT64_MAX); /* its length is not known */
	finish_block(&block);
	fwrite(block.data, 1, block.length, out);

	memcpy(host, writer->state->host, strlen(writer->state->host) < sizeof host ? strlen(writer->state->host) : sizeof host - 1);
	begin_block(&block, SCAP_BLOCK_MACHINE);
	put(&block, 4, 1);
	put(&block, 8, MACHINE_MEMORY);
	put(&block, 8, MACHINE_PIDS);
	buffer_add(&block, host, sizeof host);
	for (size_t i = 0; i < 4; i++)
		put(&block, 8, 0);
	finish_block(&block);
	fwrite(block.data, 1, block.length, out);

	begin_block(&block, SCAP_BLOCK_USERS_2);
	write_accounts(&writer->state->users, true, &block);
	write_accounts(&writer->state->groups, false, &block);
	finish_block(&block);
	fwrite(block.data, 1, block.length, out);
	buffer_free(&block);
}
