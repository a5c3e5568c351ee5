// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The kernel's configuration, from the first of these that is there:
 *
 *	the file given with --kconfig
 *	/proc/config.gz			CONFIG_IKCONFIG_PROC
 *	/boot/config-RELEASE		where distributions install it
 *	/boot/config			beside a captured tree
 *
 * any of them plain or gzip. Its lines, the same since 2.6:
 *
 *	"CONFIG_" NAME "=" VALUE	y, m, a number, a quoted string
 *	"# CONFIG_" NAME " is not set"	kept as "n"
 *	"#" anything | <blank>
 *
 * An option whose dependencies are not met does not occur at all. If one
 * occurs twice the last line counts, as it does for the kernel's own build.
 * Fixture: v5.10-x86-custom-cmaheavy/boot/config.
 */
#include "source/tables/kconfig.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array_size.h"
#include "base/text.h"

/* The options that are kept, without "CONFIG_"; ended by NULL. */
/* clang-format off */
static const char *const wanted[] = {
	/* CMA itself, and its users */
	"CMA", "CMA_ALIGNMENT", "CMA_AREAS", "CMA_DEBUG", "CMA_DEBUGFS", "CMA_SIZE_MBYTES",
	"CMA_SIZE_PERCENTAGE", "CMA_SYSFS", "COMPACTION", "CONTIG_ALLOC", "DMA_CMA", "HIGHMEM",
	"MEMORY_HOTPLUG", "MEMORY_ISOLATION", "MIGRATION", "PREEMPT_RT", "TRANSPARENT_HUGEPAGE",
	/* page size */
	"ARM64_16K_PAGES", "ARM64_4K_PAGES", "ARM64_64K_PAGES",
	/* sources */
	"DEBUG_FS", "DEBUG_PAGE_REF", "DMA_SHARED_BUFFER", "DYNAMIC_DEBUG", "FTRACE", "IKCONFIG",
	"IKCONFIG_PROC", "KPROBES", "KPROBE_EVENTS", "PAGE_OWNER", "PROC_KCORE",
	"PROC_PAGE_MONITOR", "TRACING", "VM_EVENT_COUNTERS",
	/* ways to pin */
	"GUP_BENCHMARK", "GUP_TEST", "IO_URING", "UDMABUF", "XDP_SOCKETS",
	/* whether the helper module can be loaded */
	"MODULES", "MODULE_SIG_FORCE", "SECURITY_LOCKDOWN_LSM",
	NULL,
};
/* clang-format on */

/* What an option that is "y" proves of the machine. */
static const struct {
	const char *option, *arch;
} machines[] = {
	{ "X86_64", "x86_64" },
	{ "ARM64", "aarch64" },
	{ "ARM", "arm" },
	{ "ARCH_RV64I", "riscv64" },
};

struct kconfig {
	struct lt_strings *strings;
	const char **values; /* parallel to wanted */
	const char *arch;
};

static int keep(struct kconfig *config, struct lt_span name, struct lt_span value)
{
	size_t i = 0;

	for (size_t m = 0; m < ARRAY_SIZE(machines); m++)
		if (lt_span_is(name, machines[m].option) && lt_span_is(value, "y"))
			config->arch = machines[m].arch;
	while (wanted[i] && !lt_span_is(name, wanted[i]))
		i++;
	if (!wanted[i])
		return 0;
	config->values[i] = lt_strings_span(config->strings, value);
	return config->values[i] ? 0 : -ENOMEM;
}

/* Return: 1 if @line told of an option, 0 if it may be ignored, else -EBADMSG or -ENOMEM. */
static int parse_line(struct kconfig *config, struct lt_text *line)
{
	struct lt_span name, value = { "n", 1 };
	int err;

	if (lt_text_literal(line, "CONFIG_")) {
		if (!lt_text_until(line, "=", &name) || lt_text_at_end(line))
			return -EBADMSG;
		value = lt_text_rest(line);
	} else if (lt_text_literal(line, "# CONFIG_")) {
		if (!lt_text_until(line, " is not set", &name))
			return 0; /* a comment, as any */
	} else {
		lt_text_blanks(line);
		return lt_text_at_end(line) || lt_text_literal(line, "#") ? 0 : -EBADMSG;
	}
	err = keep(config, name, value);
	return err ? err : 1;
}

static int parse_lines(struct kconfig *config, struct lt_text *text, struct lt_diag *diag)
{
	struct lt_diag remark = { 0 };
	struct lt_text line;
	size_t nr_options = 0;

	while (lt_text_line(text, &line)) {
		int ret;

		if (lt_text_is_cut(text)) {
			lt_text_remark(&line, &remark, "the last line is cut off");
			break;
		}
		ret = parse_line(config, &line);
		if (ret == -ENOMEM)
			return ret;
		if (ret == -EBADMSG)
			remark.nr_skipped++;
		else
			nr_options += (size_t)ret;
	}
	if (!nr_options)
		return lt_text_fail(text, diag, "no kernel option in it");
	lt_diag_merge(diag, &remark);
	return 0;
}

int lt_kconfig_parse(const char *buf, size_t len, struct lt_strings *strings,
		     struct lt_options *options, const char **arch, struct lt_diag *diag)
{
	const char *values[ARRAY_SIZE(wanted)] = { NULL };
	struct kconfig config = { .strings = strings, .values = values };
	struct lt_options found = { 0 };
	struct lt_text text;
	int err;

	lt_text_init(&text, buf, len);
	err = parse_lines(&config, &text, diag);
	for (size_t i = 0; wanted[i] && !err; i++) {
		struct lt_option *option = values[i] ? lt_vec_push(&found) : NULL;

		if (option)
			*option = (struct lt_option){ wanted[i], values[i] };
		else if (values[i])
			err = -ENOMEM;
	}
	if (err) {
		lt_vec_free(&found);
		return err;
	}
	*options = found;
	*arch = config.arch;
	return 0;
}
