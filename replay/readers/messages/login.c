/*
 * login: who came in, who was refused and who left: sshd, su, login, systemd-logind and what PAM says of any of them.
 *
 * Raw names: login.act (accepted, failed, refused, closed, opened, left, checked), login.user,
 * login.from (also as login.ip or login.domain), login.port, login.method, login.service, login.by (who opened the
 * session), login.uid, login.tty, login.session, login.reason.
 */
#include "replay/readers/message_pattern.h"
#include "replay/readers/messages/kinds.h"

#define SSHD "sshd sshd-session sshd-auth"
#define PROGRAMS SSHD " su login systemd-logind ftpd"
#define ANY NULL
#define MORE_FAILURES "PAM {} more authentication {}; logname={by} uid={by_uid} euid={} tty={tty} ruser={} rhost="
#define OLD_FAILURE "authentication failure; logname={by} uid={by_uid} euid={} tty={tty} ruser={} rhost="
#define PAM_FAILURE "pam_{}({service}:{}): authentication failure; logname={by} uid={by_uid} euid={} tty={tty} ruser={} rhost="

static const struct message_pattern patterns[] = {
	{SSHD, "Accepted {method} for {>user} from {from} port {port} {}", "accepted"},
	{SSHD, "Accepted {method} for {>user} from {from} port {port}", "accepted"},
	{SSHD, "Failed {method} for invalid user {>user} from {from} port {port} {}", "failed"},
	{SSHD, "Failed {method} for invalid user {>user} from {from} port {port}", "failed"},
	{SSHD, "Failed {method} for {>user} from {from} port {port} {}", "failed"},
	{SSHD, "Failed {method} for {>user} from {from} port {port}", "failed"},
	{SSHD, "Invalid user {>user} from {from} port {port}", "failed"},
	{SSHD, "Invalid user {>user} from {from}", "failed"},
	{SSHD, "Illegal user {>user} from {from}", "failed"},
	{SSHD, "User {>user} from {from} not allowed because {reason}", "failed"},
	{SSHD, "ROOT LOGIN REFUSED FROM {from} port {port}", "failed"},
	{SSHD, "ROOT LOGIN REFUSED FROM {from}", "failed"},
	{SSHD, "error: maximum authentication attempts exceeded for invalid user {>user} from {from} port {port} {}", "failed"},
	{SSHD, "error: maximum authentication attempts exceeded for {>user} from {from} port {port} {}", "failed"},
	{SSHD, "error: PAM: {reason} for illegal user {>user} from {from}", "failed"},
	{SSHD, "error: PAM: {reason} for {>user} from {from}", "failed"},
	{SSHD, "Postponed {method} for {>user} from {from} port {port} {}", "checked"},
	{SSHD, "Partial {method} for {>user} from {from} port {port} {}", "checked"},
	{SSHD, "Connection closed by authenticating user {>user} {from} port {port} {}", "checked"},
	{SSHD, "Connection closed by invalid user {>user} {from} port {port} {}", "checked"},
	{SSHD, "Connection reset by authenticating user {>user} {from} port {port} {}", "checked"},
	{SSHD, "Connection reset by invalid user {>user} {from} port {port} {}", "checked"},
	{SSHD, "Disconnected from authenticating user {>user} {from} port {port} {}", "checked"},
	{SSHD, "Disconnected from invalid user {>user} {from} port {port} {}", "checked"},
	{SSHD, "Disconnected from user {>user} {from} port {port}", "left"},
	{SSHD, "Starting session: {session} for {>user} from {from} port {port} {}", "opened"},
	{SSHD, "Close session: user {>user} from {from} port {port} {}", "closed"},
	{SSHD, "Connection from {from} port {port} on {} port {}", "noted"},
	{SSHD, MORE_FAILURES "{from}  user={user}", "failed"},
	{SSHD, MORE_FAILURES "{from}", "failed"},
	{SSHD, "input_userauth_request: invalid user {>user} [preauth]", "checked"},
	{SSHD, "input_userauth_request: invalid user {user}", "checked"},
	{SSHD, "Connection closed by {from} port {port} {}", "noted"},
	{SSHD, "Connection closed by {from} port {port}", "noted"},
	{SSHD, "Connection closed by {from} [preauth]", "noted"},
	{SSHD, "Connection closed by {from}", "noted"},
	{SSHD, "Connection reset by {from} port {port} {}", "noted"},
	{SSHD, "error: Received disconnect from {from} port {port}:{reason}", "noted"},
	{SSHD, "error: Received disconnect from {from}: {reason}", "noted"},
	{SSHD, "reverse mapping checking getaddrinfo for {host} [{from}] {reason}", "noted"},
	{SSHD, "Address {from} maps to {host}, but this does not map back {}", "noted"},
	{SSHD, "Received disconnect from {from} port {port}:{reason}", "noted"},
	{SSHD, "Received disconnect from {from}: {reason}", "noted"},
	{SSHD, "Did not receive identification string from {from} port {port}", "noted"},
	{SSHD, "Did not receive identification string from {from}", "noted"},
	{SSHD, "banner exchange: Connection from {from} port {port}: {reason}", "noted"},
	{SSHD, "Unable to negotiate with {from} port {port}: {reason}", "noted"},

	{ANY, "pam_{}({service}:session): session opened for user {user}(uid={uid}) by {by}(uid={by_uid})", "opened"},
	{ANY, "pam_{}({service}:session): session opened for user {user} by {by}(uid={by_uid})", "opened"},
	{ANY, "pam_{}({service}:session): session closed for user {user}", "closed"},
	{ANY, PAM_FAILURE "{from}  user={user}", "failed"},
	{ANY, PAM_FAILURE "{from}", "failed"},
	{ANY, PAM_FAILURE, "failed"},
	{ANY, "pam_{}({service}:auth): check pass; user unknown", "checked"},
	{ANY, "pam_{}({service}:auth): {reason} [{user}]", "checked"},
	{ANY, "pam_{}({service}:account): expired password for user {user} {}", "checked"},
	{ANY, "pam_{}({service}:account): account {user} has expired {}", "failed"},
	{ANY, "pam_faillock({service}:auth): Consecutive login failures for user {user} account temporarily locked", "failed"},
	/* From the time when PAM stood in the tag. */
	{ANY, "session opened for user {user}(uid={uid}) by {by}(uid={by_uid})", "opened"},
	{ANY, "session opened for user {user} by {by}(uid={by_uid})", "opened"},
	{ANY, "session closed for user {user}", "closed"},
	{ANY, OLD_FAILURE "{from}  user={user}", "failed"},
	{ANY, OLD_FAILURE "{from}", "failed"},
	{ANY, OLD_FAILURE, "failed"},
	{ANY, "check pass; user unknown", "checked"},
	{"ftpd", "connection from {from} ({host}) at {}", "noted"},

	{"su", "(to {user}) {>by} on {tty}", "accepted"},
	{"su", "FAILED SU (to {user}) {>by} on {tty}", "failed"},
	{"su", "Successful su for {user} by {by}", "accepted"},
	{"su", "FAILED su for {user} by {by}", "failed"},
	{"su", "'su {user}' failed for {by} on {tty}", "failed"},
	{"su", "'su {user}' succeeded for {by} on {tty}", "accepted"},
	{"su", "+ {tty} {by}:{user}", "accepted"},
	{"su", "- {tty} {by}:{user}", "failed"},
	{"login", "LOGIN ON {tty} BY {user} FROM {from}", "accepted"},
	{"login", "LOGIN ON {tty} BY {user}", "accepted"},
	{"login", "FAILED LOGIN {} FROM {from} FOR {user}, {reason}", "failed"},
	{"login", "FAILED LOGIN ({}) on '{tty}' FOR '{user}', {reason}", "failed"},
	{"systemd-logind", "New session {session} of user {user}.", "opened"},
	{"systemd-logind", "New session '{session}' of user '{user}' with class {}", "opened"},
	{"systemd-logind", "Removed session {session}.", "closed"},
	{NULL, NULL, NULL},
};

static bool fits(const struct envelope *envelope)
{
	struct text message = envelope->message;
	return text_starts(message, TEXT("pam_"), false) || text_starts(message, TEXT("session "), false) ||
		text_starts(message, TEXT("authentication failure; "), false) || text_starts(message, TEXT("check pass; "), false) ||
		pattern_program(PROGRAMS, envelope->program);
}

/* Where it came from is an address or a name; lines that are about root alone name nobody. */
static void add_rest(const struct pattern_match *match, struct record *record)
{
	const struct raw_value *from = record_get(record, NULL, TEXT("login.from"));
	struct ip ip;
	if (from)
		record_add(record, ip_parse(from->first, &ip) ? TEXT("login.ip") : TEXT("login.domain"), from->first);
	struct text text = text_of(match->pattern->text);
	if (text_starts(text, TEXT("ROOT LOGIN"), false))
		record_add(record, TEXT("login.user"), TEXT("root"));
}

static bool take(struct message *message)
{
	struct pattern_match match;
	if (!pattern_find(patterns, message->envelope->program, text_trim(message->envelope->message), &match))
		return false;
	pattern_record(&match, TEXT("login"), message->record);
	add_rest(&match, message->record);
	return true;
}

const struct message_kind message_login = {.name = "login", .programs = PROGRAMS, .begins = "psac", .fits = fits, .take = take};
