/*
 * recording: one row a host, found by hash; the file at hand of each source.
 */
#include "replay/derive/recording.h"

#include "replay/readers/rotation.h"

#include <stdlib.h>
#include <string.h>

enum {
	BUCKETS = 2 * RECORDING_HOSTS, /* a power of two */
	SERIAL_NEAR = 64,              /* events that a log may lack and still go on */
	SERIAL_FAR = 1000,             /* and by which it may be out of order */
};

struct host {
	uint64_t hash, number;
	uint64_t files;  /* how often a file that goes on with no other had begun when it was seen last */
	int64_t newest;  /* INT64_MIN: no event with a time yet */
	int64_t serial;  /* -1: not known */
};

struct known_file {
	const char *path;
	size_t source;
};

struct recordings {
	struct known_file *files; /* of the dataset, by path */
	size_t file_count;
	const char **at;          /* [sources]: the file at hand of each; NULL: none yet */
	size_t sources;
	char *last;               /* the file of the event before */
	const char *known;        /* where the dataset names that file, if the event did too; or NULL */
	uint64_t begun;           /* files that go on with no other */
	struct host *hosts;       /* [host_count] */
	size_t host_count, host_room;
	size_t newest;            /* 1 + place of the one that was asked for last */
	uint16_t buckets[BUCKETS]; /* 1 + place in hosts */
};

struct recordings *recordings_new(void)
{
	struct recordings *r = mem_alloc(sizeof *r);
	*r = (struct recordings){0};
	recordings_begin(r, NULL);
	return r;
}

static void forget(struct recordings *r)
{
	free(r->files);
	free(r->at);
	free(r->last);
	r->files = NULL;
	r->at = NULL;
	r->last = NULL;
	r->known = NULL;
	r->file_count = r->host_count = r->newest = 0;
	r->begun = 0;
}

void recordings_free(struct recordings *recordings)
{
	if (recordings == NULL)
		return;
	forget(recordings);
	free(recordings->hosts);
	free(recordings);
}

static int by_path(const void *a, const void *b)
{
	const struct known_file *one = a, *other = b;
	return strcmp(one->path, other->path);
}

void recordings_begin(struct recordings *r, const struct dataset *dataset)
{
	forget(r);
	memset(r->buckets, 0, sizeof r->buckets);
	r->sources = dataset == NULL || dataset->source_count == 0 ? 1 : dataset->source_count;
	r->at = mem_alloc(r->sources * sizeof *r->at);
	memset(r->at, 0, r->sources * sizeof *r->at);
	for (size_t i = 0; dataset != NULL && i < dataset->source_count; i++)
		r->file_count += dataset->sources[i].file_count;
	r->files = mem_alloc((r->file_count + 1) * sizeof *r->files);
	r->file_count = 0;
	for (size_t i = 0; dataset != NULL && i < dataset->source_count; i++)
		for (size_t k = 0; k < dataset->sources[i].file_count; k++)
			r->files[r->file_count++] = (struct known_file){dataset->sources[i].files[k], i};
	if (r->file_count > 0)
		qsort(r->files, r->file_count, sizeof *r->files, by_path);
}

/* Another file than that of the event before: does it go on with the one before of its source? */
static void turn_to(struct recordings *r, const char *path)
{
	const struct known_file wanted = {.path = path};
	const struct known_file *known = r->file_count == 0
		? NULL : bsearch(&wanted, r->files, r->file_count, sizeof *r->files, by_path);
	size_t source = known != NULL ? known->source : 0, size = strlen(path) + 1;
	char *last = mem_alloc(size);
	memcpy(last, path, size);
	const char *before = known != NULL ? r->at[source] : r->last;
	if (before != NULL && strcmp(before, path) != 0 && !rotation_same(before, path))
		r->begun++;
	if (known != NULL)
		r->at[source] = known->path;
	free(r->last);
	r->last = last;
	r->known = known != NULL && known->path == path ? path : NULL;
}

/* The dataset's own names are told by their place; the memory of another may be another's by the next event. */
static bool is_at(const struct recordings *r, const char *path)
{
	return path == r->known || (r->last != NULL && strcmp(r->last, path) == 0);
}

/* The host's bucket, or the one that is free for it. */
static size_t bucket_of(const struct recordings *r, uint64_t hash)
{
	size_t at = (size_t)(hash * UINT64_C(0x9e3779b97f4a7c15) >> 32) % BUCKETS;
	while (r->buckets[at] != 0 && r->hosts[r->buckets[at] - 1].hash != hash)
		at = (at + 1) % BUCKETS;
	return at;
}

size_t recordings_place(const struct recordings *r, uint64_t hash)
{
	if (r->newest != 0 && r->hosts[r->newest - 1].hash == hash)
		return r->newest;
	return r->buckets[bucket_of(r, hash)];
}

/* The host, from now on if not before; NULL: there are too many. */
static struct host *host_find(struct recordings *r, uint64_t hash, size_t place)
{
	if (place == 0)
		place = recordings_place(r, hash);
	if (place == 0) {
		if (r->host_count == RECORDING_HOSTS)
			return NULL;
		if (r->host_count == r->host_room) {
			r->host_room = r->host_room == 0 ? 16 : 2 * r->host_room;
			r->hosts = mem_resize(r->hosts, r->host_room * sizeof *r->hosts);
		}
		r->hosts[r->host_count++] = (struct host){.hash = hash, .files = r->begun, .newest = INT64_MIN, .serial = -1};
		place = r->buckets[bucket_of(r, hash)] = (uint16_t)r->host_count;
	}
	r->newest = place;
	return &r->hosts[place - 1];
}

int64_t recording_serial(struct text id)
{
	int64_t serial = 0, unit = 1;
	size_t at = id.length;
	while (at > 0 && id.length - at < 12 && id.data[at - 1] >= '0' && id.data[at - 1] <= '9') {
		serial += unit * (id.data[--at] - '0');
		unit *= 10;
	}
	return at == id.length || at < 6 || id.data[at - 1] != ':' || id.data[at - 5] != '.' ? -1 : serial;
}

static bool begins(const struct recordings *r, const struct host *host, int64_t time, int64_t serial)
{
	bool counted = host->serial >= 0 && serial >= 0;
	int64_t gap = time - host->newest, count = serial - host->serial;
	if (gap < -RECORDING_BACK || (counted && count < -SERIAL_FAR))
		return true;
	if (counted && count > 0 && count <= SERIAL_NEAR)
		return false;
	if (counted && count > SERIAL_FAR && gap > RECORDING_GAP_NAMED)
		return true;
	return gap > (host->files == r->begun ? RECORDING_SILENCE : host->hash != 0 ? RECORDING_GAP_NAMED : RECORDING_GAP);
}

uint64_t recording_of(struct recordings *recordings, uint64_t host, size_t place, const struct event *event, int64_t serial)
{
	if (event->file != NULL && !is_at(recordings, event->file))
		turn_to(recordings, event->file);
	struct host *row = host_find(recordings, host, place);
	if (row == NULL)
		return 0;
	if (event->time != INT64_MIN && row->newest != INT64_MIN && begins(recordings, row, event->time, serial)) {
		row->number++;
		row->newest = INT64_MIN;
		row->serial = -1;
	}
	if (event->time != INT64_MIN) {
		row->files = recordings->begun;
		row->newest = event->time > row->newest ? event->time : row->newest;
	}
	row->serial = serial > row->serial ? serial : row->serial;
	return row->number;
}

uint64_t recording_now(const struct recordings *recordings, size_t place)
{
	return place != 0 ? recordings->hosts[place - 1].number : 0;
}
