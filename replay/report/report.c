/* report: the formats by name (see report.h). */
#include "replay/report/formats.h"

const struct report reports[] = {
	{"table", "for a terminal; what needs attention first", report_table, false, false, false},
	{"json", "for programs", report_json, false, true, false},
	{"csv", "one line for each organization and detection", report_csv, false, false, false},
	{"junit", "test results for CI servers, a case for each detection in each organization", report_junit, false, true, false},
	{"sarif", "findings at the lines where they are mended, for code scanning and editors", report_sarif, false, true, true},
	{"markdown", "a comment for a pull request", report_markdown, false, false, true},
	{"navigator", "ATT&CK Navigator layer: techniques by measured recall", report_navigator, false, true, false},
	{"html", "one self-contained page for a browser", report_html, true, false, false},
	{NULL, NULL, NULL, false, false, false},
};

const struct report *report_find(struct text name)
{
	for (const struct report *report = reports; report->name; report++)
		if (text_is(name, report->name))
			return report;
	return NULL;
}
