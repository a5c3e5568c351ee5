/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ANALYSE_WORDS_FILE_H
#define LT_ANALYSE_WORDS_FILE_H

#include "model/page_file.h"

/*
 * "page cache of /x.bin (ext2 on vda, inode 12)", "page cache of block device vda (ext4 is mounted
 * from it; 1 of its 4 buffers is held, by the journal)". The caller frees it; NULL when out of memory.
 */
char *lt_words_file(const struct lt_page_file *file);

#endif
