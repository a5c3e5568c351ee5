/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ERRNO_NAME_H
#define LT_BASE_ERRNO_NAME_H

#include <errno.h>

/* "EBUSY" for a positive errno that cma_alloc() or a pin can return; NULL for others. */
const char *lt_errno_name(int err);

/* What a captured tree answers for a file that was left out to keep within a size. */
#define LT_ELEFTOUT EDQUOT

/* strerror() of a positive errno, which knows LT_ELEFTOUT. */
const char *lt_errno_text(int err);

#endif
