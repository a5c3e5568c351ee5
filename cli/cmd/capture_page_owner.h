/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CAPTURE_PAGE_OWNER_H
#define CLI_CMD_CAPTURE_PAGE_OWNER_H

#include "base/root.h"

/* Keep page_owner in the capture of @root, which was deferred until now. */
void capture_page_owner(const struct lt_root *root);

#endif
