/* The manual's reference tables, printed from the tables of the code. */
#pragma once

#include "base/buf.h"

/* Appends the Markdown page NAME of the manual (content/docs/reference/NAME.md):
 * diagnostics, keys, directives, variables or outputs. False if there is no such page. */
bool reference_print(Str name, Buf *out);

/* "diagnostics, keys, …", for a message. */
const char *reference_names(void);
