/* loop_interp.h - executes loop programs in exact dtypes and order: the oracle that the
 * emitted C equals bit for bit (NaNs compare equal whatever their payload).
 *
 * A kernel is compiled to a compact register code and run; every load and store is
 * checked against its buffer (BUG when out of range). */
#ifndef DLC_INTERP_LOOP_INTERP_H
#define DLC_INTERP_LOOP_INTERP_H

#include "loop/loop.h"

/* Runs one call. `buffers`: an array for each non-LOCAL buffer of k, in order, of
 * buffer->count elements in storage form (bool as uint8_t). Of a sliced loop the
 * iterations slice_rank, slice_rank + slice_size, ... are run; 0, 1 runs all. */
void kernel_run(const Kernel *k, void *const *buffers, int slice_rank, int slice_size,
                Arena *scratch);

/* Runs all calls, each for team members 0 .. team_size-1 in turn. `data[id]` is the
 * array of each storage that is neither ARENA nor CONSTANT. Planned storage
 * (offset_bytes
 * >= 0; inputs and outputs are copied) lives in one arena of p->arena_bytes, poisoned
 * with NaN before a storage's first call and after its last; unplanned storage gets its
 * own poisoned array. */
void program_run(const Program *p, void *const *data, int team_size, Arena *scratch);

/* The same; `finished(context, storage, bytes)` sees each arena storage after its last
 * call, before it is poisoned. */
typedef void StorageSeen(void *context, const Storage *s, const void *bytes);
void program_run_watched(const Program *p, void *const *data, int team_size,
                         Arena *scratch, StorageSeen *finished, void *context);

/* Constant data as the array that a kernel reads. */
void *storage_constant(const Storage *s, Arena *a);

#endif
