/* main.c - dlc, the command. */
#include "driver/driver.h"

int main(int argc, char **argv)
{
    return driver_run(argc, argv);
}
