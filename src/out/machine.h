/* Outputs for machines, which no template makes: the feed, sitemaps, robots.txt, assets.
 * Each function makes one file; see OutputKind.write. */
#pragma once

#include "out/outputs.h"

/* feed.c: Atom (RFC 4287), the newest entries with their full text. */
bool feed_write(Writer *writer, Buf *out, Str *bytes, Err *err);

/* sitemap.c: sitemaps.org protocol 0.9. One file for up to SITEMAP_URLS_MAX pages; more
 * are split into parts (Output.number from 1) behind an index (number 0, count > 0). */
enum { SITEMAP_URLS_MAX = 50000 };
bool sitemap_write(Writer *writer, Buf *out, Str *bytes, Err *err);
bool robots_write(Writer *writer, Buf *out, Str *bytes, Err *err);

/* assets.c: files that are published as they are. */
bool theme_asset_write(Writer *writer, Buf *out, Str *bytes, Err *err);
bool content_asset_write(Writer *writer, Buf *out, Str *bytes, Err *err);

/* Text for XML: as buf_html, without the characters that XML 1.0 (2.2) does not allow. */
void buf_xml(Buf *out, Str text);
