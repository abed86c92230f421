/*
 * banned: functions that this code does not call. Included before every file by the Makefile, so that
 * a use stops the build. strtok and atoi have no errors; the others write without a bound.
 */
#ifndef MEWS_BANNED_H
#define MEWS_BANNED_H

/* Their declarations must come first: poisoned names may not even be declared afterwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Under clang a fortified libc has some of them as macros, and what is a macro cannot be poisoned. */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok atoi atol atof

#endif
