/* zip.c - members of a ZIP archive. Only what the file's length admits is believed. */
#include "host/data/zip.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "host/data/little.h"
#include "host/report/text.h"

enum { TAIL = 22 + 65535, HEAD = 46, LOCAL = 30 };

static bool read_at(const Zip *z, int64_t offset, void *to, int64_t bytes, Fault *fault)
{
    if (offset < 0 || bytes < 0 || offset > z->length - bytes) {
        return dlc_fault(fault, "%s: ends at offset %lld, expected %lld bytes at %lld",
                         z->path, (long long)z->length, (long long)bytes,
                         (long long)offset);
    }
    if (fseeko(z->file, (off_t)offset, SEEK_SET) != 0 ||
        fread(to, 1, (size_t)bytes, z->file) != (size_t)bytes) {
        return dlc_fault(fault, "%s: cannot be read at offset %lld: %s", z->path,
                         (long long)offset, strerror(errno));
    }
    return true;
}

/* The central directory, in new memory; its record ends the file. */
static unsigned char *read_directory(const Zip *z, int64_t *bytes, Fault *fault)
{
    const int64_t tail = z->length < TAIL ? z->length : TAIL;
    unsigned char *end = dlc_new((size_t)tail, 1, z->path, fault);
    unsigned char *directory = NULL;
    int64_t at = tail - 22;
    if (end == NULL || !read_at(z, z->length - tail, end, tail, fault)) {
        free(end);
        return NULL;
    }
    while (at >= 0 && memcmp(end + at, "PK\5\6", 4) != 0) {
        at--;
    }
    if (at < 0) {
        dlc_fault(fault, "%s: offset %lld: not a whole .npz: no directory at its end",
                  z->path, (long long)z->length);
    } else {
        const int64_t size = (int64_t)dlc_little(end + at + 12, 4);
        const int64_t offset = (int64_t)dlc_little(end + at + 16, 4);
        if (offset > z->length || size > z->length - offset) {
            dlc_fault(fault, "%s: its directory lies past offset %lld, its end",
                      z->path, (long long)z->length);
        } else {
            directory = dlc_new((size_t)size + 1, 1, z->path, fault);
            *bytes = size;
            if (directory != NULL && !read_at(z, offset, directory, size, fault)) {
                free(directory);
                directory = NULL;
            }
        }
    }
    free(end);
    return directory;
}

/* Sizes that do not fit 32 bits stand in an extra field (id 1), in this order. */
static void read_wide(ZipMember *m, const unsigned char *extra, int64_t bytes)
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

/* The members that the directory's bytes list. */
static bool read_members(Zip *z, int64_t bytes, Fault *fault)
{
    z->member = dlc_new((size_t)(bytes / HEAD) + 1, sizeof *z->member, z->path, fault);
    for (int64_t at = 0; z->member != NULL && at + HEAD <= bytes;) {
        const unsigned char *head = z->directory + at;
        const int64_t n = (int64_t)dlc_little(head + 28, 2);
        const int64_t extra = (int64_t)dlc_little(head + 30, 2);
        const int64_t next = at + HEAD + n + extra + (int64_t)dlc_little(head + 32, 2);
        if (memcmp(head, "PK\1\2", 4) != 0 || next > bytes) {
            return dlc_fault(fault, "%s: its directory is broken", z->path);
        }
        ZipMember *m = &z->member[z->n_members++];
        *m = (ZipMember){ .name = (const char *)head + HEAD,
                          .name_length = (int)n,
                          .method = (int)dlc_little(head + 10, 2),
                          .crc = (uint32_t)dlc_little(head + 16, 4),
                          .packed = dlc_little(head + 20, 4),
                          .size = dlc_little(head + 24, 4),
                          .offset = dlc_little(head + 42, 4) };
        read_wide(m, head + HEAD + n, extra);
        at = next;
    }
    return z->member != NULL;
}

bool dlc_zip_open(Zip *z, const char *path, Fault *fault)
{
    int64_t bytes = 0;
    *z = (Zip){ .path = path, .file = fopen(path, "rb") };
    if (z->file == NULL || fseeko(z->file, 0, SEEK_END) != 0) {
        return dlc_fault(fault, "%s: cannot be opened: %s", path, strerror(errno));
    }
    z->length = (int64_t)ftello(z->file);
    if (z->length < 0) {
        return dlc_fault(fault, "%s: cannot be read", path);
    }
    z->directory = read_directory(z, &bytes, fault);
    return z->directory != NULL && read_members(z, bytes, fault);
}

void dlc_zip_close(Zip *z)
{
    if (z->file != NULL) {
        fclose(z->file);
    }
    free(z->member);
    free(z->directory);
    *z = (Zip){ 0 };
}

/* Inflates `packed` bytes; the room doubles up to the size that the directory says. */
static unsigned char *inflate_all(const Zip *z, const ZipMember *m,
                                  const unsigned char *packed, Fault *fault)
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
    dlc_fault(fault,
              code == Z_MEM_ERROR ? "%s: out of memory for a member at offset %lld"
                                  : "%s: packed data at offset %lld is corrupt",
              z->path, (long long)m->offset);
    free(data);
    return NULL;
}

static unsigned char *read_member(const Zip *z, const ZipMember *m, Fault *fault)
{
    unsigned char local[LOCAL];
    const uint64_t length = (uint64_t)z->length;
    if (m->offset > length || !read_at(z, (int64_t)m->offset, local, LOCAL, fault)) {
        if (m->offset > length) {
            dlc_fault(fault, "%s: a member lies past offset %lld, its end", z->path,
                      (long long)z->length);
        }
        return NULL;
    }
    const uint64_t at =
        m->offset + LOCAL + dlc_little(local + 26, 2) + dlc_little(local + 28, 2);
    if (memcmp(local, "PK\3\4", 4) != 0 || at > length || m->packed > length - at ||
        (m->method == 0 && m->packed != m->size) ||
        (m->method != 0 && m->method != 8)) {
        dlc_fault(fault,
                  "%s: offset %lld: a member that is broken, or packed by "
                  "method %d",
                  z->path, (long long)m->offset, m->method);
        return NULL;
    }
    unsigned char *data = dlc_new((size_t)m->packed + 1, 1, z->path, fault);
    if (data == NULL || !read_at(z, (int64_t)at, data, (int64_t)m->packed, fault)) {
        free(data);
        return NULL;
    }
    if (m->method == 8) {
        unsigned char *plain = inflate_all(z, m, data, fault);
        free(data);
        data = plain;
    }
    return data;
}

unsigned char *dlc_zip_unpack(const Zip *z, const ZipMember *m, Fault *fault)
{
    unsigned char *data = read_member(z, m, fault);
    unsigned long crc = crc32(0, NULL, 0);
    for (uint64_t at = 0; data != NULL && at < m->size; at += 1 << 30) {
        const uint64_t left = m->size - at;
        crc = crc32(crc, data + at, left > 1 << 30 ? 1u << 30 : (uInt)left);
    }
    if (data != NULL && crc != m->crc) {
        dlc_fault(fault, "%s: offset %lld: %.*s does not have its CRC", z->path,
                  (long long)m->offset, m->name_length, m->name);
        free(data);
        data = NULL;
    }
    return data;
}

static const ZipMember *find_member(const Zip *z, const char *name, Fault *fault)
{
    char names[500];
    Text text = dlc_text(names, sizeof names);
    names[0] = '\0';
    for (int i = 0; i < z->n_members; i++) {
        const ZipMember *m = &z->member[i];
        if ((size_t)m->name_length == strlen(name) &&
            memcmp(m->name, name, (size_t)m->name_length) == 0) {
            return m;
        }
        dlc_text_add(&text, "%s%.*s", text.length > 0 ? ", " : "",
                     m->name_length > 40 ? 40 : m->name_length, m->name);
    }
    dlc_fault(fault, "%s: holds no %s", z->path, name);
    dlc_fault_help(fault, "it holds %s", names);
    return NULL;
}

unsigned char *dlc_zip_read(const char *path, const char *member, int64_t *bytes,
                            Fault *fault)
{
    Zip z;
    unsigned char *data = NULL;
    if (dlc_zip_open(&z, path, fault)) {
        const ZipMember *m = find_member(&z, member, fault);
        if (m != NULL) {
            data = dlc_zip_unpack(&z, m, fault);
            *bytes = (int64_t)m->size;
        }
    }
    dlc_zip_close(&z);
    return data;
}
