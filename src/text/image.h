/* Sizes of pictures, from their headers: PNG, JPEG, GIF, WebP, AVIF, SVG. */
#pragma once

#include "base/str.h"

/* The size in CSS pixels at which browsers show the picture that `bytes` begin with: a
 * turn that the file asks for (EXIF in JPEG, irot in AVIF) swaps the sides; an SVG
 * without width and height in pixels has that of its viewBox. `bytes` may be the
 * beginning of a file. False (and the outputs unchanged) where the format is none of
 * these, or the header is malformed, says zero, or is not in `bytes`. Time is linear;
 * nothing outside is read. */
bool image_size(Str bytes, int *width, int *height);
