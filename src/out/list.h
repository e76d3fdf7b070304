/* `cairn list`: the model as lines of tab-separated text, or as JSON. */
#pragma once

#include "base/buf.h"
#include "site/site.h"

/* Appends the list `what` of `site`. False where there is no such list (*err names those
 * that there are), or where the theme can't be read for the list of outputs. */
bool list_print(const Site *site, Str what, bool json, Buf *out, Err *err);
