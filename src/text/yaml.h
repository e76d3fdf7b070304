/* YAML to Node, through libyaml's events.
 *
 * Plain scalars are resolved by the YAML 1.2 core schema (section 10.3.2): null, ~, true,
 * false, integers, floats; "no", "on" and dates stay text. Aliases, anchors, tags,
 * duplicate keys, more than one document and keys that are no scalars are refused. */
#pragma once

#include "base/diag.h"
#include "base/node.h"

typedef struct YamlLimits {
    int depth;        /* nested lists and mappings */
    ptrdiff_t events; /* libyaml events, about two for each value */
} YamlLimits;

extern const YamlLimits yaml_front_matter_limits; /* depth 64, 10,000 events */
extern const YamlLimits yaml_file_limits;         /* depth 64, 1,000,000 events */

/* Reads source->text[from, to). Returns the root (an empty text is an empty mapping),
 * whose offsets count from the start of the Source; or NULL after adding one diagnostic
 * (yaml_syntax, yaml_limit, yaml_alias, yaml_tag, yaml_duplicate_key, invalid_utf8,
 * nul_byte). The tree lives in `arena` and borrows nothing but the Source. */
const Node *yaml_read(const Source *source, ptrdiff_t from, ptrdiff_t to,
                      YamlLimits limits, Arena *arena, DiagList *diags);
