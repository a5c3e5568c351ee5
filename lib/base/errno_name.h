/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ERRNO_NAME_H
#define LT_BASE_ERRNO_NAME_H

/* "EBUSY" for a positive errno that cma_alloc() or a pin can return; NULL for others. */
const char *lt_errno_name(int err);

#endif
