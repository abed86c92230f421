/*
 * formats: the functions behind the rows of `export_formats` (export.h); nobody else calls them.
 */
#ifndef MEWS_EXPORT_FORMATS_H
#define MEWS_EXPORT_FORMATS_H

#include "replay/export/export.h"

#endif
