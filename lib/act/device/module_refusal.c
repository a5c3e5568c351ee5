// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Why the kernel refused the helper module. Its errno alone says little: -EPERM
 * is a missing privilege, a setting or lockdown, -ENOENT any symbol. The rest is in
 * the lines that it logs (kernel/module.c of 5.10, kernel/module/ of 6.1, 6.12
 * and 7.2):
 *
 *	ltpin: Unknown symbol NAME (err ERRNO)			-ENOENT
 *	ltpin: disagrees about version of symbol NAME		-EINVAL
 *	ltpin: version magic 'ITS OWN' should be 'THE KERNEL'S'	-ENOEXEC
 *	Loading of REASON is rejected				-EKEYREJECTED
 *
 * and in /proc and /sys: CapEff, kernel.modules_disabled, lockdown. Without a
 * signature that it knows, a kernel says -EKEYREJECTED where signatures are
 * enforced, and -EPERM where lockdown asks for them.
 */
#include "act/device/module_refusal.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "base/array_size.h"
#include "base/escape.h"
#include "base/lockdown.h"
#include "base/text.h"
#include "uapi/ltpin_ioctl.h"

#define REBUILD "Build it for this kernel, against its own headers: see module/README.md."
#define SIGN                                                                                    \
	"Sign it with a key that this kernel trusts (scripts/sign-file of its build tree; the " \
	"machine owner key under secure boot), or do without: `ltpin doctor`."

/* Names after which the rest of a long list is left out. */
#define NR_NAMES_MAX 5

struct evidence {
	const struct lt_root *root;
	struct lt_text log;
	const char *vermagic;
	struct lt_module_refusal *out;
};

__attribute__((format(printf, 3, 4))) static void say(struct lt_module_refusal *out,
						      const char *advice, const char *fmt, ...)
{
	char text[400];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	lt_escape(text, strlen(text), out->why, sizeof(out->why));
	snprintf(out->advice, sizeof(out->advice), "%s", advice);
}

/* What stands between @before and @after in the next line that has both; NULL: to its end. */
static bool find_between(struct lt_text *log, const char *before, const char *after,
			 struct lt_span *out)
{
	struct lt_text line;

	while (lt_text_line(log, &line))
		if (lt_text_find(&line, before)) {
			if (after)
				return lt_text_until(&line, after, out);
			*out = lt_text_rest(&line);
			return true;
		}
	return false;
}

static void append(char *list, size_t size, const char *separator, struct lt_span name)
{
	size_t len = strlen(list);

	snprintf(list + len, size - len, "%s%.*s", separator, (int)name.len, name.p);
}

/* Names of symbols that the log complains of, "a, b and 3 more"; false if there are none. */
static bool list_symbols(const struct evidence *evidence, const char *before, const char *after,
			 char *list, size_t size)
{
	struct lt_text log = evidence->log;
	struct lt_span name;
	size_t nr = 0;

	*list = '\0';
	while (find_between(&log, before, after, &name))
		if (nr++ < NR_NAMES_MAX)
			append(list, size, *list ? ", " : "", name);
	if (nr > NR_NAMES_MAX) {
		size_t len = strlen(list);

		snprintf(list + len, size - len, " and %zu more", nr - NR_NAMES_MAX);
	}
	return nr;
}

/* A small file of @root; false if it cannot be read. */
static bool read_word(const struct lt_root *root, const char *path, char *out, size_t size)
{
	struct lt_buf buf;

	if (lt_root_read(root, path, &buf))
		return false;
	buf.data[strcspn(buf.data, "\n")] = '\0';
	snprintf(out, size, "%s", buf.data);
	free(buf.data);
	return true;
}

/* Whether this process lacks the right to load modules; not if that is not known. */
static bool lacks_capability(const struct lt_root *root)
{
	struct lt_buf buf;
	struct lt_text text;
	uint64_t caps = UINT64_MAX;

	if (lt_root_read(root, "/proc/self/status", &buf))
		return false;
	lt_text_init(&text, buf.data, buf.len);
	if (lt_text_find(&text, "\nCapEff:\t"))
		lt_text_hex(&text, &caps);
	free(buf.data);
	return !(caps >> CAP_SYS_MODULE & 1);
}

static void explain_eperm(struct evidence *evidence)
{
	char word[32];

	if (lacks_capability(evidence->root))
		say(evidence->out, "Run it as root, and not in a container.",
		    "this process may not load modules (CAP_SYS_MODULE)");
	else if (read_word(evidence->root, "/proc/sys/kernel/modules_disabled", word,
			   sizeof(word)) &&
		 !strcmp(word, "1"))
		say(evidence->out, "Only a reboot undoes that; or do without: `ltpin doctor`.",
		    "loading modules was turned off (kernel.modules_disabled)");
	else if (lt_lockdown_read(evidence->root, word, sizeof(word)))
		say(evidence->out, SIGN,
		    "the kernel is locked down (%s) and takes only modules with a signature that "
		    "it knows",
		    word);
	else
		say(evidence->out, "See what its log says.",
		    "the kernel forbids it, perhaps by a security module (LoadPin, SELinux)");
}

static void explain_enoent(struct evidence *evidence)
{
	char names[256];

	if (list_symbols(evidence, LTPIN_DEVICE ": Unknown symbol ", " (err", names, sizeof(names)))
		say(evidence->out, REBUILD, "this kernel lacks what it calls: %s", names);
	else
		say(evidence->out, REBUILD,
		    "this kernel lacks a symbol that it calls; the kernel log names it");
}

static void explain_enoexec(struct evidence *evidence)
{
	struct lt_text log = evidence->log;
	struct lt_span own, wanted;
	struct lt_text line;
	struct utsname uts;

	while (lt_text_line(&log, &line)) {
		if (!lt_text_find(&line, LTPIN_DEVICE ": version magic '") ||
		    !lt_text_until(&line, "' should be '", &own) ||
		    !lt_text_until(&line, "'", &wanted))
			continue;
		say(evidence->out, REBUILD,
		    "it is for another kernel: its version magic is '%.*s', this kernel's '%.*s'",
		    (int)own.len, own.p, (int)wanted.len, wanted.p);
		return;
	}
	if (evidence->vermagic && !uname(&uts))
		say(evidence->out, REBUILD,
		    "it is for another kernel: its version magic is '%s', this one is %s on %s",
		    evidence->vermagic, uts.release, uts.machine);
	else
		say(evidence->out, REBUILD, "it is no module for this kernel and machine");
}

static void explain_einval(struct evidence *evidence)
{
	char names[256];

	if (list_symbols(evidence, LTPIN_DEVICE ": disagrees about version of symbol ", NULL, names,
			 sizeof(names)))
		say(evidence->out, REBUILD,
		    "it was built for a kernel whose symbols differ (CONFIG_MODVERSIONS): %s",
		    names);
	else
		say(evidence->out, REBUILD,
		    "it is no module, or for another configuration of this kernel");
}

static void explain_signature(struct evidence *evidence)
{
	struct lt_text log = evidence->log;
	struct lt_span reason;

	if (find_between(&log, "Loading of ", " is rejected", &reason))
		say(evidence->out, SIGN,
		    "this kernel takes only modules with a signature that it knows "
		    "(module.sig_enforce, CONFIG_MODULE_SIG_FORCE); it says: %.*s",
		    (int)reason.len, reason.p);
	else
		say(evidence->out, SIGN,
		    "the kernel does not accept the module's signature: it takes only modules "
		    "signed with a key it knows, and a wrong signature never");
}

static void explain_enosys(struct evidence *evidence)
{
	say(evidence->out, "`ltpin doctor` shows what is possible without it.",
	    "this kernel takes no modules (CONFIG_MODULES)");
}

void lt_module_refusal_explain(int err, const struct lt_root *root, const char *log, size_t log_len,
			       const char *vermagic, struct lt_module_refusal *out)
{
	static const struct {
		int err;
		void (*explain)(struct evidence *evidence);
	} refusals[] = {
		{ EPERM, explain_eperm },
		{ ENOENT, explain_enoent },
		{ ENOEXEC, explain_enoexec },
		{ EINVAL, explain_einval },
		{ EKEYREJECTED, explain_signature },
		{ ENOKEY, explain_signature },
		{ EBADMSG, explain_signature },
		{ ENOSYS, explain_enosys },
	};
	struct evidence evidence = { .root = root, .vermagic = vermagic, .out = out };

	lt_text_init(&evidence.log, log, log_len);
	for (size_t i = 0; i < ARRAY_SIZE(refusals); i++) {
		if (refusals[i].err == -err) {
			refusals[i].explain(&evidence);
			return;
		}
	}
	say(out, "See what its log says.", "the kernel refused it: %s", strerror(-err));
}
