/* zip.h - members of a ZIP archive, stored or deflated (APPNOTE 6.3, 64-bit sizes). */
#ifndef DLC_HOST_DATA_ZIP_H
#define DLC_HOST_DATA_ZIP_H

#include <stdint.h>
#include <stdio.h>

#include "host/report/fault.h"

typedef struct ZipMember {
    const char *name; /* the archive's; not ended by a zero */
    int name_length;
    uint64_t packed, size, offset; /* size: unpacked; offset: of its local head */
    uint32_t crc;
    int method;
} ZipMember;

typedef struct Zip {
    const char *path; /* the caller's */
    FILE *file;
    int64_t length;
    ZipMember *member;
    int n_members;
    unsigned char *directory; /* where the names stand */
} Zip;

/* Reads the directory. After false (reported) it must be closed too. */
bool dlc_zip_open(Zip *zip, const char *path, Fault *fault);
void dlc_zip_close(Zip *zip);

/* Unpacks a member into new memory that grows with what is really there, and checks its
 * CRC. NULL: reported with file and offset. */
unsigned char *dlc_zip_unpack(const Zip *zip, const ZipMember *member, Fault *fault);

/* Both for the one member of that name; where there is none the help lists them. */
unsigned char *dlc_zip_read(const char *path, const char *member, int64_t *bytes,
                            Fault *fault);

#endif
