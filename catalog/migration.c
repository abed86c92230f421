/*
 * migration: the schema of the store, as the steps that lead from an empty file to it.
 *
 * Severities, labels and the like are kept as words, since users read these tables; the checks beside
 * them keep the words closed. Where "none" is part of a key it is the empty text (NULL is not equal to
 * itself): an organization '' is the catalog as it is, without a baseline.
 */
#include "catalog/migration.h"

#define SEVERITY "TEXT NOT NULL REFERENCES severity(name)"
#define REVISION "TEXT NOT NULL REFERENCES revision(id) ON DELETE CASCADE"
#define OF_DETECTION "FOREIGN KEY (revision, detection) REFERENCES detection(revision, name) ON DELETE CASCADE"
#define OF_ORGANIZATION "FOREIGN KEY (revision, organization) REFERENCES organization(revision, name) ON DELETE CASCADE"
#define RUN "INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE"
#define COUNTER(name) name " INTEGER NOT NULL DEFAULT 0 CHECK (" name " >= 0)"
#define RATE(name) name " REAL, " name "_low REAL, " name "_high REAL, " name "_numerator REAL, " name "_denominator REAL"

static const char documents[] =
	"CREATE TABLE severity(name TEXT PRIMARY KEY, rank INTEGER NOT NULL UNIQUE) STRICT;"
	"INSERT INTO severity VALUES ('informational', 0), ('low', 1), ('medium', 2), ('high', 3), ('critical', 4);"
	"CREATE TABLE setting(name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;"
	"CREATE TABLE document(hash TEXT PRIMARY KEY CHECK (length(hash) = 64), content TEXT NOT NULL) STRICT;"
	"CREATE TABLE revision(id TEXT PRIMARY KEY CHECK (length(id) = 64), loaded_at TEXT NOT NULL,"
	" mews_version TEXT NOT NULL) STRICT;"
	"CREATE TABLE revision_document(revision " REVISION ", path TEXT NOT NULL,"
	" hash TEXT NOT NULL REFERENCES document(hash), PRIMARY KEY (revision, path)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX revision_document_hash ON revision_document(hash);"
	"CREATE TABLE current_revision(one INTEGER PRIMARY KEY CHECK (one = 1),"
	" revision TEXT NOT NULL REFERENCES revision(id)) STRICT;";

static const char names[] =
	"CREATE TABLE field(revision " REVISION ", name TEXT NOT NULL, type TEXT NOT NULL, list INTEGER NOT NULL,"
	" path INTEGER NOT NULL, shared INTEGER NOT NULL, extension INTEGER NOT NULL, about TEXT NOT NULL,"
	" PRIMARY KEY (revision, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE action(revision " REVISION ", category TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,"
	" PRIMARY KEY (revision, category, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE macro(revision " REVISION ", name TEXT NOT NULL, source TEXT NOT NULL,"
	" PRIMARY KEY (revision, name)) STRICT, WITHOUT ROWID;"
	/* organization '': a list of the catalog */
	"CREATE TABLE list_item(revision " REVISION ", organization TEXT NOT NULL, list TEXT NOT NULL,"
	" position INTEGER NOT NULL, item TEXT NOT NULL,"
	" PRIMARY KEY (revision, organization, list, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE dialect(revision " REVISION ", name TEXT NOT NULL, title TEXT NOT NULL, version TEXT NOT NULL,"
	" reads TEXT NOT NULL, PRIMARY KEY (revision, name)) STRICT, WITHOUT ROWID;";

static const char detections[] =
	"CREATE TABLE detection(revision " REVISION ", name TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
	" description TEXT NOT NULL, status TEXT NOT NULL, severity " SEVERITY ", surface TEXT NOT NULL,"
	" author TEXT NOT NULL, date TEXT, modified TEXT,"
	" PRIMARY KEY (revision, name), UNIQUE (revision, id)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE detection_technique(revision TEXT NOT NULL, detection TEXT NOT NULL, technique TEXT NOT NULL,"
	" PRIMARY KEY (revision, detection, technique), " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE INDEX detection_technique_of ON detection_technique(revision, technique);"
	"CREATE TABLE detection_reference(revision TEXT NOT NULL, detection TEXT NOT NULL, position INTEGER NOT NULL,"
	" url TEXT NOT NULL, PRIMARY KEY (revision, detection, position), " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE detection_false_positive(revision TEXT NOT NULL, detection TEXT NOT NULL,"
	" position INTEGER NOT NULL, text TEXT NOT NULL,"
	" PRIMARY KEY (revision, detection, position), " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE detection_test(revision TEXT NOT NULL, detection TEXT NOT NULL, position INTEGER NOT NULL,"
	" name TEXT NOT NULL, expect TEXT NOT NULL CHECK (expect IN ('match', 'no-match', 'todo-match', 'todo-no-match')),"
	" PRIMARY KEY (revision, detection, position), " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE detection_target(revision TEXT NOT NULL, detection TEXT NOT NULL, target TEXT NOT NULL,"
	" source TEXT NOT NULL, PRIMARY KEY (revision, detection, target), " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE condition(revision TEXT NOT NULL, detection TEXT NOT NULL, name TEXT NOT NULL,"
	" position INTEGER NOT NULL, category TEXT NOT NULL, source TEXT NOT NULL, canonical TEXT NOT NULL,"
	" PRIMARY KEY (revision, detection, name), " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE condition_field(revision TEXT NOT NULL, detection TEXT NOT NULL, condition TEXT NOT NULL,"
	" field TEXT NOT NULL, PRIMARY KEY (revision, detection, condition, field),"
	" FOREIGN KEY (revision, detection, condition) REFERENCES condition(revision, detection, name)"
	" ON DELETE CASCADE, FOREIGN KEY (revision, field) REFERENCES field(revision, name)) STRICT, WITHOUT ROWID;"
	"CREATE INDEX condition_field_of ON condition_field(revision, field);"
	"CREATE TABLE detection_exception(revision TEXT NOT NULL, detection TEXT NOT NULL, name TEXT NOT NULL,"
	" category TEXT NOT NULL, source TEXT NOT NULL, canonical TEXT NOT NULL, reason TEXT NOT NULL,"
	" owner TEXT NOT NULL, expires TEXT,"
	" PRIMARY KEY (revision, detection, name), " OF_DETECTION ") STRICT, WITHOUT ROWID;";

static const char organizations[] =
	"CREATE TABLE organization(revision " REVISION ", name TEXT NOT NULL, title TEXT NOT NULL,"
	" description TEXT NOT NULL, minimum_severity " SEVERITY ","
	" risky TEXT NOT NULL CHECK (risky IN ('alert', 'tolerate')), alert_groups_per_day REAL,"
	" PRIMARY KEY (revision, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE organization_severity(revision TEXT NOT NULL, organization TEXT NOT NULL,"
	" detection TEXT NOT NULL, severity " SEVERITY ","
	" PRIMARY KEY (revision, organization, detection), " OF_ORGANIZATION ", " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE organization_disabled(revision TEXT NOT NULL, organization TEXT NOT NULL,"
	" detection TEXT NOT NULL,"
	" PRIMARY KEY (revision, organization, detection), " OF_ORGANIZATION ", " OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE TABLE organization_exception(revision TEXT NOT NULL, organization TEXT NOT NULL, name TEXT NOT NULL,"
	" category TEXT NOT NULL, source TEXT NOT NULL, canonical TEXT NOT NULL, reason TEXT NOT NULL,"
	" owner TEXT NOT NULL, expires TEXT,"
	" PRIMARY KEY (revision, organization, name), " OF_ORGANIZATION ") STRICT, WITHOUT ROWID;"
	/* every detection that the exception covers, whether by its name, by a technique or by "*" */
	"CREATE TABLE exception_detection(revision TEXT NOT NULL, organization TEXT NOT NULL, exception TEXT NOT NULL,"
	" detection TEXT NOT NULL, PRIMARY KEY (revision, organization, exception, detection),"
	" FOREIGN KEY (revision, organization, exception)"
	" REFERENCES organization_exception(revision, organization, name) ON DELETE CASCADE, "
	OF_DETECTION ") STRICT, WITHOUT ROWID;"
	"CREATE INDEX exception_detection_of ON exception_detection(revision, detection);"
	"CREATE VIEW current_detection AS SELECT d.* FROM detection d JOIN current_revision c USING (revision);"
	"CREATE VIEW current_condition AS SELECT d.* FROM condition d JOIN current_revision c USING (revision);"
	"CREATE VIEW current_organization AS SELECT d.* FROM organization d JOIN current_revision c USING (revision);";

static const char runs[] =
	"CREATE TABLE run(id INTEGER PRIMARY KEY AUTOINCREMENT, started TEXT NOT NULL, finished TEXT,"
	" revision TEXT NOT NULL REFERENCES revision(id), corpus_hash TEXT NOT NULL, as_of TEXT NOT NULL,"
	" mews_version TEXT NOT NULL, arguments TEXT NOT NULL) STRICT;"
	"CREATE INDEX run_revision ON run(revision);"
	"CREATE TABLE run_dataset(run " RUN ", name TEXT NOT NULL, format TEXT NOT NULL DEFAULT '',"
	" hash TEXT NOT NULL DEFAULT '', label TEXT NOT NULL DEFAULT '', use TEXT NOT NULL DEFAULT '',"
	" " COUNTER("lines") ", " COUNTER("events") ", " COUNTER("continued") ", " COUNTER("blank") ","
	" " COUNTER("rejected") ", " COUNTER("unmapped") ", " COUNTER("unfilled") ", observed_seconds REAL,"
	" PRIMARY KEY (run, name)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_reject(run " RUN ", dataset TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,"
	" reason TEXT NOT NULL) STRICT;"
	"CREATE INDEX run_reject_of ON run_reject(run, dataset);"
	/* target '': the detection itself; else its rules for that target */
	"CREATE TABLE measure(run " RUN ", organization TEXT NOT NULL, detection TEXT NOT NULL, target TEXT NOT NULL,"
	" use TEXT NOT NULL CHECK (use IN ('hold-out', 'develop', 'all')),"
	" severity " SEVERITY ", " COUNTER("tp") ", " COUNTER("btp") ", " COUNTER("fp") ", " COUNTER("fn") ","
	" " COUNTER("unattributed") ", " COUNTER("unknown") ", " COUNTER("tp_groups") ", " COUNTER("btp_groups") ","
	" " COUNTER("fp_groups") ", " COUNTER("excepted") ", " COUNTER("benign_in_scope") ", " COUNTER("fp_events") ","
	" " RATE("recall") ", " RATE("recall_without_baseline") ", " RATE("risky_recall") ","
	" " RATE("false_positive_rate") ", " RATE("precision") ", predictive_value REAL,"
	" groups_per_day REAL, false_groups_per_day REAL, observed_days REAL,"
	" reachability TEXT CHECK (reachability IN ('blind', 'thin', 'measured')),"
	" PRIMARY KEY (run, organization, detection, target, use)) STRICT, WITHOUT ROWID;";

static const char episodes[] =
	/* what became of each detection that an episode expects */
	"CREATE TABLE run_episode(run " RUN ", organization TEXT NOT NULL, dataset TEXT NOT NULL,"
	" episode TEXT NOT NULL, label TEXT NOT NULL CHECK (label IN ('malicious', 'risky', 'benign', 'unknown')),"
	" detection TEXT NOT NULL, outcome TEXT NOT NULL CHECK (outcome IN ('alerted', 'missed')),"
	" cause TEXT NOT NULL DEFAULT '',"
	" PRIMARY KEY (run, organization, dataset, episode, detection)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE alert(id INTEGER PRIMARY KEY, run " RUN ", organization TEXT NOT NULL,"
	" detection TEXT NOT NULL, condition TEXT NOT NULL, dataset TEXT NOT NULL, episode TEXT NOT NULL,"
	" label TEXT NOT NULL CHECK (label IN ('malicious', 'risky', 'benign', 'unknown')),"
	" outcome TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL, time TEXT, entity TEXT NOT NULL DEFAULT '',"
	" severity " SEVERITY ", event TEXT NOT NULL) STRICT;"
	"CREATE INDEX alert_of ON alert(run, organization, detection);"
	"CREATE INDEX alert_at ON alert(run, dataset, file, line);";

static const char *const first[] = {documents, names, detections, organizations, runs, episodes, NULL};

const char *const *const migrations[] = {first};
const size_t migration_count = sizeof migrations / sizeof *migrations;
