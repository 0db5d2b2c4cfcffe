/* driver.h - the command line as a function. */
#ifndef DLC_DRIVER_DRIVER_H
#define DLC_DRIVER_DRIVER_H

/* Exit status: 0 ok, 1 diagnostics were reported, 2 usage, 3 out of memory, 70 bug. */
int driver_run(int argc, char **argv);

#endif
