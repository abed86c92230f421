/* report: the formats by name (see report.h). */
#include "replay/report/formats.h"

const struct report reports[] = {
	{"table", "for a terminal; what needs attention first", report_table, false, false, false, IDS_FIRST},
	{"json", "for programs", report_json, false, true, false, IDS_ALL},
	{"csv", "one line for each organization and detection", report_csv, false, false, false, IDS_NONE},
	{"junit", "test results for CI servers, a case for each detection in each organization",
		report_junit, false, true, false, IDS_NONE},
	{"sarif", "findings at the lines where they are mended, for code scanning and editors",
		report_sarif, false, true, true, IDS_NONE},
	{"markdown", "a comment for a pull request", report_markdown, false, false, true, IDS_NONE},
	{"navigator", "ATT&CK Navigator layer: techniques by measured recall", report_navigator, false, true, false, IDS_NONE},
	{"html", "one self-contained page for a browser", report_html, true, false, false, IDS_ALL},
	{NULL, NULL, NULL, false, false, false, IDS_NONE},
};

const struct report *report_find(struct text name)
{
	for (const struct report *report = reports; report->name; report++)
		if (text_is(name, report->name))
			return report;
	return NULL;
}
