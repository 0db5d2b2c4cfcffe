/* package_text.h - the templates of compiler/emit/package/, embedded when dlc is built.
 */
#ifndef DLC_EMIT_PACKAGE_TEXT_H
#define DLC_EMIT_PACKAGE_TEXT_H

const char *package_text(const char *file); /* "arduino/sketch.ino.in"; NULL: none */

#endif
