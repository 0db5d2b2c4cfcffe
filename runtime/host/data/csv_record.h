/* csv_record.h - the records of a CSV file, one after the other (RFC 4180). */
#ifndef DLC_HOST_DATA_CSV_RECORD_H
#define DLC_HOST_DATA_CSV_RECORD_H

#include "host/data/stream.h"

typedef struct Records {
    Stream stream;
    Fault *fault;
    int64_t record; /* line where the record starts */
    char *text;     /* fields, each ended by NUL */
    size_t length;  /* of all */
    size_t *start;  /* of each field in text */
    int64_t n_fields;
    /* of the reader */
    unsigned char *block;
    int64_t at, filled, line, fields_room;
    size_t room;
    bool failed;
} Records;

/* Close also after a failure. */
bool dlc_records_open(Records *records, const char *path, Fault *fault);
void dlc_records_close(Records *records);

/* One record. *more: false at the end of the file. Lines without a character are
 * skipped. */
bool dlc_records_next(Records *records, bool *more);

#endif
