/* html_glossary: the words of the page. `[words|id]` in prose leads here. */
#include "replay/report/html_sections.h"

static const struct {
	const char *id, *name, *words; /* words: prose */
} entries[] = {
	{"alert", "Alert", "An event on which a detection’s condition holds and that no [exception] removes. An event"
		" counts once for a"
		" detection."},
	{"group", "Alert group", "What one person would look at in one go: alerts of one detection on one container"
		" (else session, else"
		" host) within five minutes."},
	{"tp", "TP, true positive", "An alert inside a recorded attack that expects or allows the detection."},
	{"btp", "BTP, benign true positive", "An alert on a risky act: right to be told, though nobody attacked."},
	{"fp", "FP, false positive; false alarm", "An alert on ordinary work."},
	{"fn", "FN, false negative", "An alert that a recorded attack expects and that did not come."},
	{"unattributed", "Unattributed", "An alert inside an attack that does not name the detection: it may be right,"
		" somebody has to"
		" say."},
	{"unlabelled", "Unknown, unlabelled", "An alert on an event that nobody has judged."},
	{"recall", "Recall; attacks noticed", "Of the recorded attacks that expect a detection, the share in which it"
		" alerted. For an"
		" organization: the attacks in which at least one expected detection did. “Without its baseline” leaves its"
		" exceptions and"
		" switches out."},
	{"precision", "Precision", "The share of [alert groups|group] that were worth it: (TP + BTP) of (TP + BTP + FP)."
		" It holds for"
		" this corpus, where attacks are as many as were recorded."},
	{"predictive-value", "Predictive value", "The share of alert groups that are attacks on a day with one attack:"
		" recall / (recall +"
		" false groups a day). It is what an analyst lives with."},
	{"fp-rate", "FP rate", "Of the ordinary events that a detection looks at at all (in scope), the share on which"
		" it alerted."},
	{"interval", "Interval (95 %)", "What the true rate may be, given how little was seen: 17 of 17 is “80–100 %”,"
		" not “100 %”. The"
		" bar is the interval, the mark in it the rate that was seen. Rates of attacks and groups have exact"
		" (Clopper–Pearson) intervals; those of events go by the hour, since events come in bursts."},
	{"reachability", "Reachability: blind, thin, brief, measured", "Could this corpus have shown a false positive at all?"
		" Blind: no ordinary"
		" event is of the kind that the detection looks at; that it was silent says nothing. Thin: none came close."
		" Brief: some came close, but in too few hours for the budget. Measured: some came close, or alerted."},
	{"baseline", "Baseline", "What an organization makes of the detections: severities, what is switched off, and its"
		" [exceptions|exception]."},
	{"exception", "Exception", "A condition under which an alert is normal for an organization, with a reason, an"
		" owner and an end."},
	{"blind-spot", "Blind spot", "What an exception would newly hide: recorded events, and attack events changed"
		" until the exception"
		" covers them (mutants)."},
	{"hold-out", "Hold-out and develop", "Detections are tuned on datasets for developing; figures come from those"
		" that were held out,"
		" where there are such."},
	{"foreign", "Others", "Datasets that are another organization’s normal. They are measured apart: what is"
		" ordinary there need not be"
		" here."},
	{"fidelity", "Fidelity", "How a target’s rule relates to the condition. Exact: it matches the same. Wider: the"
		" same and more."
		" Approximate: some less or more. Collects: the target records, and something else has to ask. Unsupported:"
		" it cannot."},
	{"mcnemar", "McNemar’s exact test (p)", "Both runs were asked about the same attacks and alert groups; only"
		" those that differ"
		" count. p is how likely so lopsided a difference is if nothing but chance were at work. Below 0.05 it"
		" stands in bold."},
};

void html_write_glossary(struct page *page)
{
	fputs("<dl class=\"gloss\">\n", page->out);
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++) {
		fprintf(page->out, "<dt id=\"g-%s\">%s</dt><dd>", entries[i].id, entries[i].name);
		html_prose(page->out, entries[i].words);
		fputs("</dd>\n", page->out);
	}
	fputs("</dl>\n", page->out);
}
