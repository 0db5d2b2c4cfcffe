/* zip.h - one member of a ZIP archive, as a stream's bytes (APPNOTE 6.3). */
#ifndef DLC_HOST_DATA_ZIP_H
#define DLC_HOST_DATA_ZIP_H

#include <stdint.h>

#include "host/report/fault.h"

/* Finds a member by name and unpacks it (stored or deflated; checked by its CRC) into
 * new memory that grows with what is really there. NULL: reported with file and offset;
 * the help lists the members where the name is not one of them. */
unsigned char *dlc_zip_read(const char *path, const char *member, int64_t *bytes,
                            Fault *fault);

#endif
