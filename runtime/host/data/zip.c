/* zip.c - one member of a ZIP archive. Only what the file's length admits is believed.
 */
#include "host/data/zip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "host/data/little.h"
#include "host/report/text.h"

enum { TAIL = 22 + 65535, HEAD = 46, LOCAL = 30 };

typedef struct Archive {
    const char *path;
    FILE *file;
    int64_t length;
    Fault *fault;
} Archive;

typedef struct Member {
    uint64_t packed, size, offset;
    uint32_t crc;
    int method;
} Member;

static bool read_at(const Archive *z, int64_t offset, void *to, int64_t bytes)
{
    if (offset < 0 || bytes < 0 || offset > z->length - bytes) {
        return dlc_fault(
            z->fault, "%s: ends at offset %lld, expected %lld bytes at %lld", z->path,
            (long long)z->length, (long long)bytes, (long long)offset);
    }
    if (fseeko(z->file, (off_t)offset, SEEK_SET) != 0 ||
        fread(to, 1, (size_t)bytes, z->file) != (size_t)bytes) {
        return dlc_fault(z->fault, "%s: cannot be read at offset %lld: %s", z->path,
                         (long long)offset, strerror(errno));
    }
    return true;
}

static bool archive_open(Archive *z, const char *path, Fault *fault)
{
    *z = (Archive){ .path = path, .fault = fault, .file = fopen(path, "rb") };
    if (z->file == NULL || fseeko(z->file, 0, SEEK_END) != 0) {
        return dlc_fault(fault, "%s: cannot be opened: %s", path, strerror(errno));
    }
    z->length = (int64_t)ftello(z->file);
    return z->length >= 0 || dlc_fault(fault, "%s: cannot be read", path);
}

/* The central directory, in new memory; its record ends the file. */
static unsigned char *read_directory(const Archive *z, int64_t *bytes)
{
    const int64_t tail = z->length < TAIL ? z->length : TAIL;
    unsigned char *end = dlc_new((size_t)tail, 1, z->path, z->fault);
    unsigned char *directory = NULL;
    int64_t at = tail - 22;
    if (end == NULL || !read_at(z, z->length - tail, end, tail)) {
        free(end);
        return NULL;
    }
    while (at >= 0 && memcmp(end + at, "PK\5\6", 4) != 0) {
        at--;
    }
    if (at < 0) {
        dlc_fault(z->fault,
                  "%s: offset %lld: not a whole .npz: no directory at its end", z->path,
                  (long long)z->length);
    } else {
        const int64_t size = (int64_t)dlc_little(end + at + 12, 4);
        const int64_t offset = (int64_t)dlc_little(end + at + 16, 4);
        if (offset > z->length || size > z->length - offset) {
            dlc_fault(z->fault, "%s: its directory lies past offset %lld, its end",
                      z->path, (long long)z->length);
        } else {
            directory = dlc_new((size_t)size + 1, 1, z->path, z->fault);
            *bytes = size;
            if (directory != NULL && !read_at(z, offset, directory, size)) {
                free(directory);
                directory = NULL;
            }
        }
    }
    free(end);
    return directory;
}

/* Sizes that do not fit 32 bits stand in an extra field (id 1), in this order. */
static void read_wide(Member *m, const unsigned char *extra, int64_t bytes)
{
    for (int64_t at = 0; at + 4 <= bytes;) {
        const int64_t size = (int64_t)dlc_little(extra + at + 2, 2);
        const unsigned char *value = extra + at + 4, *end = value + size;
        uint64_t *const wide[] = { &m->size, &m->packed, &m->offset };
        if (size > bytes - at - 4) {
            return;
        }
        for (int i = 0; dlc_little(extra + at, 2) == 1 && i < 3; i++) {
            if (*wide[i] == 0xFFFFFFFFu && end - value >= 8) {
                *wide[i] = dlc_little(value, 8);
                value += 8;
            }
        }
        at += 4 + size;
    }
}

static bool find_member(const Archive *z, const unsigned char *directory, int64_t bytes,
                        const char *name, Member *m)
{
    char names[500];
    Text text = dlc_text(names, sizeof names);
    names[0] = '\0';
    for (int64_t at = 0; at + HEAD <= bytes;) {
        const unsigned char *head = directory + at;
        const int64_t n = (int64_t)dlc_little(head + 28, 2);
        const int64_t extra = (int64_t)dlc_little(head + 30, 2);
        const int64_t next = at + HEAD + n + extra + (int64_t)dlc_little(head + 32, 2);
        if (memcmp(head, "PK\1\2", 4) != 0 || next > bytes) {
            return dlc_fault(z->fault, "%s: its directory is broken", z->path);
        }
        if ((size_t)n == strlen(name) && memcmp(head + HEAD, name, (size_t)n) == 0) {
            *m = (Member){ .method = (int)dlc_little(head + 10, 2),
                           .crc = (uint32_t)dlc_little(head + 16, 4),
                           .packed = dlc_little(head + 20, 4),
                           .size = dlc_little(head + 24, 4),
                           .offset = dlc_little(head + 42, 4) };
            read_wide(m, head + HEAD + n, extra);
            return true;
        }
        dlc_text_add(&text, "%s%.*s", text.length > 0 ? ", " : "", n > 40 ? 40 : (int)n,
                     (const char *)head + HEAD);
        at = next;
    }
    dlc_fault(z->fault, "%s: holds no %s", z->path, name);
    return dlc_fault_help(z->fault, "it holds %s", names);
}

/* Inflates `packed` bytes; the room doubles up to the size that the directory says. */
static unsigned char *unpack(const Archive *z, const Member *m,
                             const unsigned char *packed)
{
    z_stream s = { .next_in = NULL };
    uint64_t room = m->size < 1 << 20 ? m->size : 1 << 20, used = 0, read = 0;
    unsigned char *data = malloc((size_t)room + 1);
    int code = data == NULL || inflateInit2(&s, -15) != Z_OK ? Z_MEM_ERROR : Z_OK;
    while (code == Z_OK) {
        if (used == room && room < m->size) {
            room = room > m->size / 2 ? m->size : 2 * room;
            unsigned char *larger = realloc(data, (size_t)room + 1);
            code = larger == NULL ? Z_MEM_ERROR : Z_OK;
            data = larger == NULL ? data : larger;
            continue;
        }
        const uint64_t in = m->packed - read, out = room + (room == m->size) - used;
        s.next_in = (unsigned char *)(uintptr_t)(packed + read);
        s.avail_in = in > 1 << 30 ? 1u << 30 : (uInt)in;
        s.next_out = data + used;
        s.avail_out = out > 1 << 30 ? 1u << 30 : (uInt)out;
        const uInt had_in = s.avail_in, had_out = s.avail_out;
        code = inflate(&s, Z_NO_FLUSH);
        read += had_in - s.avail_in;
        used += had_out - s.avail_out;
        if (used > m->size) {
            code = Z_DATA_ERROR;
        }
    }
    inflateEnd(&s);
    if (code == Z_STREAM_END && used == m->size) {
        return data;
    }
    dlc_fault(z->fault,
              code == Z_MEM_ERROR ? "%s: out of memory for a member at offset %lld"
                                  : "%s: packed data at offset %lld is corrupt",
              z->path, (long long)m->offset);
    free(data);
    return NULL;
}

static unsigned char *read_member(const Archive *z, const Member *m)
{
    unsigned char local[LOCAL];
    const uint64_t length = (uint64_t)z->length;
    if (m->offset > length || !read_at(z, (int64_t)m->offset, local, LOCAL)) {
        if (m->offset > length) {
            dlc_fault(z->fault, "%s: a member lies past offset %lld, its end", z->path,
                      (long long)z->length);
        }
        return NULL;
    }
    const uint64_t at =
        m->offset + LOCAL + dlc_little(local + 26, 2) + dlc_little(local + 28, 2);
    if (memcmp(local, "PK\3\4", 4) != 0 || at > length || m->packed > length - at ||
        (m->method == 0 && m->packed != m->size) ||
        (m->method != 0 && m->method != 8)) {
        dlc_fault(z->fault,
                  "%s: offset %lld: a member that is broken, or packed by "
                  "method %d",
                  z->path, (long long)m->offset, m->method);
        return NULL;
    }
    unsigned char *data = dlc_new((size_t)m->packed + 1, 1, z->path, z->fault);
    if (data == NULL || !read_at(z, (int64_t)at, data, (int64_t)m->packed)) {
        free(data);
        return NULL;
    }
    if (m->method == 8) {
        unsigned char *plain = unpack(z, m, data);
        free(data);
        data = plain;
    }
    return data;
}

unsigned char *dlc_zip_read(const char *path, const char *member, int64_t *bytes,
                            Fault *fault)
{
    Archive z;
    Member m = { 0 };
    int64_t length = 0;
    unsigned char *directory = NULL, *data = NULL;
    if (archive_open(&z, path, fault)) {
        directory = read_directory(&z, &length);
    }
    if (directory != NULL && find_member(&z, directory, length, member, &m)) {
        data = read_member(&z, &m);
    }
    *bytes = (int64_t)m.size;
    unsigned long crc = crc32(0, NULL, 0);
    for (uint64_t at = 0; data != NULL && at < m.size; at += 1 << 30) {
        const uint64_t left = m.size - at;
        crc = crc32(crc, data + at, left > 1 << 30 ? 1u << 30 : (uInt)left);
    }
    if (data != NULL && crc != m.crc) {
        dlc_fault(fault, "%s: offset %lld: %s does not have its CRC", path,
                  (long long)m.offset, member);
        free(data);
        data = NULL;
    }
    if (z.file != NULL) {
        fclose(z.file);
    }
    free(directory);
    return data;
}
