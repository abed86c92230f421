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

/* Version 2: all that a report says of a run can be read back. What an older run did not keep is NULL (or run.kept is 1). */

#define KNOWN(name) name " INTEGER CHECK (" name " >= 0)"
#define OUTCOMES COUNTER("tp") ", " COUNTER("btp") ", " COUNTER("fp") ", " COUNTER("unattributed") ", " COUNTER("unknown")
#define USE "use TEXT NOT NULL CHECK (use IN ('hold-out', 'develop', 'all', 'others'))"
#define OLD_MEASURE "run, organization, detection, target, use, severity, tp, btp, fp, fn, unattributed, unknown, tp_groups," \
	" btp_groups, fp_groups, excepted, benign_in_scope, fp_events, recall, recall_low, recall_high, recall_numerator," \
	" recall_denominator, recall_without_baseline, recall_without_baseline_low, recall_without_baseline_high," \
	" recall_without_baseline_numerator, recall_without_baseline_denominator, risky_recall, risky_recall_low," \
	" risky_recall_high, risky_recall_numerator, risky_recall_denominator, false_positive_rate, false_positive_rate_low," \
	" false_positive_rate_high, false_positive_rate_numerator, false_positive_rate_denominator, precision, precision_low," \
	" precision_high, precision_numerator, precision_denominator, predictive_value, groups_per_day, false_groups_per_day," \
	" observed_days, reachability"

static const char more_of_runs[] =
	"ALTER TABLE run ADD COLUMN kept INTEGER NOT NULL DEFAULT 1;"
	"ALTER TABLE run ADD COLUMN target TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN headline TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN catalog TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run ADD COLUMN seconds REAL;"
	"ALTER TABLE run ADD COLUMN events INTEGER;"
	"ALTER TABLE run ADD COLUMN bytes INTEGER;"
	"UPDATE run SET target = coalesce((SELECT max(target) FROM measure WHERE measure.run = run.id), ''),"
	" headline = CASE WHEN EXISTS (SELECT 1 FROM measure WHERE measure.run = run.id AND use = 'hold-out')"
	" THEN 'hold-out' ELSE 'all' END, events = (SELECT sum(events) FROM run_dataset d WHERE d.run = run.id);"
	/* of what name ('': the project's only one) a run is the reference */
	"CREATE TABLE reference(name TEXT PRIMARY KEY, run " RUN ", set_at TEXT NOT NULL) STRICT;"
	"CREATE INDEX reference_of ON reference(run);";

static const char more_of_datasets[] =
	"ALTER TABLE run_dataset ADD COLUMN position INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run_dataset ADD COLUMN title TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run_dataset ADD COLUMN folder TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run_dataset ADD COLUMN file TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run_dataset ADD COLUMN line INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run_dataset ADD COLUMN \"column\" INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE run_dataset ADD COLUMN description TEXT NOT NULL DEFAULT '';"
	"ALTER TABLE run_dataset ADD COLUMN event_lines INTEGER;"
	"ALTER TABLE run_dataset ADD COLUMN first TEXT;"
	"ALTER TABLE run_dataset ADD COLUMN last TEXT;"
	"CREATE TABLE run_dataset_organization(run " RUN ", dataset TEXT NOT NULL, position INTEGER NOT NULL,"
	" organization TEXT NOT NULL, PRIMARY KEY (run, dataset, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_file(run " RUN ", dataset TEXT NOT NULL, position INTEGER NOT NULL, file TEXT NOT NULL,"
	" reader TEXT NOT NULL, dialect TEXT, " COUNTER("lines") ", " COUNTER("events") ", " COUNTER("event_lines") ","
	" " COUNTER("continued") ", " COUNTER("blank") ", " COUNTER("rejected") ", " COUNTER("unmapped") ","
	" " COUNTER("unfilled") ", PRIMARY KEY (run, dataset, position)) STRICT, WITHOUT ROWID;"
	/* account: the file's position; NULL: of the dataset as a whole */
	"ALTER TABLE run_reject ADD COLUMN account INTEGER;"
	"CREATE TABLE run_unmapped(run " RUN ", dataset TEXT NOT NULL, account INTEGER, kind TEXT NOT NULL,"
	" " COUNTER("events") ") STRICT;"
	"CREATE INDEX run_unmapped_of ON run_unmapped(run, dataset);"
	"CREATE TABLE run_skipped(run " RUN ", position INTEGER NOT NULL, file TEXT NOT NULL, reason TEXT NOT NULL,"
	" PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;";

static const char more_of_measures[] =
	"CREATE TABLE measure_of_2(run " RUN ", organization TEXT NOT NULL, detection TEXT NOT NULL, target TEXT NOT NULL,"
	" " USE ", severity " SEVERITY ", disabled INTEGER, below_severity INTEGER, " COUNTER("tp") ", " COUNTER("btp") ","
	" " COUNTER("fp") ", " COUNTER("fn") ", " COUNTER("unattributed") ", " COUNTER("unknown") ", " COUNTER("tp_groups") ","
	" " COUNTER("btp_groups") ", " COUNTER("fp_groups") ", " KNOWN("unattributed_groups") ", " KNOWN("unknown_groups") ","
	" " KNOWN("fn_without_baseline") ", " KNOWN("matches") ", " COUNTER("excepted") ", " COUNTER("benign_in_scope") ","
	" " COUNTER("fp_events") ", " KNOWN("predicates") ", " KNOWN("extra") ", " KNOWN("missed") ", " RATE("recall") ","
	" " RATE("recall_without_baseline") ", " RATE("risky_recall") ", " RATE("false_positive_rate") ", " RATE("precision") ","
	" predictive_value REAL, groups_per_day REAL, false_groups_per_day REAL, budget REAL, observed_days REAL,"
	" reachability TEXT CHECK (reachability IN ('blind', 'thin', 'measured')),"
	" PRIMARY KEY (run, organization, detection, target, use)) STRICT, WITHOUT ROWID;"
	"INSERT INTO measure_of_2(" OLD_MEASURE ") SELECT " OLD_MEASURE " FROM measure;"
	"DROP TABLE measure;"
	"ALTER TABLE measure_of_2 RENAME TO measure;";

static const char totals[] =
	"CREATE TABLE run_total(run " RUN ", organization TEXT NOT NULL, " USE ", position INTEGER NOT NULL,"
	" " COUNTER("datasets") ", observed_seconds REAL, " OUTCOMES ", " COUNTER("tp_groups") ", " COUNTER("btp_groups") ","
	" " COUNTER("fp_groups") ", " COUNTER("unattributed_groups") ", " COUNTER("unknown_groups") ", " COUNTER("fn") ","
	" " COUNTER("excepted") ", " COUNTER("benign_in_scope") ", " COUNTER("fp_events") ", " RATE("recall") ","
	" " RATE("recall_without_baseline") ", " RATE("expected") ", " RATE("precision") ", " RATE("false_positive_rate") ","
	" groups_per_day REAL, false_groups_per_day REAL, PRIMARY KEY (run, organization, use)) STRICT, WITHOUT ROWID;";

static const char more_of_figures[] =
	/* detection '': the organization's own exception */
	"CREATE TABLE run_exception(run " RUN ", position INTEGER NOT NULL, organization TEXT NOT NULL,"
	" detection TEXT NOT NULL, exception TEXT NOT NULL, expired INTEGER NOT NULL, " OUTCOMES ","
	" PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;"
	/* hour: since 1970-01-01T00:00Z */
	"CREATE TABLE run_hour(run " RUN ", organization TEXT NOT NULL, hour INTEGER NOT NULL, " OUTCOMES ","
	" PRIMARY KEY (run, organization, hour)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_fidelity(run " RUN ", position INTEGER NOT NULL, organization TEXT NOT NULL,"
	" detection TEXT NOT NULL, condition TEXT NOT NULL, target TEXT NOT NULL, fidelity TEXT NOT NULL,"
	" rank INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;";

static const char more_of_episodes[] =
	/* the episodes as the corpus describes them, and the detections that each names */
	"CREATE TABLE run_dataset_episode(run " RUN ", dataset TEXT NOT NULL, position INTEGER NOT NULL,"
	" episode TEXT NOT NULL, gap TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,"
	" \"column\" INTEGER NOT NULL,"
	" PRIMARY KEY (run, dataset, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE run_episode_name(run " RUN ", dataset TEXT NOT NULL, episode TEXT NOT NULL,"
	" says TEXT NOT NULL CHECK (says IN ('expects', 'allows')), position INTEGER NOT NULL, detection TEXT NOT NULL,"
	" PRIMARY KEY (run, dataset, episode, says, position)) STRICT, WITHOUT ROWID;"
	/* and what each was for each organization; others: of a dataset of another organization's normal */
	"CREATE TABLE run_episode_result(run " RUN ", position INTEGER NOT NULL, organization TEXT NOT NULL,"
	" dataset TEXT NOT NULL, episode TEXT NOT NULL, label TEXT NOT NULL, " COUNTER("events") ", others INTEGER NOT NULL,"
	" PRIMARY KEY (run, position)) STRICT, WITHOUT ROWID;"
	/* alert_group: its number among those of the organization and detection; sample: 1, one of the first few to look at; 2, the
	 * first of its detection in its episode; 3, both */
	"ALTER TABLE alert ADD COLUMN alert_group INTEGER;"
	"ALTER TABLE alert ADD COLUMN sample INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE alert ADD COLUMN fields TEXT NOT NULL DEFAULT '';"
	"CREATE INDEX alert_sample ON alert(run) WHERE sample;";

/* What the rows of older runs still tell. */
static const char older_runs[] =
	"UPDATE alert SET sample = 1 WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER"
	" (PARTITION BY run, organization, detection, outcome ORDER BY id) AS n FROM alert"
	" WHERE outcome IN ('fp', 'unattributed', 'unknown')) WHERE n <= 3);"
	"UPDATE alert SET sample = sample + 2 WHERE id IN (SELECT min(id) FROM alert WHERE episode <> ''"
	" GROUP BY run, organization, detection, dataset, episode);"
	"INSERT INTO run_hour(run, organization, hour, tp, btp, fp, unattributed, unknown)"
	" SELECT run, organization, CAST(strftime('%s', time) AS INTEGER) / 3600, sum(outcome = 'tp'), sum(outcome = 'btp'),"
	" sum(outcome = 'fp'), sum(outcome = 'unattributed'), sum(outcome = 'unknown') FROM alert WHERE time IS NOT NULL"
	" GROUP BY 1, 2, 3;"
	"INSERT INTO run_total(run, organization, use, position, observed_seconds, tp, btp, fp, fn, unattributed, unknown,"
	" tp_groups, btp_groups, fp_groups, excepted, expected_numerator, expected_denominator)"
	" SELECT run, organization, use, dense_rank() OVER (PARTITION BY run ORDER BY organization) - 1,"
	" max(observed_days) * 86400, sum(tp), sum(btp), sum(fp), sum(fn), sum(unattributed), sum(unknown), sum(tp_groups),"
	" sum(btp_groups), sum(fp_groups), sum(excepted), sum(recall_numerator), sum(recall_denominator)"
	" FROM measure GROUP BY run, organization, use;"
	"INSERT INTO run_dataset_episode(run, dataset, position, episode, gap, file, line, \"column\")"
	" SELECT run, dataset, row_number() OVER (PARTITION BY run, dataset ORDER BY episode) - 1, episode, '', '', 0, 0"
	" FROM (SELECT DISTINCT run, dataset, episode FROM run_episode);"
	"INSERT INTO run_episode_result(run, position, organization, dataset, episode, label, others)"
	" SELECT run, row_number() OVER (PARTITION BY run ORDER BY dataset, organization, episode) - 1, organization, dataset,"
	" episode, label, 0 FROM (SELECT DISTINCT run, organization, dataset, episode, label FROM run_episode);";

static const char *const second[] = {more_of_runs, more_of_datasets, more_of_measures, totals, more_of_figures,
	more_of_episodes, older_runs, NULL};

/* Version 3: an alert costs as little as an event. A match of one event is one row of numbers, whatever the number of
 * organizations that it alerts; what many share stands beside it once. Those that come after a detection's first thousand
 * stand in blocks. The view `alert` puts it together. */

/* Nanoseconds since 1970 → as dates are written everywhere. */
#define PART_OF_SECOND(t) "((" t " % 1000000000 + 1000000000) % 1000000000)"
#define WRITTEN_TIME(t) "strftime('%Y-%m-%dT%H:%M:%S', (" t " - " PART_OF_SECOND(t) ") / 1000000000, 'unixepoch') || CASE" \
	" WHEN " PART_OF_SECOND(t) " = 0 THEN '' WHEN " PART_OF_SECOND(t) " % 1000000 = 0" \
	" THEN printf('.%03d', " PART_OF_SECOND(t) " / 1000000) WHEN " PART_OF_SECOND(t) " % 1000 = 0" \
	" THEN printf('.%06d', " PART_OF_SECOND(t) " / 1000) ELSE printf('.%09d', " PART_OF_SECOND(t) ") END || 'Z'"
#define NANOSECONDS(text) "CAST(strftime('%s', substr(" text ", 1, 19) || 'Z') AS INTEGER) * 1000000000 +" \
	" CASE WHEN substr(" text ", 20, 1) = '.' THEN" \
	" CAST(substr(rtrim(substr(" text ", 21), 'Z') || '000000000', 1, 9) AS INTEGER) ELSE 0 END"

#define PLACE(column) "CAST(substr(b." column ", n.n * (length(b." column ") / b.count) + 1, length(b." column ") / b.count)" \
	" AS INTEGER)"
#define OF_KIND "v.organization AS organization, k.detection AS detection, k.condition AS condition," \
	" k.dataset AS dataset, k.episode AS episode, v.label AS label, v.outcome AS outcome, k.file AS file"

static const char alerts[] =
	"DROP INDEX IF EXISTS alert_sample;"
	"ALTER TABLE alert RENAME TO alert_of_2;"
	/* the run's rows of alert_match, alert_event and alert_sample */
	"ALTER TABLE run ADD COLUMN first_match INTEGER;"
	"ALTER TABLE run ADD COLUMN last_match INTEGER;"
	"ALTER TABLE measure ADD COLUMN " KNOWN("limited") ";"
	"CREATE TABLE alert_kind(id INTEGER PRIMARY KEY, run " RUN ", detection TEXT NOT NULL, condition TEXT NOT NULL,"
	" dataset TEXT NOT NULL, episode TEXT NOT NULL, file TEXT NOT NULL, verdict INTEGER NOT NULL) STRICT;"
	"CREATE INDEX alert_kind_of ON alert_kind(run, detection);"
	/* what a match is for each organization that it alerts; position: of the organization in the run */
	"CREATE TABLE alert_verdict(run " RUN ", id INTEGER NOT NULL, position INTEGER NOT NULL, organization TEXT NOT NULL,"
	" label TEXT NOT NULL CHECK (label IN ('malicious', 'risky', 'benign', 'unknown')), outcome TEXT NOT NULL,"
	" severity " SEVERITY ", PRIMARY KEY (run, id, position)) STRICT, WITHOUT ROWID;"
	"CREATE TABLE alert_entity(run " RUN ", id INTEGER NOT NULL, entity TEXT NOT NULL, PRIMARY KEY (run, id))"
	" STRICT, WITHOUT ROWID;"
	/* moment: alerts of one event have the same; rows of a kind belong to its run (see run_deleted) */
	"CREATE TABLE alert_match(id INTEGER PRIMARY KEY, kind INTEGER NOT NULL, moment INTEGER NOT NULL,"
	" entity INTEGER NOT NULL, line INTEGER NOT NULL, time INTEGER, alert_group INTEGER) STRICT;"
	/* Most of many alerts: `count` of them. Each of the last six columns has a number an alert, all of one width; those in kinds,
	 * moments, lines and times are differences to the block's. */
	"CREATE TABLE alert_block(id INTEGER PRIMARY KEY, run " RUN ", count INTEGER NOT NULL, kind INTEGER NOT NULL,"
	" moment INTEGER NOT NULL, line INTEGER NOT NULL, time INTEGER, kinds BLOB NOT NULL, moments BLOB NOT NULL,"
	" entities BLOB NOT NULL, lines BLOB NOT NULL, times BLOB NOT NULL, groups BLOB NOT NULL) STRICT;"
	/* Which bytes files had, by what the file system says of them (replay/prints.h). */
	"CREATE TABLE dataset_hash(stamp TEXT NOT NULL UNIQUE, hash TEXT NOT NULL) STRICT;"
	"CREATE TABLE alert_number(n INTEGER PRIMARY KEY) STRICT;" /* 0 to 255, to take blocks apart */
	"WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 255)"
	" INSERT INTO alert_number SELECT n FROM number;"
	"CREATE INDEX alert_block_of ON alert_block(run);"
	"CREATE TABLE alert_event(id INTEGER PRIMARY KEY, fields TEXT NOT NULL, event TEXT NOT NULL) STRICT;"
	"CREATE TABLE alert_sample(id INTEGER NOT NULL, position INTEGER NOT NULL, sample INTEGER NOT NULL,"
	" PRIMARY KEY (id, position)) STRICT, WITHOUT ROWID;"
	"CREATE TRIGGER run_deleted AFTER DELETE ON run BEGIN"
	" DELETE FROM alert_match WHERE id BETWEEN old.first_match AND old.last_match;"
	" DELETE FROM alert_event WHERE id BETWEEN old.first_match AND old.last_match;"
	" DELETE FROM alert_sample WHERE id BETWEEN old.first_match AND old.last_match; END;";

/* position in the id: no run has so many organizations */
static const char alert_view[] =
	"CREATE VIEW alert AS SELECT m.id * 65536 + v.position AS id, k.run AS run, " OF_KIND ", m.line AS line,"
	" " WRITTEN_TIME("m.time") " AS time,"
	" e.entity AS entity, v.severity AS severity, (SELECT x.event FROM alert_event x WHERE x.id = m.id) AS event,"
	" m.alert_group AS alert_group, coalesce((SELECT s.sample FROM alert_sample s WHERE s.id = m.id"
	" AND s.position = v.position), 0) AS sample,"
	" coalesce((SELECT x.fields FROM alert_event x WHERE x.id = m.id), '') AS fields"
	" FROM alert_kind k JOIN alert_match m ON m.kind = k.id JOIN alert_verdict v ON v.run = k.run AND v.id = k.verdict"
	" JOIN alert_entity e ON e.run = k.run AND e.id = m.entity"
	" UNION ALL SELECT (b.id + n.n) * 65536 + v.position, b.run, " OF_KIND ", b.line + " PLACE("lines") ", "
	WRITTEN_TIME("(b.time + " PLACE("times") ")") ", e.entity, v.severity, NULL, nullif(" PLACE("groups") ", 0), 0, ''"
	" FROM alert_block b CROSS JOIN alert_number n ON n.n < b.count CROSS JOIN alert_kind k ON k.id = b.kind + " PLACE("kinds")
	" CROSS JOIN alert_verdict v ON v.run = b.run AND v.id = k.verdict"
	" CROSS JOIN alert_entity e ON e.run = b.run AND e.id = " PLACE("entities") ";";

/* Alerts of older runs: each is a match of its own, and all events were kept. */
static const char older_alerts[] =
	"INSERT INTO alert_entity SELECT run, row_number() OVER (PARTITION BY run ORDER BY entity), entity"
	" FROM (SELECT DISTINCT run, entity FROM alert_of_2);"
	"INSERT INTO alert_verdict SELECT run, row_number() OVER (PARTITION BY run ORDER BY organization, label, outcome, severity),"
	" 0, organization, label, outcome, severity FROM (SELECT DISTINCT run, organization, label, outcome, severity"
	" FROM alert_of_2);"
	"INSERT INTO alert_kind SELECT row_number() OVER (ORDER BY a.run, v.id), a.run, detection, condition, dataset, episode,"
	" file, v.id FROM (SELECT DISTINCT run, detection, condition, dataset, episode, file, organization, label, outcome,"
	" severity FROM alert_of_2) a JOIN alert_verdict v USING (run, organization, label, outcome, severity);"
	"INSERT INTO alert_match SELECT a.id, k.id, a.id, e.id, a.line, " NANOSECONDS("a.time") ", a.alert_group"
	" FROM alert_of_2 a JOIN alert_verdict v USING (run, organization, label, outcome, severity)"
	" JOIN alert_kind k ON k.run = a.run AND k.verdict = v.id AND k.detection = a.detection AND k.condition = a.condition"
	" AND k.dataset = a.dataset AND k.episode = a.episode AND k.file = a.file"
	" JOIN alert_entity e ON e.run = a.run AND e.entity = a.entity ORDER BY a.id;"
	"INSERT INTO alert_event SELECT id, fields, event FROM alert_of_2;"
	"INSERT INTO alert_sample SELECT id, 0, sample FROM alert_of_2 WHERE sample;"
	"UPDATE run SET first_match = (SELECT min(id) FROM alert_of_2 a WHERE a.run = run.id),"
	" last_match = (SELECT max(id) FROM alert_of_2 a WHERE a.run = run.id);"
	"DROP TABLE alert_of_2;"
	"CREATE INDEX alert_match_of ON alert_match(kind, line);";

static const char *const third[] = {alerts, alert_view, older_alerts, NULL};

/* Version 4: figures of recordings that are too short for daily ones. */
static const char hourly[] =
	"ALTER TABLE measure ADD COLUMN false_groups_per_hour REAL;"
	"ALTER TABLE run_total ADD COLUMN false_groups_per_hour REAL;";

static const char *const fourth[] = {hourly, NULL};

/* Version 5: reachability may be brief. */
static const char brief[] =
	"ALTER TABLE measure ADD COLUMN reach TEXT CHECK (reach IN ('blind', 'thin', 'brief', 'measured'));"
	"UPDATE measure SET reach = reachability;"
	"ALTER TABLE measure DROP COLUMN reachability;"
	"ALTER TABLE measure RENAME COLUMN reach TO reachability;";

static const char *const fifth[] = {brief, NULL};

const char *const *const migrations[] = {first, second, third, fourth, fifth};
const size_t migration_count = sizeof migrations / sizeof *migrations;
