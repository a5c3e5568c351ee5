/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CAPTURE_EXTRAS_H
#define CLI_CMD_CAPTURE_EXTRAS_H

#include "base/root.h"

/* Read what no source reads but a person may want to see, for the capture that @root has. */
void capture_extras_read(struct lt_root *root);

#endif
