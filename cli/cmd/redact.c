// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Redacts what a command reads: it is captured first, names are replaced there, and the command reads
 * that. So no output needs to know of it, and a bundle that was redacted says the same.
 */
#include "cmd/redact.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memstream.h"
#include "base/escape.h"
#include "base/redact.h"
#include "cmd/capture_meta.h"

#define DEBUGFS_NAME 11 /* bytes */
#define NAME_LEN 1024

/* As a string of JSON, which ltpin's own files are. */
static void learn_quoted(struct lt_redact *redact, enum lt_redact_kind kind, const char *name)
{
	const char *whole = name;
	char quoted[2 * NAME_LEN];
	size_t len = 0;

	for (; *name && len + 2 < sizeof(quoted); name++) {
		if (*name == '"' || *name == '\\')
			quoted[len++] = '\\';
		quoted[len++] = *name;
	}
	lt_redact_learn_form(redact, kind, whole, quoted, len);
}

/* Names of a snapshot are escaped; files have the bytes, or quote them. */
static void learn(struct lt_redact *redact, enum lt_redact_kind kind, const char *name)
{
	char bytes[NAME_LEN];

	if (!name)
		return;
	lt_redact_learn(redact, kind, name, strlen(name));
	if (!strpbrk(name, "\\\"") || strlen(name) >= sizeof(bytes))
		return;
	learn_quoted(redact, kind, name);
	lt_redact_learn_form(redact, kind, name, bytes, lt_unescape(name, bytes));
}

static void learn_areas(struct lt_redact *redact, const struct lt_snapshot *snap)
{
	lt_vec_each(area, &snap->areas)
		learn(redact, LT_REDACT_AREA, area->name);
	lt_vec_each(attempt, &snap->attempts)
		learn(redact, LT_REDACT_AREA, attempt->area_name);
	lt_vec_each(refusal, &snap->refusals)
		learn(redact, LT_REDACT_AREA, refusal->node);
	/* CMA debugfs of 5.10 has so much room for a name. */
	lt_vec_each(area, &snap->areas)
		if (area->name && strlen(area->name) > DEBUGFS_NAME)
			lt_redact_learn_form(redact, LT_REDACT_AREA, area->name, area->name,
					     DEBUGFS_NAME);
}

/* "camera-hal-96" and "camera-hal[96]": the name of the task. */
static void learn_caller(struct lt_redact *redact, const char *caller)
{
	const char *end = caller ? strrchr(caller, '-') : NULL;

	if (end && end[1] && !end[1 + strspn(end + 1, "0123456789")])
		lt_redact_learn(redact, LT_REDACT_PROCESS, caller, (size_t)(end - caller));
}

static void learn_pin(struct lt_redact *redact, const struct lt_pin *pin)
{
	lt_vec_each(mapper, &pin->mapped_by)
		learn(redact, LT_REDACT_PROCESS, mapper->comm);
	if (pin->has_owner)
		learn(redact, LT_REDACT_PROCESS, pin->allocated_by.comm);
	if (pin->has_pinner)
		learn(redact, LT_REDACT_PROCESS, pin->pinned_by.comm);
}

static void learn_asker(struct lt_redact *redact, const struct lt_attempt *attempt)
{
	learn_caller(redact, attempt->caller);
	lt_vec_each(blocker, &attempt->blockers)
		learn_pin(redact, &blocker->page);
}

static void learn_processes(struct lt_redact *redact, const struct lt_snapshot *snap)
{
	lt_vec_each(pin, &snap->pins)
		learn_pin(redact, pin);
	lt_vec_each(attempt, &snap->attempts)
		learn_asker(redact, attempt);
	lt_vec_each(hint, &snap->pin_hints) {
		learn(redact, LT_REDACT_PROCESS, hint->comm);
		learn(redact, LT_REDACT_PROCESS, hint->peer_comm);
	}
	lt_vec_each(requester, &snap->ledger.requesters)
		learn(redact, LT_REDACT_PROCESS, requester->caller);
	lt_vec_each(again, &snap->ledger.again)
		learn(redact, LT_REDACT_PROCESS, again->caller);
	lt_vec_each(holder, &snap->holders)
		learn(redact, LT_REDACT_PROCESS, holder->comm);
	lt_vec_each(process, &snap->processes)
		learn(redact, LT_REDACT_PROCESS, process->comm);
}

/* Most are known by their form; not those with blanks. */
static void learn_file(struct lt_redact *redact, const struct lt_pin *pin)
{
	if (pin->file)
		learn(redact, LT_REDACT_PATH, pin->file->path);
	lt_vec_each(mapper, &pin->mapped_by)
		if (mapper->vma && mapper->vma[0] == '/' && strchr(mapper->vma, ' '))
			learn(redact, LT_REDACT_PATH, mapper->vma);
}

void redact_learn(struct lt_redact *redact, enum cmd_redact how, const struct lt_snapshot *snap)
{
	char host[256] = "";

	if (snap->boot_id)
		lt_redact_keep(redact, snap->boot_id); /* tells which captures are of one boot */
	if (lt_root_is_live(snap->root) && !gethostname(host, sizeof(host) - 1))
		learn(redact, LT_REDACT_HOST, host);
	learn_areas(redact, snap);
	lt_vec_each(pin, &snap->pins)
		learn_file(redact, pin);
	if (how != CMD_REDACT_NAMES)
		return;
	lt_redact_learn_processes(redact);
	learn_processes(redact, snap);
}

void redact_learn_attempt(struct lt_redact *redact, enum cmd_redact how,
			  const struct lt_attempt *attempt)
{
	learn(redact, LT_REDACT_AREA, attempt->area_name);
	lt_vec_each(blocker, &attempt->blockers)
		learn_file(redact, &blocker->page);
	if (how == CMD_REDACT_NAMES)
		learn_asker(redact, attempt);
}

void redact_learn_task(struct lt_redact *redact, enum cmd_redact how, const char *comm)
{
	if (how == CMD_REDACT_NAMES)
		learn(redact, LT_REDACT_PROCESS, comm);
}

int redact_capture(const struct cmd *cmd, const struct lt_snapshot *snap,
		   struct lt_capture *capture, const char *spool_dir)
{
	struct lt_redact *redact = lt_redact_new();
	int err;

	if (!redact)
		return -ENOMEM;
	redact_learn(redact, cmd->redact, snap);
	err = lt_capture_redact(capture, redact, spool_dir);
	lt_redact_free(redact);
	return err;
}

/* The next value of the member @key from *@at on, which is moved there; false if there is none. */
static bool find_member(const char **at, const char *end, const char *key, size_t *len)
{
	const char *from = memmem(*at, (size_t)(end - *at), key, strlen(key));
	const char *to = from ? from + strlen(key) : end;

	while (to < end && *to != '"')
		to += *to == '\\' && end - to > 1 ? 2 : 1;
	if (to >= end)
		return false;
	*at = from + strlen(key);
	*len = (size_t)(to - *at);
	return true;
}

/* Its quotation marks are escaped. */
static void learn_cmdline(struct lt_redact *redact, const char *text, size_t len)
{
	char *line = malloc(len + 1);
	size_t nr = 0;

	if (!line) {
		lt_redact_fail(redact);
		return;
	}
	for (size_t i = 0; i < len; i++)
		if (text[i] != '\\' || i + 1 == len || text[i + 1] != '"')
			line[nr++] = text[i];
	lt_redact_learn_line(redact, "/proc/cmdline", line, nr);
	free(line);
}

static void learn_document(const struct cmd *cmd, struct lt_redact *redact,
			   const struct lt_buf *buf)
{
	const char *end = buf->data + buf->len, *at = buf->data;
	size_t len;

	while (find_member(&at, end, "\"area\": \"", &len))
		lt_redact_learn(redact, LT_REDACT_AREA, at, len);
	at = buf->data;
	while (find_member(&at, end, "\"path\": \"", &len))
		lt_redact_learn(redact, LT_REDACT_PATH, at, len);
	at = buf->data;
	while (find_member(&at, end, "\"cmdline\": \"", &len))
		learn_cmdline(redact, at, len);
	at = buf->data;
	while (find_member(&at, end, "\"vma\": \"/", &len))
		if (memchr(at, ' ', len))
			lt_redact_learn(redact, LT_REDACT_PATH, at - 1, len + 1);
	at = buf->data;
	while (cmd->redact == CMD_REDACT_NAMES && find_member(&at, end, "\"comm\": \"", &len))
		lt_redact_learn(redact, LT_REDACT_PROCESS, at, len);
	at = buf->data;
	while (cmd->redact == CMD_REDACT_NAMES && find_member(&at, end, "\"peer_comm\": \"", &len))
		lt_redact_learn(redact, LT_REDACT_PROCESS, at, len);
}

static int redact_text(struct lt_redact *redact, const char *from, size_t from_len,
		       struct lt_buf *out)
{
	char *text = NULL;
	size_t len;
	FILE *stream = open_memstream(&text, &len);
	int err = stream ? 0 : -ENOMEM;

	if (!err) {
		lt_redact_text(redact, from, from_len, stream);
		err = lt_memstream_close(stream, &text);
		if (!err)
			err = lt_redact_error(redact);
	}
	if (err)
		free(text);
	else
		*out = (struct lt_buf){ text, len };
	return err;
}

int redact_documents(const struct cmd *cmd, struct lt_buf *const bufs[], size_t nr)
{
	struct lt_redact *redact = lt_redact_new();
	int err = redact ? 0 : -ENOMEM;

	for (size_t i = 0; i < nr && !err; i++)
		learn_document(cmd, redact, bufs[i]);
	for (size_t i = 0; i < nr && !err; i++) {
		struct lt_buf without;

		err = redact_text(redact, bufs[i]->data, bufs[i]->len, &without);
		if (err)
			break;
		free(bufs[i]->data);
		*bufs[i] = without;
	}
	lt_redact_free(redact);
	return err;
}

/* @text, unless it is NULL, becomes one without its names, which is interned. */
static int redact_string(struct lt_redact *redact, struct lt_strings *strings, const char **text)
{
	struct lt_buf without;
	const char *interned;
	int err = *text ? redact_text(redact, *text, strlen(*text), &without) : 0;

	if (err || !*text)
		return err;
	interned = lt_strings_restore(strings, without.data);
	free(without.data);
	if (!interned)
		return -ENOMEM;
	*text = interned;
	return 0;
}

/* Frames of a kernel without kallsyms are addresses. */
static int redact_stack(struct lt_redact *redact, struct lt_strings *strings,
			struct lt_stacks *stacks, const struct lt_stack **stack)
{
	size_t nr = *stack ? (*stack)->nr : 0;
	const char **frames = nr ? calloc(nr, sizeof(*frames)) : NULL;
	const struct lt_stack *without = NULL;
	int err = nr && !frames ? -ENOMEM : 0;

	for (size_t i = 0; i < nr && !err; i++) {
		frames[i] = (*stack)->frames[i];
		err = redact_string(redact, strings, &frames[i]);
	}
	if (nr && !err) {
		without = lt_stacks_add(stacks, frames, nr);
		err = without ? 0 : -ENOMEM;
	}
	if (without)
		*stack = without;
	free(frames);
	return err;
}

int redact_owner_groups(const struct cmd *cmd, struct lt_owner_groups *groups,
			struct lt_areas *areas, struct lt_strings *strings,
			struct lt_stacks *stacks)
{
	struct lt_redact *redact = lt_redact_new();
	int err = redact ? 0 : -ENOMEM;

	lt_vec_each(area, areas)
		if (!err)
			learn(redact, LT_REDACT_AREA, area->name);
	lt_vec_each(group, &groups->list)
		if (!err && cmd->redact == CMD_REDACT_NAMES)
			learn(redact, LT_REDACT_PROCESS, group->key.comm);
	lt_vec_each(area, areas)
		if (!err)
			err = redact_string(redact, strings, &area->name);
	lt_vec_each(group, &groups->list) {
		if (!err)
			err = redact_string(redact, strings, &group->key.comm);
		if (!err)
			err = redact_stack(redact, strings, stacks, &group->key.stack);
	}
	lt_redact_free(redact);
	return err;
}

int redact_root(struct cmd *cmd, const struct lt_snapshot *snap, struct lt_capture *capture)
{
	struct lt_root *root;
	int err = lt_capture_error(capture);

	if (!err)
		err = capture_meta_fill(lt_capture_meta(capture), snap);
	if (!err)
		err = redact_capture(cmd, snap, capture, NULL);
	if (!err)
		err = lt_capture_open(capture, &root);
	if (err)
		return err;
	lt_root_close(cmd->opened_root);
	cmd->opened_root = root;
	return 0;
}
