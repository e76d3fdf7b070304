#include "text/tree.h"
void md_lint(Doc *doc) { (void)doc; }
