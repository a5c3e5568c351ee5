/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ARRAY_SIZE_H
#define LT_BASE_ARRAY_SIZE_H

/* The number of elements; does not compile for a pointer. */
#define ARRAY_SIZE(array)                                                        \
	(sizeof(array) / sizeof((array)[0]) +                                    \
	 0 * sizeof(char[1 - 2 * __builtin_types_compatible_p(__typeof__(array), \
							      __typeof__(&(array)[0]))]))

#endif
