/* stream.h - a file read from front to back, plain or gzip'd, never past its end. */
#ifndef DLC_HOST_DATA_STREAM_H
#define DLC_HOST_DATA_STREAM_H

#include <stdint.h>

#include "host/report/fault.h"

typedef struct Stream {
    void *handle;                /* zlib's gzFile; NULL: from memory */
    const unsigned char *memory; /* the caller's */
    int64_t length;
    const char *path; /* the caller's; for messages */
    int64_t offset;   /* bytes delivered so far (of the unpacked data) */
} Stream;

/* Opens a file; gzip data is recognized by its first bytes, not by its name. */
bool dlc_stream_open(Stream *stream, const char *path, Fault *fault);
void dlc_stream_close(Stream *stream);

/* The same over bytes in memory; `path` is for messages. */
Stream dlc_stream_memory(const char *path, const unsigned char *memory, int64_t length);

/* Reads up to `bytes`. Returns how many were there: fewer only at the end of the file.
 * -1: the file cannot be read or its gzip data is truncated or corrupt (reported). */
int64_t dlc_stream_read(Stream *stream, void *to, int64_t bytes, Fault *fault);

/* Reads up to `bytes` into new memory that grows with what is really there, so a header
 * that claims too much costs nothing. *read: bytes read. NULL: reported. */
unsigned char *dlc_stream_read_new(Stream *stream, int64_t bytes, int64_t *read,
                                   Fault *fault);

/* True if no byte follows. */
bool dlc_stream_is_at_end(Stream *stream, Fault *fault);

#endif
