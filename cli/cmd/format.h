/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_FORMAT_H
#define CLI_CMD_FORMAT_H

/* Output formats and their names: the FORMAT_* bits of cmd.h. */

struct format_list {
	char s[64];
};

/* The bit of the format called @name, 0 if there is none. */
unsigned int format_find(const char *name);

/* "text, markdown, json", for messages. */
struct format_list format_list(unsigned int formats);

#endif
