/* `cairn list`: the model as lines of tab-separated text, or as JSON. */
#pragma once

#include "base/buf.h"
#include "site/site.h"

/* Appends the list `what` of `site`; false where there is no such list. */
bool list_print(const Site *site, Str what, bool json, Buf *out);

/* "explainers, issues, …", for a message. */
const char *list_names(void);
