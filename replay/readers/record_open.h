/*
 * record_open: names that stand inside a record's values, as the dialect says.
 *
 *   unpack: args      args = "[{'name': 'flags', 'value': 577}]"   a document as text: JSON, or as Python prints it
 *   pairs:  {args: {name: name, value: value}}                     objects that are name and value → args.flags = 577
 *   names:  {call: {name: function, take: "sys_(.*)"}}             names that are made of others
 *
 * The record is in use by its plan. Documents become names as json_record.h has it; what does not end, or is none, stays
 * the text that it was.
 */
#ifndef MEWS_RECORD_OPEN_H
#define MEWS_RECORD_OPEN_H

#include "replay/readers/record.h"

void record_open(struct record *record);

#endif
