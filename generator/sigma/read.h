/*
 * read: Sigma rules → detections; the `read` of the sigma row of generator/target.c.
 *
 *   process_creation of Linux     process where event.action == "exec" and endswith~(process.executable, "/doas")
 *   … of Windows and macOS        process where event.action == "exec" and host.os.type == "windows" and …
 *   Kubernetes audit              api where event.action == "create" and orchestrator.resource.type == "pod"
 *   auditd, what one record says  process where event.action == "unshare" and …: where all of its names have fields
 *   … else                        any where logsource.product == "linux" and logsource.service == "auditd" and a0 …
 *   all other log sources         any where logsource.product == "windows" and logsource.category == "registry_set" and …
 *
 * Names without a row in the log source's group keep their own name: native fields. What a log source is, is then asked
 * of the native fields logsource.product, .category and .service, which the writer turns into a log source again.
 * Filters become exceptions of the rules that they name (part of the condition, where a correlation joins the rule);
 * correlations become sequences and samples (correlate.h), and rules that alert only through one are no detections of
 * their own. A pySigma pipeline among the files gives its `vars` to `expand`.
 */
#ifndef MEWS_SIGMA_READ_H
#define MEWS_SIGMA_READ_H

struct import;

int sigma_read(struct import *import);

#endif
