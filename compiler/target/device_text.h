/* device_text.h - the text of runtime/device headers, embedded when dlc is built:
 * emitted files copy what they use. */
#ifndef DLC_TARGET_DEVICE_TEXT_H
#define DLC_TARGET_DEVICE_TEXT_H

const char *
device_text(const char *file); /* "vector_avx2.h"; NULL: none of that name */

#endif
