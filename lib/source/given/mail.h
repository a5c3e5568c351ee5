/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_SOURCE_GIVEN_MAIL_H
#define LT_SOURCE_GIVEN_MAIL_H

#include <stddef.h>

/* What a mail has in base64, into @out, which has room for @len bytes. Returns how many; 0 for none. */
size_t lt_mail_decode(const char *buf, size_t len, char *out);

#endif
