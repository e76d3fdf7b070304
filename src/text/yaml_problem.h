/* What libyaml refuses, told in an author's words. Only text/yaml.c includes this. */
#pragma once

#include "base/diag.h"

typedef struct YamlProblem {
    const Source *source;
    const char *problem; /* libyaml's texts; NULL where it has none */
    const char *context;
    ptrdiff_t problem_at; /* byte offsets in the source; -1 where libyaml gives none */
    ptrdiff_t context_at;
    int character; /* what the reader choked on, or -1 */
} YamlProblem;

/* Adds one diagnostic. */
void yaml_problem_add(const YamlProblem *problem, DiagList *diags);
