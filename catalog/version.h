/* version: of mews, as packs, runs and `mews --version` state it. */
#ifndef MEWS_VERSION_H
#define MEWS_VERSION_H

#define MEWS_VERSION "0.1.0"

#endif
