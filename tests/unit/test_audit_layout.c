/* audit_layout: what is found by an order of keys that was learnt is what walking from key to key finds. */
#include "replay/readers/audit_layout.h"
#include "tests/unit/reading.h"

#include <string.h>

enum { TRIES = 150000, BODY_ROOM = 2048 };

static const char *const bodies[] = {
	"arch=c000003e syscall=257 success=yes exit=3 a0=ffffff9c a1=7ffe a2=241 a3=1b6 items=2 ppid=1 pid=42 auid=1000 uid=0 gid=0 "
	"euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=(none) ses=3 comm=\"sh\" exe=\"/usr/bin/dash\" key=\"k\"",
	"arch=c000003e syscall=59 success=no exit=-2 a0=1 a1=2 a2=3 a3=4 items=0 ppid=1 pid=42 auid=4294967295 uid=0 gid=0 euid=0 "
	"suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=4294967295 comm=72756E633A5B323A494E49545D exe=\"/\" subj=unconfined key=(null)"
	"\x1d" "ARCH=x86_64 SYSCALL=execve AUID=\"unset\" UID=\"root\" GID=\"root\" EUID=\"root\"",
	"arch=40000003 syscall=5 per=400000 success=yes exit=3 a0=1 a1=0 a2=1b6 a3=0 items=1 ppid=1 pid=2 comm=\"\" exe=\"/bin/x\" key=61016263",
	"arch=c000003e syscall=59 avc: denied exe=\"/a b\" pid=3,",
};
static const char *const paths[] = {
	"item=0 name=\"/etc/passwd\" inode=42 dev=08:01 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 "
	"cap_fe=0 cap_fver=0 cap_frootid=0",
	"item=1 name=(null) inode=7 dev=00:29 mode=0100755 ouid=0 ogid=0 rdev=00:00 objtype=CREATE",
	"item=0 name=2F746D702F61206220 inode=9 dev=08:01 mode=040755 ouid=1 ogid=2 rdev=00:00 nametype=PARENT\x1d" "OUID=\"root\" OGID=\"root\"",
};

static unsigned draw(uint64_t *state, unsigned below)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)((*state >> 33) % below);
}

/* Changes some bytes, takes some out, doubles some, cuts the end. */
static size_t mutate(char *body, size_t length, uint64_t *state)
{
	static const char bytes[] = " \"='{}(),\x1d\t\n\x01\r" "ae0x\0";
	for (unsigned i = draw(state, 4); i && length > 1; i--) {
		size_t at = draw(state, (unsigned)length), some = 1 + draw(state, 12);
		switch (draw(state, 5)) {
		case 0:
		case 1:
			body[at] = bytes[draw(state, sizeof bytes - 1)];
			break;
		case 2:
			memmove(body + at, body + at + (some < length - at ? some : length - at), length - at - (some < length - at ? some : length - at));
			length -= some < length - at ? some : length - at;
			break;
		case 3:
			if (length + some < BODY_ROOM - 2 * AUDIT_SLACK && at + some < length) {
				memmove(body + at + some, body + at, length - at);
				length += some;
			}
			break;
		default:
			length = draw(state, 4) ? length : at + 1;
		}
	}
	return length;
}

static bool same(const struct audit_found *found, const struct audit_key *key, const struct audit_field *field)
{
	return found->key == key && found->field.quoted == field->quoted && found->field.enriched == field->enriched &&
		text_equal(found->field.value, field->value);
}

/* Does the walk find the same? Learns where the order was unknown. */
static bool agrees(struct arena *arena, const struct audit_keys *keys, struct text body, size_t *known)
{
	struct audit_found found[AUDIT_LAYOUT_FIELDS];
	struct audit_cursor cursor;
	struct audit_field field;
	int count = audit_layout_find(keys->layouts, body, found), at = 0;
	if (count == AUDIT_LAYOUT_UNKNOWN) {
		audit_layout_learn(keys->layouts, arena, keys, body);
		return true;
	}
	++*known;
	audit_fields(&cursor, body);
	while (audit_next(&cursor, &field)) {
		const struct audit_key *key = audit_key_find(keys, field.key);
		if (key && (at == count || !same(&found[at++], key, &field)))
			return false;
	}
	return at == count;
}

static const struct audit_tables *tables_of(struct reading *r)
{
	reading_begin(r, "auditd");
	return audit_tables_new(&r->arena, record_plan_make(&r->arena, r->options.dialect, &r->catalog.registry, NULL, TEXT("")));
}

static void try_all(const char *const *from, size_t count, unsigned type)
{
	struct reading r;
	const struct audit_tables *tables = tables_of(&r);
	const struct audit_keys *keys = tables->keys[type];
	uint64_t state = type;
	size_t known = 0, wrong = 0;
	for (unsigned i = 0; i < TRIES; i++) {
		char room[BODY_ROOM];
		const char *source = from[draw(&state, (unsigned)count)];
		size_t length = strlen(source);
		memset(room, i % 2 ? '"' : '=', sizeof room); /* what stands behind the body must not count */
		memcpy(room, source, length);
		length = mutate(room, length, &state);
		if (i % 1000 == 0)
			keys->layouts->learnt = 0;
		if (agrees(&r.arena, keys, (struct text){room, length}, &known) || wrong++)
			continue;
		printf("  %.*s\n", (int)length, room);
	}
	CHECK_LONG(wrong, 0);
	CU_ASSERT(known > TRIES / 20);
	reading_end(&r);
}

static void test_calls(void)
{
	try_all(bodies, sizeof bodies / sizeof *bodies, AUDIT_SYSCALL);
}

static void test_paths(void)
{
	try_all(paths, sizeof paths / sizeof *paths, AUDIT_PATH);
}

/* What must not be learnt, and what must not be taken for what was. */
static void test_limits(void)
{
	struct reading r;
	const struct audit_tables *tables = tables_of(&r);
	const struct audit_keys *keys = tables->keys[AUDIT_PATH];
	struct audit_found found[AUDIT_LAYOUT_FIELDS];
	char room[256] = "item=0 name=\"/a\" inode=1";
	struct text body = {room, strlen(room)};
	CHECK_LONG(audit_layout_find(keys->layouts, body, found), AUDIT_LAYOUT_UNKNOWN);
	audit_layout_learn(keys->layouts, &r.arena, keys, body);
	CHECK_LONG(audit_layout_find(keys->layouts, body, found), 2);
	CHECK_TEXT(found[0].field.value, "/a");
	CHECK_TEXT(found[1].field.value, "1");
	body.length = 19; /* the key goes on behind the body */
	CHECK_LONG(audit_layout_find(keys->layouts, body, found), AUDIT_LAYOUT_UNKNOWN);
	memcpy(room, "item=0 name=\"/a\" inode=,", 24);
	body.length = 24;
	CHECK_LONG(audit_layout_find(keys->layouts, body, found), AUDIT_LAYOUT_UNKNOWN);
	/* Records in no order: learning ends. */
	for (unsigned i = 0; i < 2 * AUDIT_LAYOUT_LEARNT; i++) {
		int length = snprintf(room, sizeof room, "k%u=0 name=\"/a\"", i);
		audit_layout_learn(keys->layouts, &r.arena, keys, (struct text){room, (size_t)length});
	}
	CHECK_LONG(keys->layouts->learnt, AUDIT_LAYOUT_LEARNT);
	CHECK_LONG(keys->layouts->count, AUDIT_LAYOUTS);
	reading_end(&r);
}

void suite_audit_layout(void);
void suite_audit_layout(void)
{
	CU_pSuite suite = unit_suite("audit_layout");
	UNIT_TEST(suite, test_calls);
	UNIT_TEST(suite, test_paths);
	UNIT_TEST(suite, test_limits);
}
