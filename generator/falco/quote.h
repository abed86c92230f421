/*
 * quote: texts as Falco's filter language and its rule files read them.
 *
 * A bare word ends at a blank, bracket, comma, equals sign or quote. Within quotes the lexer ends the text at
 * the first quote that has no backslash right before it, so no text that ends with a backslash can be
 * written there: falco_quotable says so beforehand.
 */
#ifndef MEWS_FALCO_QUOTE_H
#define MEWS_FALCO_QUOTE_H

#include "catalog/text.h"

/* May it stand without quotes: letters, digits and / . _ - : @ after a letter, digit or slash, and no word of
 * the language? */
bool falco_bare(struct text value);
/* Can it be written at all? */
bool falco_quotable(struct text value);
/* Bare, in double quotes, or in single ones where it holds double quotes alone. */
void falco_quote(struct buffer *out, struct text value);
/* A regular expression as the engine writes them (regex.h), always in quotes; `fold`: without regard to case;
 * `lines`: as in rule.h. */
void falco_quote_regex(struct buffer *out, struct text regex, bool fold, bool lines);
/* A wildcard pattern that glob reads as we do: of plain characters and stars. */
bool falco_glob(struct text pattern);
/* A value of an exception in single YAML quotes: Falco pastes it into the condition, quoting only what holds a
 * blank, so it carries its own quotes. false: it cannot be written so (nothing was added). */
bool falco_exception_value(struct buffer *out, struct text value);
/* Text in double YAML quotes. */
void falco_yaml(struct buffer *out, struct text text);

#endif
