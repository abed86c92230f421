/* formats: the report formats, one file each. report.c's table names them; nobody else calls them. */
#ifndef MEWS_REPORT_FORMATS_H
#define MEWS_REPORT_FORMATS_H

#include "replay/report/report.h"

int report_table(const struct results *results, const struct report_options *options, FILE *out);
int report_json(const struct results *results, const struct report_options *options, FILE *out);
int report_csv(const struct results *results, const struct report_options *options, FILE *out);
int report_junit(const struct results *results, const struct report_options *options, FILE *out);
int report_sarif(const struct results *results, const struct report_options *options, FILE *out);
int report_markdown(const struct results *results, const struct report_options *options, FILE *out);
int report_navigator(const struct results *results, const struct report_options *options, FILE *out);
int report_html(const struct results *results, const struct report_options *options, FILE *out);

#endif
