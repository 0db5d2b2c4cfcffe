/* image.h - PNG and JPEG files as samples of a field u8[height, width, 3 or 1]. */
#ifndef DLC_HOST_DATA_IMAGE_H
#define DLC_HOST_DATA_IMAGE_H

#include "host/data/folder.h"

extern const FileKind dlc_image_kind;

/* Decodes one file, told by its first bytes. Alpha is left out; colours become grey by
 * 0.299 R + 0.587 G + 0.114 B where the field has one channel. An image of another size
 * is stretched to the field's: a triangle filter, as wide as a pixel of the smaller of
 * both images, so shrinking averages. `source` is not used. */
bool dlc_image_decode(const char *path, const dlc_field *field,
                      const dlc_source *source, void *to, Fault *fault);

/* Resamples 8-bit pixels as above. Height, width, channels of `from`; `to` has the same
 * channels. */
bool dlc_image_resize(const unsigned char *from, int64_t h, int64_t w, int64_t channels,
                      unsigned char *to, int64_t to_h, int64_t to_w, Fault *fault);

#endif
