/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_STOP_STOP_H
#define CLI_STOP_STOP_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>

/* Commands that leave something behind when they are killed end themselves instead. */

/* Set by SIGINT, SIGTERM and SIGHUP once stop_catch() was called. */
extern volatile sig_atomic_t stop_asked;

void stop_catch(void);

/* Until stop_catch() is called again these signals end the process at once. */
void stop_uncatch(void);

/* Sleep, or until asked to stop: true if so. UINT64_MAX waits for ever. */
bool stop_sleep_ms(uint64_t ms);

#endif
