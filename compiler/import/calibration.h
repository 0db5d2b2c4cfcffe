/* calibration.h - what `./model calibrate` left in a weights file: a histogram of each
 * activation, by the path of its value ("lenet/conv2/add"). */
#ifndef DLC_IMPORT_CALIBRATION_H
#define DLC_IMPORT_CALIBRATION_H

#include "import/safetensors.h"
#include "support/diag.h"
#include "support/map.h"
#include "tensor/quant.h"

typedef struct Calibration {
    Map *histogram; /* path -> const Histogram * */
} Calibration;

/* Metadata "calibration/PATH": "LOW HIGH COUNT ...". `name` is the file's, for
 * messages. A file without any is fine: the map is empty. False: reported (E0703). */
bool calibration_read(Arena *a, const SafeFile *file, const char *name, DiagSink *sink,
                      Calibration *calibration);

const Histogram *calibration_find(const Calibration *c, const char *path);

#endif
