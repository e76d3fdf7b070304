/* `cairn render`: one template to standard output, exactly by the Mustache specification.
 */
#pragma once

#include "base/diag.h"

/* Renders the file `template_path` with the data of `data_path` (JSON where the name ends
 * in .json, else YAML; "-" is standard input; NULL: no data) and the partials
 * `partials_dir`/NAME.mustache (NULL: none). Missing names and partials are empty; a
 * list's own names (text/value.h) are there, but give way to the data's.
 *
 * Returns the exit status: 0 and the result on standard output; 1 where the template, a
 * partial or the data is faulty or too large; 2 where a file can't be read or the result
 * can't be written. Then nothing is on standard output, and diagnostics in `format`, or
 * the reason, are on standard error. */
int render_command(const char *template_path, const char *data_path,
                   const char *partials_dir, DiagFormat format);
