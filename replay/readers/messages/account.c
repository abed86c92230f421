/*
 * account: users and groups made, changed and removed: useradd, usermod, userdel, groupadd, gpasswd, passwd and kin.
 *
 * Raw names: account.act (created, changed, deleted, or refused), account.user, account.group, account.by, account.uid,
 * account.gid, account.home, account.shell, account.tty, account.what.
 */
#include "replay/readers/message_pattern.h"
#include "replay/readers/messages/kinds.h"

#define USERS "useradd adduser usermod userdel newusers"
#define GROUPS "groupadd groupmod groupdel useradd usermod userdel gpasswd addgroup adduser"
#define PROGRAMS USERS " groupadd groupmod groupdel gpasswd addgroup passwd chpasswd chage chsh chfn"

static const struct message_pattern patterns[] = {
	{USERS, "new user: name={user}, UID={uid}, GID={gid}, home={home}, shell={shell}, from={tty}", "created"},
	{USERS, "new user: name={user}, UID={uid}, GID={gid}, home={home}, shell={shell}", "created"},
	{USERS, "new user: name={user}, uid={uid}, gid={gid}, home={home}, shell={shell}", "created"},
	{GROUPS, "new group: name={group}, GID={gid}, from={tty}", "created"},
	{GROUPS, "new group: name={group}, GID={gid}", "created"},
	{GROUPS, "new group: name={group}, gid={gid}", "created"},
	{GROUPS, "group added to /etc/group: name={group}, GID={gid}", "created"},
	{GROUPS, "group added to /etc/gshadow: name={group}", "changed"},
	{USERS, "failed adding user '{user}', {what}", "refused"},
	{USERS, "failed adding user {user}, {what}", "refused"},
	{USERS, "add '{user}' to group '{group}'", "changed"},
	{USERS, "add '{user}' to shadow group '{group}'", "changed"},
	{USERS, "delete '{user}' from group '{group}'", "changed"},
	{USERS, "delete '{user}' from shadow group '{group}'", "changed"},
	{USERS, "delete user '{user}'", "deleted"},
	{USERS, "delete user {user}", "deleted"},
	{GROUPS, "removed group '{group}' owned by '{user}'", "deleted"},
	{GROUPS, "removed group {group} owned by {user}", "deleted"},
	{GROUPS, "removed shadow group '{group}' owned by '{user}'", "changed"},
	{GROUPS, "remove group '{group}'", "deleted"},
	{GROUPS, "group '{group}' removed from /etc/group", "deleted"},
	{GROUPS, "group '{group}' removed from /etc/gshadow", "changed"},
	{GROUPS, "group '{group}' removed", "deleted"},
	{GROUPS, "group changed in /etc/group (group {group}/{gid}, {what})", "changed"},
	{GROUPS, "group changed in /etc/group (group {group}, {what})", "changed"},
	{GROUPS, "group changed in /etc/gshadow (group {group}, {what})", "changed"},
	{GROUPS, "group changed in /etc/passwd (group {group}, {what})", "changed"},
	{GROUPS, "change group {group}, {what}", "changed"},
	{USERS, "change user '{user}' {what}", "changed"},
	{USERS, "change user {user} {what}", "changed"},
	{USERS, "lock user '{user}' {what}", "changed"},
	{USERS, "unlock user '{user}' {what}", "changed"},
	{"gpasswd", "user {user} added by {by} to group {group}", "changed"},
	{"gpasswd", "user {user} removed by {by} from group {group}", "changed"},
	{"gpasswd", "members of group {group} set by {by} to {what}", "changed"},
	{"gpasswd", "set members of {group} to {what}", "changed"},
	{"gpasswd", "set administrators of {group} to {what}", "changed"},
	{"gpasswd", "change the password for group {group} by {by}", "changed"},
	{"gpasswd", "remove password from group {group} by {by}", "changed"},
	{"passwd", "password for '{user}' changed by '{by}'", "changed"},
	{"passwd", "password for {user} changed by {by}", "changed"},
	{"passwd", "can't view or modify password information for {user}", "refused"},
	{"chage", "changed password expiry for {user}", "changed"},
	{"chsh", "changed user '{user}' shell to '{shell}'", "changed"},
	{"chfn", "changed user '{user}' information", "changed"},
	{NULL, "pam_{}({}:chauthtok): password changed for {user}", "changed"},
	{NULL, NULL, NULL},
};

static bool fits(const struct envelope *envelope)
{
	return pattern_program(PROGRAMS, envelope->program) || text_starts(envelope->message, TEXT("pam_"), false);
}

static bool take(struct message *message)
{
	struct pattern_match match;
	if (!pattern_find(patterns, message->envelope->program, text_trim(message->envelope->message), &match))
		return false;
	pattern_record(&match, TEXT("account"), message->record);
	return true;
}

const struct message_kind message_account = {.name = "account", .programs = PROGRAMS, .begins = "p", .fits = fits, .take = take};
