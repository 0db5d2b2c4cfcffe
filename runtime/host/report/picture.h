/* picture.h - a sample as a picture: PNG, and PNG inside a page. */
#ifndef DLC_HOST_REPORT_PICTURE_H
#define DLC_HOST_REPORT_PICTURE_H

#include <stdio.h>

#include "host/model.h"
#include "host/report/fault.h"

/* [h, w], [h, w, 1] or [h, w, 3], at least 4 and at most 512 pixels a side. */
bool dlc_picture_fits(const dlc_type *type);

/* Writes "data:image/png;base64,..." of one sample; numbers that are no bytes are
 * stretched from the least to the largest. */
bool dlc_picture_write(FILE *out, const dlc_type *type, const void *sample,
                       Fault *fault);

/* Writes a PNG of height x width pixels of three bytes. */
bool dlc_picture_save(const char *path, int64_t width, int64_t height,
                      const unsigned char *rgb, Fault *fault);

#endif
