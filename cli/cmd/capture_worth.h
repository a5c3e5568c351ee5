/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CAPTURE_WORTH_H
#define CLI_CMD_CAPTURE_WORTH_H

/* How much a report would lose without the captured file @path: the higher, the more. */
unsigned int capture_worth(const char *path);

#endif
