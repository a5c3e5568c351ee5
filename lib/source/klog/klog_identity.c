// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Of which machine, and of which boot, a log is:
 *
 *	["OF: fdt: "] "Machine model: " MODEL		the same as the device tree's model
 *	"-- Boot " ID " --"				journalctl; boot_id without its "-"
 *	_BOOT_ID of a record, ";b=" ID ";" of its cursor	the same
 *
 * HOST, before "kernel:" in a syslog; _HOSTNAME	 the host's name, as it was then
 *
 * The release is kernel_source.c's.
 */
#include "source/klog/klog_identity.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "base/array_size.h"
#include "model/snapshot.h"

#define BOOT_ID_DIGITS 32

/* By then a system has the name that its network gives it. */
#define NAMES_SETTLE_NS 600000000000u

/* CPUs print out of order by some milliseconds. */
#define CPUS_APART_NS 1000000000u

int lt_klog_identity_message(struct lt_klog *klog, struct lt_text text, struct lt_strings *strings)
{
	struct lt_span model;

	(void)lt_text_literal(&text, "OF: fdt: ");
	if (klog->machine || !lt_text_literal(&text, "Machine model: "))
		return 0;
	model = lt_text_rest(&text);
	while (model.len && isspace((unsigned char)model.p[model.len - 1]))
		model.len--;
	if (!model.len)
		return 0;
	klog->machine = lt_strings_span(strings, model);
	return klog->machine ? 0 : -ENOMEM;
}

/* A system that has no name yet. */
static bool is_nobodys(const char *host)
{
	static const char *const names[] = { "localhost", "(none)", "-", "unknown", "none" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (!strncmp(host, names[i], strlen(names[i])) &&
		    strchr(".", host[strlen(names[i])]))
			return true;
	return false;
}

/* "board" and "board.example" are one, addresses are whole. */
static bool is_same_host(const char *a, const char *b)
{
	size_t len = strlen(a) < strlen(b) ? strlen(a) : strlen(b);

	return !strncasecmp(a, b, len) && strchr(".", a[len]) && strchr(".", b[len]) &&
	       (strlen(a) == strlen(b) || !isdigit((unsigned char)a[0]));
}

static bool goes_back(const struct lt_klog *klog, struct lt_num now)
{
	return now.known && klog->last_ns.known && now.val + CPUS_APART_NS < klog->last_ns.val;
}

/* The name of the system itself may change, once it has run for a while only by hand. */
static bool can_be_renamed(const struct lt_klog *klog, const char *host, struct lt_num now)
{
	return now.known && now.val <= NAMES_SETTLE_NS && !is_same_host(host, klog->first_host) &&
	       !goes_back(klog, now);
}

int lt_klog_identity_host(struct lt_klog *klog, const struct lt_klog_line *line,
			  struct lt_strings *strings)
{
	const char *host;

	if (!line->host.len || klog->other_host ||
	    (klog->host && lt_span_is(line->host, klog->host)))
		return 0;
	host = lt_strings_span(strings, line->host);
	if (!host)
		return -ENOMEM;
	if ((is_nobodys(host) && !goes_back(klog, line->ts_ns)) ||
	    (klog->host && is_same_host(host, klog->host)))
		return 0;
	if (!klog->first_host)
		klog->first_host = host;
	if (klog->host && !can_be_renamed(klog, host, line->ts_ns))
		klog->other_host = host;
	else
		klog->host = host;
	return 0;
}

int lt_klog_identity_check_host(const struct lt_klog *klog, struct lt_diag *diag)
{
	if (!klog->other_host)
		return 0;
	lt_diag_set(diag,
		    "its lines are of the kernels of two hosts, %.50s and %.50s: give those of one "
		    "alone",
		    klog->host, klog->other_host);
	return -EBADMSG;
}

static bool is_id(struct lt_span id)
{
	for (size_t i = 0; i < id.len; i++)
		if (!isxdigit((unsigned char)id.p[i]))
			return false;
	return id.len == BOOT_ID_DIGITS;
}

int lt_klog_identity_boot(struct lt_klog *klog, struct lt_span id, struct lt_strings *strings)
{
	if (klog->boot_id || !is_id(id))
		return 0;
	klog->boot_id = lt_strings_span(strings, id);
	return klog->boot_id ? 0 : -ENOMEM;
}

bool lt_klog_identity_is_other(const struct lt_klog *klog, struct lt_span id)
{
	return klog->boot_id && is_id(id) && !lt_span_is(id, klog->boot_id);
}

int lt_klog_identity_mark(struct lt_klog *klog, struct lt_text mark, struct lt_strings *strings)
{
	struct lt_span id;

	klog->boot_id = NULL;
	if (!lt_text_literal(&mark, "-- Boot ") || !lt_text_word(&mark, &id))
		return 0;
	return lt_klog_identity_boot(klog, id, strings);
}

/* Whether they are the same but for "-". */
static bool is_same_id(const char *a, const char *b)
{
	for (;; a++, b++) {
		a += strspn(a, "-");
		b += strspn(b, "-");
		if (*a != *b)
			return false;
		if (!*a)
			return true;
	}
}

void lt_klog_identity_check(const struct lt_snapshot *snap, const struct lt_klog *klog,
			    struct lt_num page_size, struct lt_diag *diag)
{
	const struct lt_num known = snap->kernel.page_size;

	if (klog->machine && snap->machine && strcmp(klog->machine, snap->machine))
		lt_diag_set(diag, "the log is of a machine %.50s, the other files are of %.50s",
			    klog->machine, snap->machine);
	if (klog->boot_id && snap->boot_id && !is_same_id(klog->boot_id, snap->boot_id))
		lt_diag_set(diag, "the log is of boot %.36s, the other files are of %.36s",
			    klog->boot_id, snap->boot_id);
	if (page_size.known && known.known && page_size.val != known.val)
		lt_diag_set(diag,
			    "the log is of a kernel with pages of %llu bytes, the other files are "
			    "of %llu",
			    (unsigned long long)page_size.val, (unsigned long long)known.val);
}

int lt_klog_identity_adopt(struct lt_snapshot *snap, const struct lt_klog *klog)
{
	const char *id = klog->boot_id;

	if (!snap->machine)
		snap->machine = klog->machine;
	if (snap->boot_id || !id)
		return 0;
	/* as the kernel's own file has it, and our documents */
	snap->boot_id = lt_strings_format(snap->strings, "%.8s-%.4s-%.4s-%.4s-%.12s", id, id + 8,
					  id + 12, id + 16, id + 20);
	return snap->boot_id ? 0 : -ENOMEM;
}
