// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints what is known of the kernel and its memory. */
#include <inttypes.h>

#include "render/evidence.h"

static void print_counters(struct text *text, const struct lt_memory *memory)
{
	struct lt_num held = lt_num_sub(memory->nr_foll_pin_acquired, memory->nr_foll_pin_released);

	if (memory->cma_total_kib.known)
		fprintf(text->out, "  CMA memory: %" PRIu64 " KiB", memory->cma_total_kib.val);
	if (memory->cma_total_kib.known && memory->cma_free_kib.known)
		fprintf(text->out, ", %" PRIu64 " KiB of it free by /proc/meminfo",
			memory->cma_free_kib.val);
	if (memory->cma_total_kib.known)
		putc('\n', text->out);
	if (held.known)
		fprintf(text->out, "  pins held in the whole system: %" PRIu64 "\n", held.val);
	if (memory->cma_alloc_success.known)
		fprintf(text->out,
			"  cma_alloc calls since boot: %" PRIu64 " succeeded, %s failed\n",
			memory->cma_alloc_success.val, text_num(memory->cma_alloc_fail).s);
}

void kernel_print(struct text *text, const struct lt_snapshot *snap)
{
	const struct lt_kernel *kernel = &snap->kernel;

	fprintf(text->out, "  %s%s%s", kernel->release ? kernel->release : "release not known",
		kernel->arch ? " on " : "", kernel->arch ? kernel->arch : "");
	if (kernel->page_size.known)
		fprintf(text->out, ", %" PRIu64 " KiB pages", kernel->page_size.val / 1024);
	if (kernel->pageblock_order.known)
		fprintf(text->out, ", pageblocks of %" PRIu64 " pages",
			(uint64_t)1 << (kernel->pageblock_order.val & 63));
	putc('\n', text->out);
	if (kernel->cmdline)
		text_wrap(text, "  booted with: ", 4, kernel->cmdline);
	print_counters(text, &snap->memory);
}
