// SPDX-License-Identifier: GPL-2.0-or-later
/* What commands that are suggested name, to read the same evidence again. */
#include "cmd/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array_size.h"
#include "base/memstream.h"
#include "cmd/cmd.h"

/* Whether a shell takes @name as one word. */
static bool is_plain(const char *name)
{
	return name[0] && !name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					     "0123456789@._,:/+=-")];
}

static void put_quoted(FILE *out, const char *name)
{
	if (is_plain(name)) {
		fputs(name, out);
		return;
	}
	putc('\'', out);
	for (; *name; name++) {
		if (*name == '\'')
			fputs("'\\''", out);
		else if (*name == '`' || (unsigned char)*name < ' ' || *name == 0x7f)
			putc('?', out); /* nobody pastes such a name */
		else
			putc(*name, out);
	}
	putc('\'', out);
}

static void put_file(FILE *out, const char *name)
{
	if (!name)
		return;
	if (ftell(out))
		putc(' ', out);
	put_quoted(out, name);
}

static void put_place(FILE *out, const struct cmd *cmd, const struct lt_snapshot_options *options)
{
	const char *const named[] = { options->dmesg, options->trace };

	if (cmd->root) {
		fputs("--root ", out);
		put_quoted(out, cmd->root);
	}
	for (int i = 0; i < cmd->nr_files; i++)
		put_file(out, cmd->files[i]);
	/* They are known by their contents where no option names them. */
	for (size_t i = 0; i < ARRAY_SIZE(named); i++)
		if (!cmd->root)
			put_file(out, named[i]);
}

int suggest_place(const struct cmd *cmd, const struct lt_snapshot_options *options, char **out)
{
	char *place = NULL;
	size_t len;
	FILE *to;

	if (cmd->root && !strcmp(cmd->root, "/"))
		return 0;
	to = open_memstream(&place, &len);
	if (!to)
		return -ENOMEM;
	put_place(to, cmd, options);
	if (lt_memstream_close(to, &place))
		return -ENOMEM;
	if (len)
		*out = place;
	else
		free(place);
	return 0;
}
