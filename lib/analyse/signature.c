// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names a failure so that it is known again elsewhere. */
#include "analyse/signature.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "analyse/words.h"
#include "base/array_size.h"
#include "base/errno_name.h"
#include "model/frame.h"

/* Functions of a stack that count: more would differ by what a compiler puts inline. */
#define FRAMES_MAX 2

/* FNV-1a, byte by byte: the same on every processor. */
static uint64_t hash_bytes(uint64_t hash, const char *p, size_t len)
{
	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)p[i]) * 0x100000001b3u;
	return hash;
}

/* With what separates it from the next word. */
static uint64_t hash_word(uint64_t hash, const char *word)
{
	return hash_bytes(hash, word ? word : "", word ? strlen(word) + 1 : 1);
}

/* Where the kernel is entered: by a system call, by a page fault, or as a thread of its own. */
/* clang-format off */
static const char *const entries[] = {
	"__x64_sys_", "__ia32_sys_", "__arm64_sys_", "__riscv_sys_", "__s390x_sys_", "__se_sys_",
	"__do_sys_", "__sys_", "sys_", "ksys_", "x64_sys_call", "do_syscall", "invoke_syscall",
	"el0", "el1", "do_el0_", "entry_SYSCALL", "ret_fast_syscall", "system_call", "syscall_",
	"do_user_addr_fault", "exc_page_fault", "asm_exc_", "do_page_fault", "__do_page_fault",
	"do_translation_fault", "do_mem_abort", "do_DataAbort", "__dabt", "__pabt",
	"do_PrefetchAbort", "handle_page_fault", "do_kern_addr_fault", "ret_from_fork", "kthread",
	"worker_thread",
};

/* Parts of a page fault: which of them are functions of their own differs by compiler. */
static const char *const fault_parts[] = {
	"vma_alloc_", "do_anonymous_page", "alloc_anon_folio", "do_fault", "do_cow_fault",
	"do_read_fault", "do_shared_fault", "folio_prealloc", "wp_page_copy", "do_wp_page",
	"do_pte_missing", "handle_pte_fault", "__handle_mm_fault",
};
/* clang-format on */

/* "f_noprof" is f of a kernel that counts allocations by caller. */
static struct lt_span name_of(const struct lt_frame *frame)
{
	static const char suffix[] = "_noprof";
	struct lt_span name = frame->symbol;
	size_t len = sizeof(suffix) - 1;

	if (name.len > len && !memcmp(name.p + name.len - len, suffix, len))
		name.len -= len;
	return name;
}

static uint64_t hash_stack(uint64_t hash, const struct lt_stack *stack)
{
	unsigned int nr = 0;
	struct lt_frame frame;

	for (size_t i = 0; stack && i < stack->nr && nr < FRAMES_MAX; i++) {
		struct lt_span name;

		if (!lt_frame_split(stack->frames[i], &frame) || lt_frame_is_allocator(&frame) ||
		    lt_frame_begins(&frame, fault_parts, ARRAY_SIZE(fault_parts)))
			continue;
		if (lt_frame_begins(&frame, entries, ARRAY_SIZE(entries)))
			break;
		name = name_of(&frame);
		hash = hash_bytes(hash, name.p, name.len);
		hash = hash_bytes(hash, "@", 1);
		hash = hash_bytes(hash, frame.module.p, frame.module.len);
		hash = hash_word(hash, NULL);
		nr++;
	}
	return hash_word(hash, "|");
}

/* What the page that decided it was held by, and who allocated that. */
static uint64_t hash_page(uint64_t hash, const struct lt_cause_page *page)
{
	const struct lt_pin *pin = page ? page->page : NULL;

	hash = hash_word(hash, page && lt_cause_page_has_hold(page) ? lt_pin_kind_name(page->hold)
								    : NULL);
	return hash_stack(hash, pin && pin->has_owner ? pin->allocated_by.stack : NULL);
}

static const char *const endings[] = {
	[LT_ENDING_UNKNOWN] = "?",     [LT_ENDING_TOO_FEW] = "few",
	[LT_ENDING_NO_RUN] = "run",    [LT_ENDING_NO_RANGE] = "range",
	[LT_ENDING_ROOM] = "room",     [LT_ENDING_REFUSED] = "refused",
	[LT_ENDING_RANGE] = "emptied", [LT_ENDING_PAGE] = "page",
};

static const char *error_of(struct lt_report *report, const struct lt_failure *failure)
{
	const char *name = failure->err.known ? lt_errno_name((int)failure->err.val) : NULL;

	if (name || !failure->err.known)
		return name ? name : "?";
	return lt_words(report, "%" PRIu64, failure->err.val);
}

static const char *signature_of(struct lt_report *report, const struct lt_failure *failure)
{
	const struct lt_cause *cause = &report->causes.v[failure->last - report->snap->attempts.v];
	const char *id = lt_failure_explain(report, failure).id;
	uint64_t hash = 0xcbf29ce484222325u;

	hash = hash_word(hash, id ? NULL : endings[failure->ending]);
	hash = hash_page(hash, failure->id ? lt_cause_best(cause) : NULL);
	hash = hash_stack(hash, failure->last->stack);
	return lt_words(report, "%s:%s:%08" PRIx32, id ? id : "unexplained",
			error_of(report, failure), (uint32_t)(hash ^ hash >> 32));
}

int lt_signatures_make(struct lt_report *report)
{
	const struct lt_failure *failure = lt_report_failure(report);

	lt_vec_each(each, &report->failures)
		each->signature = signature_of(report, each);
	report->signature = failure ? failure->signature : NULL;
	return report->out_of_memory ? -ENOMEM : 0;
}
