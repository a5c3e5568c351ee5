/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_ACT_PIN_PIN_FLAG_H
#define LT_ACT_PIN_PIN_FLAG_H

#include "act/pin/kprobe_group.h"
#include "base/compiler.h"

/*
 * Which bit of gup_flags is FOLL_LONGTERM on this kernel: it is no part of any interface, and has
 * changed (0x10000 on 5.10 and 6.1, 0x100 on 6.12 and 7.2). Found out by calls of which it is
 * known whether they ask for it.
 */
struct lt_pin_flag {
	uint32_t candidates; /* bits that it still can be */
	bool has_seen;	     /* a call that asked for it */
};

/* Nothing is known but that it is not FOLL_WRITE, which is 1 everywhere. */
#define LT_PIN_FLAG_INIT ((struct lt_pin_flag){ .candidates = ~UINT32_C(1) })

/* Take notice of the flags of one call. */
void lt_pin_flag_learn(struct lt_pin_flag *flag, uint32_t gup_flags, bool is_longterm);

/* The bit, or 0 if it is not known: not asked for yet, several can be it, or none. */
uint32_t lt_pin_flag_bit(const struct lt_pin_flag *flag);

/**
 * lt_pin_flag_calibrate() - make such calls under the probes
 * @probe: open, and enabled nowhere
 * @out:   the bit
 * @diag:  why it is not known; may be NULL
 *
 * Each backend of act/backend/backend.h that opens is asked to pin an address where there can be no
 * page. The kernel refuses, but only after the flags were seen: nothing is pinned, moved or
 * allocated, which on a kernel that breaks its promise might never return.
 *
 * Return: 0; -EOPNOTSUPP nobody here can show it; another negative errno.
 */
int lt_pin_flag_calibrate(const struct lt_kprobe_group *probe, uint32_t *out, struct lt_diag *diag)
	__must_check;

#endif
