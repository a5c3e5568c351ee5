/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ROOM_H
#define LT_BASE_ROOM_H

#include <stddef.h>

#include "base/compiler.h"

/**
 * lt_room_check() - whether there is memory for what a library is about to take
 * @size: at least so many bytes
 *
 * Some libraries crash, end the program or leave out a part of the answer where memory runs out:
 * the C library while it loads another one, libarchive, libsmartcols. So there has to be more than
 * they take, before. It is given back: a little of it to the heap, the rest to the system.
 *
 * Return: 0, or -ENOMEM.
 */
int lt_room_check(size_t size) __must_check;

#endif
