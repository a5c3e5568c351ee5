/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_PLACE_H
#define CLI_CMD_PLACE_H

#include "base/diag.h"

/**
 * place_find() - where the file lies that the user names for writing
 * @path: as it was named; whether there is such a file does not matter
 * @out:  the same place by a name without symbolic links, so that a file can be written beside
 *	  it and take its name; the caller frees it. Links of /proc stay: what they lead to may
 *	  have no name.
 * @diag: says why not, where an errno says too little
 *
 * Links are followed as the kernel does with fs.protected_symlinks=1, whatever it is set to: in a
 * directory where everybody may make files but only remove their own (sticky, as /tmp), a link of
 * somebody else's is refused, and so is a file or FIFO of somebody else's that @path comes to.
 *
 * Return: 0; -EACCES for what is refused; -ELOOP; -ENAMETOOLONG; -ENOMEM; another negative errno.
 */
int place_find(const char *path, char **out, struct lt_diag *diag);

#endif
