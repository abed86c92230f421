/*
 * xml_text: any bytes as text of XML 1.0, in elements and in attributes alike.
 *
 * Markup is escaped; what XML has no place for (control characters, U+FFFE, bytes that are no UTF-8) becomes U+FFFD.
 */
#ifndef MEWS_XML_TEXT_H
#define MEWS_XML_TEXT_H

#include "catalog/text.h"

#include <stdio.h>

void xml_text(FILE *out, struct text text);

#endif
