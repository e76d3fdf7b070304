/* Hrefs: from a URL of the site to what stands in a published file.
 *
 * The model knows one form of URL: the path from the site's root ("/explainers/sql/"),
 * perhaps with an anchor. Where a file is published, a link to it is written in one of
 * three forms, and the URL itself serves as it is in the most common one, without an
 * allocation. */
#pragma once

#include "site/site.h"

typedef enum HrefForm {
    HREF_PATH,     /* "/weekly/explainers/sql/": the base path before it */
    HREF_RELATIVE, /* "../../explainers/sql/index.html": opens from file:// too */
    HREF_ABSOLUTE, /* "https://example.org/weekly/explainers/sql/" */
} HrefForm;

typedef struct HrefBase {
    HrefForm form;
    Str prefix; /* PATH, ABSOLUTE: what comes before the URL, no slash at its end */
    Str url;    /* of the file that is written; ABSOLUTE: empty */
    Str dir;    /* RELATIVE: that file's directory, from '/' to '/' */
} HrefBase;

/* `prefix` is percent-encoded (in `arena`) where that is needed. */
HrefBase href_base_prefix(HrefForm form, Arena *arena, Str prefix, Str url);
HrefBase href_base_relative(Str url);

/* `url` as it must stand in the file, percent-encoded where RFC 3986 asks for it. What
 * does not start with one '/' (another host, mailto:, a bare "#anchor") is only encoded.
 * The result is `url` itself or lives in `arena`. */
Str href_make(const HrefBase *base, Arena *arena, Str url);

/* The same for the place `id` on the page `url`; on the page itself only "#id". */
Str href_place(const HrefBase *base, Arena *arena, Str url, Str id);

/* `url` with host ("https://example.org/weekly/explainers/sql/"); empty where the site
 * has no base_url. */
Str href_absolute(const Site *site, Arena *arena, Str url);

/* The file that `url` (without anchor) is published as, relative to the output, in
 * `arena`:
 * "/a/" is "a/index.html", "/a.html" is "a.html". */
Str href_file(Arena *arena, Str url);
