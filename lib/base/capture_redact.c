// SPDX-License-Identifier: LGPL-2.1-or-later
/* Rewrites what was captured, file by file, without the names that it has. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/capture.h"
#include "base/gzip.h"
#include "base/memstream.h"
#include "base/redact.h"

/* A longer line is taken in pieces. */
#define LINE_MAX_LEN (1 << 20)
#define CONFIG_SIZE_MAX (4 << 20)

static const char config_gz[] = "proc/config.gz", config[] = "/boot/config";

/* A file, line by line. */
struct pass {
	struct lt_redact *redact;
	const char *path; /* with a leading slash */
	FILE *out;	  /* NULL: names are learnt */
	char *line;
	size_t len;
};

static void end_line(struct pass *pass, bool has_newline)
{
	if (!pass->out) {
		lt_redact_learn_line(pass->redact, pass->path, pass->line, pass->len);
	} else {
		lt_redact_line(pass->redact, pass->path, pass->line, pass->len, pass->out);
		if (has_newline)
			putc('\n', pass->out);
	}
	pass->len = 0;
}

static int read_data(void *arg, const void *data, size_t len)
{
	struct pass *pass = arg;
	const char *p = data, *end = p + len;

	while (p < end) {
		const char *newline = memchr(p, '\n', (size_t)(end - p));
		size_t n = (size_t)((newline ? newline : end) - p);

		if (n > LINE_MAX_LEN - pass->len)
			n = LINE_MAX_LEN - pass->len;
		memcpy(pass->line + pass->len, p, n);
		pass->len += n;
		p += n;
		if (p == newline) {
			end_line(pass, true);
			p++;
		} else if (pass->len == LINE_MAX_LEN) {
			end_line(pass, false);
		}
	}
	return 0;
}

static int keep_data(void *arg, const void *data, size_t len)
{
	return fwrite(data, 1, len, arg) == len ? 0 : -ENOMEM;
}

/* A configuration that is packed, as text. */
static int read_gzip(struct pass *pass, const struct lt_bundle *bundle,
		     const struct lt_bundle_member *member)
{
	struct lt_buf buf = { 0 };
	char *packed = NULL;
	size_t len;
	FILE *out = open_memstream(&packed, &len);
	int err = out ? lt_bundle_copy(bundle, member, keep_data, out) : -ENOMEM;

	if (out && lt_memstream_close(out, &packed))
		err = -ENOMEM;
	/* What cannot be unpacked cannot be read either. */
	if (!err && !lt_gunzip(packed, len, CONFIG_SIZE_MAX, &buf, NULL)) {
		read_data(pass, buf.data, buf.len);
		free(buf.data);
	}
	free(packed);
	return err;
}

static bool is_packed(const struct lt_bundle_member *member)
{
	return !strcmp(member->path, config_gz);
}

/* One file through one pass. */
static int run_pass(struct pass *pass, const struct lt_bundle *bundle,
		    const struct lt_bundle_member *member)
{
	int err = is_packed(member) ? read_gzip(pass, bundle, member)
				    : lt_bundle_copy(bundle, member, read_data, pass);

	if (pass->len)
		end_line(pass, false);
	return err;
}

static char *path_of(const struct lt_bundle_member *member)
{
	char *path;

	if (is_packed(member))
		return strdup(config);
	return asprintf(&path, "/%s", member->path) < 0 ? NULL : path;
}

static int learn(struct pass *pass, const struct lt_bundle *bundle)
{
	int err = 0;

	lt_vec_each(member, lt_bundle_members(bundle)) {
		char *path = path_of(member);

		pass->path = path;
		if (!err)
			err = !path ? -ENOMEM : member->is_dir ? 0 : run_pass(pass, bundle, member);
		free(path);
	}
	return err;
}

static int rewrite_member(struct pass *pass, const struct lt_bundle *from,
			  const struct lt_bundle_member *member, struct lt_bundle *to)
{
	char *path = path_of(member);
	char *name = path ? lt_redact_names(pass->redact, path) : NULL;
	int err = -ENOMEM, end_err;

	if (name && member->is_dir) {
		err = lt_bundle_add_dir(to, name);
	} else if (name) {
		pass->path = path;
		err = lt_bundle_begin(to, name, &pass->out);
		if (!err) {
			err = run_pass(pass, from, member);
			end_err = lt_bundle_end(to, !err);
			err = err ? err : end_err;
		}
	}
	free(name);
	free(path);
	return err;
}

static int rename_to(char **text, char *renamed)
{
	if (!renamed)
		return -ENOMEM;
	free(*text);
	*text = renamed;
	return 0;
}

static int rewrite_meta(struct lt_meta *meta, struct lt_redact *redact)
{
	int err = 0;

	lt_vec_each(file, &meta->files) {
		bool is_config = !strcmp(file->path + 1, config_gz) && !file->err;

		if (!err)
			err = rename_to(&file->path, is_config
							     ? strdup(config)
							     : lt_redact_names(redact, file->path));
		file->nr_bytes.known = false; /* it has others now */
	}
	if (!err && meta->note)
		err = rename_to(&meta->note, lt_redact_names(redact, meta->note));
	for (int kind = 0; kind < LT_REDACT_NR_KINDS && !err; kind++) {
		struct lt_redact_tally tally = lt_redact_tally(redact, (enum lt_redact_kind)kind);

		if (tally.nr_places)
			err = lt_meta_add_redacted(meta,
						   lt_redact_kind_name((enum lt_redact_kind)kind),
						   lt_num(tally.nr_names), lt_num(tally.nr_places));
	}
	return err;
}

int lt_capture_redact(struct lt_capture *capture, struct lt_redact *redact, const char *spool_dir)
{
	const struct lt_bundle *from = lt_capture_bundle(capture);
	struct pass pass = { .redact = redact, .line = malloc(LINE_MAX_LEN) };
	struct lt_bundle *to = NULL;
	int err = pass.line ? lt_bundle_new(spool_dir, &to) : -ENOMEM;

	if (!err)
		err = learn(&pass, from);
	if (!err)
		lt_vec_each(member, lt_bundle_members(from))
			err = err ? err : rewrite_member(&pass, from, member, to);
	if (!err)
		err = rewrite_meta(lt_capture_meta(capture), redact);
	if (!err)
		err = lt_redact_error(redact);
	free(pass.line);
	if (err)
		lt_bundle_free(to);
	else
		lt_capture_set_bundle(capture, to);
	return err;
}
