/*
 * xml_record: an XML document → raw names of a record, as the same event has them in JSON.
 *
 *   <Event><System><Provider Name="Linux-Sysmon"/><EventID>1</EventID></System>
 *     <EventData><Data Name="Image">/usr/bin/id</Data></EventData></Event>
 *
 * Elements are joined by dots (Event.System.EventID), an attribute is Event.System.Provider.Name, and <Data Name="Image"> is
 * Event.EventData.Image. Names begin at the root element. At most 16 deep and 4096 names.
 */
#ifndef MEWS_XML_RECORD_H
#define MEWS_XML_RECORD_H

#include "replay/readers/record.h"

struct xml_record; /* keeps its memory between documents */

struct xml_record *xml_record_new(void);
void xml_record_free(struct xml_record *xml);
/* Adds the document's names. false: it is no such document (names before the fault may have been added). */
bool xml_record_take(struct xml_record *xml, struct text document, struct record *record);

#endif
