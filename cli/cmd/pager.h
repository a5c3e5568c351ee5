/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_PAGER_H
#define CLI_CMD_PAGER_H

#include <sys/types.h>

/*
 * Long output on a terminal goes through a pager, as that of git does: $PAGER, else less if it is
 * there. Not with NO_PAGER, PAGER=cat or an empty PAGER, nor on a dumb terminal.
 */

/* Standard output goes through it from now on. Its process, or 0 if there is none. */
pid_t pager_start(void);

/* No more comes: wait until the reader has finished. */
void pager_finish(pid_t pager);

#endif
