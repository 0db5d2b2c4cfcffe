/* cifar.h - CIFAR-10's binary files: a byte of class, then 32 x 32 pixels by channel.
 */
#ifndef DLC_HOST_DATA_CIFAR_H
#define DLC_HOST_DATA_CIFAR_H

#include "host/data/find.h"
#include "host/data/table.h"

/* Reads data_batch_1.bin ... data_batch_5.bin (those that exist, the first at least) or
 * test_batch.bin of a folder, plain or gzip'd, into fields u8[32, 32, 3] and index(n).
 */
bool dlc_cifar_read(Table *table, const char *folder, bool test, Fault *fault);

#endif
