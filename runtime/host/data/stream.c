/* stream.c - a file read from front to back, plain or gzip'd, never past its end. */
#include "host/data/stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <zlib.h>

bool dlc_stream_open(Stream *stream, const char *path, Fault *fault)
{
    *stream = (Stream){ .path = path };
    struct stat info;
    if (stat(path, &info) != 0) {
        return dlc_fault(fault, "%s: cannot be opened: %s", path, strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        return dlc_fault(fault, "%s: is a folder, expected a file", path);
    }
    errno = 0;
    stream->handle = gzopen(path, "rb");
    if (stream->handle == NULL) {
        return dlc_fault(fault, "%s: cannot be opened: %s", path,
                         errno != 0 ? strerror(errno) : "out of memory");
    }
    gzbuffer(stream->handle, 1 << 16);
    return true;
}

Stream dlc_stream_memory(const char *path, const unsigned char *memory, int64_t length)
{
    return (Stream){ .path = path, .memory = memory, .length = length };
}

void dlc_stream_close(Stream *stream)
{
    if (stream->handle != NULL) {
        gzclose_r(stream->handle);
        stream->handle = NULL;
    }
}

static bool read_failed(Stream *stream, int code, const char *text, Fault *fault)
{
    const long long offset = (long long)stream->offset;
    if (code == Z_ERRNO) {
        return dlc_fault(fault, "%s: cannot be read at offset %lld: %s", stream->path,
                         offset, strerror(errno));
    }
    if (code == Z_BUF_ERROR) {
        return dlc_fault(fault, "%s: gzip data is truncated after %lld unpacked bytes",
                         stream->path, offset);
    }
    return dlc_fault(fault, "%s: gzip data is corrupt after %lld unpacked bytes: %s",
                     stream->path, offset, text);
}

int64_t dlc_stream_read(Stream *stream, void *to, int64_t bytes, Fault *fault)
{
    unsigned char *at = to;
    int64_t have = 0;
    if (stream->memory != NULL) {
        const int64_t left = stream->length - stream->offset;
        have = bytes < left ? bytes : left;
        memcpy(to, stream->memory + stream->offset, (size_t)have);
        stream->offset += have;
        return have;
    }
    while (have < bytes) {
        const int64_t left = bytes - have;
        const unsigned part = left > 1 << 24 ? 1u << 24 : (unsigned)left;
        const int n = gzread(stream->handle, at + have, part);
        if (n > 0) {
            have += n;
            stream->offset += n;
        }
        if (n < 0 || (unsigned)n < part) {
            int code = Z_OK;
            const char *text = gzerror(stream->handle, &code);
            if (code != Z_OK && code != Z_STREAM_END) {
                read_failed(stream, code, text, fault);
                return -1;
            }
            if (n <= 0) {
                break;
            }
        }
    }
    return have;
}

unsigned char *dlc_stream_read_new(Stream *stream, int64_t bytes, int64_t *read,
                                   Fault *fault)
{
    int64_t room = bytes < 1 << 20 ? bytes : 1 << 20;
    unsigned char *data = dlc_new((size_t)room, 1, stream->path, fault);
    *read = 0;
    while (data != NULL) {
        const int64_t n = dlc_stream_read(stream, data + *read, room - *read, fault);
        if (n < 0) {
            free(data);
            return NULL;
        }
        *read += n;
        if (*read < room || room == bytes) {
            return data;
        }
        room = room > bytes / 2 ? bytes : 2 * room;
        unsigned char *larger = dlc_new((size_t)room, 1, stream->path, fault);
        if (larger != NULL) {
            memcpy(larger, data, (size_t)*read);
        }
        free(data);
        data = larger;
    }
    return NULL;
}

bool dlc_stream_is_at_end(Stream *stream, Fault *fault)
{
    unsigned char byte;
    const int64_t n = dlc_stream_read(stream, &byte, 1, fault);
    if (n > 0) {
        return dlc_fault(fault,
                         "%s: goes on after offset %lld, where its data should end",
                         stream->path, (long long)(stream->offset - 1));
    }
    return n == 0;
}
