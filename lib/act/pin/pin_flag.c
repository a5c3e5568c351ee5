// SPDX-License-Identifier: LGPL-2.1-or-later
/* Finds the value of FOLL_LONGTERM on this kernel, by calls that are refused. */
#include "act/pin/pin_flag.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "act/backend/backend.h"
#include "act/device/device.h"
#include "base/compiler.h"
#include "uapi/ltpin_ioctl.h"

void lt_pin_flag_learn(struct lt_pin_flag *flag, uint32_t gup_flags, bool is_longterm)
{
	flag->candidates &= is_longterm ? gup_flags : ~gup_flags;
	flag->has_seen |= is_longterm;
}

uint32_t lt_pin_flag_bit(const struct lt_pin_flag *flag)
{
	bool is_one = flag->candidates && !(flag->candidates & (flag->candidates - 1));

	return flag->has_seen && is_one ? flag->candidates : 0;
}

struct calibration {
	struct lt_follow *follow;
	struct lt_pin_flag flag;
	struct lt_buffer nowhere;
	bool is_longterm; /* of the calls that were made since the last read */
};

/* Other tasks pin too; nobody knows how. */
static int see_event(const struct lt_trace_event *event, void *arg)
{
	struct calibration *calibration = arg;
	struct lt_pin_event pin;

	if (event->pid == (uint64_t)gettid() && lt_pin_event_parse(event, &pin, NULL) == 1 &&
	    !pin.is_return && pin.flags.known &&
	    pin.addr.val == (uintptr_t)calibration->nowhere.addr)
		lt_pin_flag_learn(&calibration->flag, (uint32_t)pin.flags.val,
				  calibration->is_longterm);
	return 0;
}

static int drop_attempt(struct lt_attempt *attempt, void *arg)
{
	(void)arg;
	lt_attempt_fini(attempt);
	return 0;
}

static int read_events(struct calibration *calibration, struct lt_diag *diag)
{
	const struct lt_follow_sink sink = {
		.on_attempt = drop_attempt,
		.on_event = see_event,
		.arg = calibration,
	};
	int ret = lt_follow_read(calibration->follow, &sink, diag);

	return ret < 0 ? ret : 0;
}

/* Closing the descriptor undoes what should not have succeeded. */
static int ask_backend(struct calibration *calibration, const struct lt_backend *backend,
		       struct lt_diag *diag)
{
	int fd = backend->open(NULL);

	if (fd < 0)
		return 0;
	calibration->is_longterm = true;
	backend->pin(fd, &calibration->nowhere, LT_PIN_WRITE, NULL);
	close(fd);
	return read_events(calibration, diag);
}

/* The module pins without the flag too, which leaves fewer bits that can be it. */
static int ask_module(struct calibration *calibration, struct lt_diag *diag)
{
	int fd = lt_device_open();
	uint32_t id;

	if (fd < 0)
		return 0;
	calibration->is_longterm = false;
	/* The kernel refuses; the call is what is looked at. */
	lt_ignore(lt_device_pin(fd, calibration->nowhere.addr, 1, LTPIN_PIN_WRITE, NULL, &id));
	close(fd);
	return read_events(calibration, diag);
}

static int ask_all(struct calibration *calibration, struct lt_diag *diag)
{
	int err = ask_module(calibration, diag);

	for (size_t i = 0; lt_backends[i] && !err; i++) {
		if (lt_pin_flag_bit(&calibration->flag))
			break;
		err = ask_backend(calibration, lt_backends[i], diag);
	}
	return err;
}

static int follow_probes(const struct lt_kprobe_group *probe, struct calibration *calibration,
			 struct lt_diag *diag)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_follow_options options = { 0 };
	int err;

	if (!strings)
		return -ENOMEM;
	options.events = lt_kprobe_group_events(probe, &options.nr_events);
	err = lt_follow_open(&options, strings, NULL, &calibration->follow, diag);
	if (!err) {
		err = ask_all(calibration, diag);
		lt_follow_close(calibration->follow);
	}
	lt_strings_free(strings);
	return err;
}

int lt_pin_flag_calibrate(const struct lt_kprobe_group *probe, uint32_t *out, struct lt_diag *diag)
{
	struct calibration calibration = { .flag = LT_PIN_FLAG_INIT };
	struct lt_buffer *nowhere = &calibration.nowhere;
	uint32_t bit;
	int err;

	*nowhere = (struct lt_buffer){ .nr_pages = 1, .nr_unit = 1, .fd = -1 };
	nowhere->page_size = (size_t)sysconf(_SC_PAGESIZE);
	nowhere->addr =
		mmap(NULL, nowhere->page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (nowhere->addr == MAP_FAILED)
		return -errno;
	err = follow_probes(probe, &calibration, diag);
	munmap(nowhere->addr, nowhere->page_size);
	bit = lt_pin_flag_bit(&calibration.flag);
	if (!err && !bit) {
		lt_diag_set(diag, "which pins are long-term is not known: nothing here could show "
				  "FOLL_LONGTERM");
		err = -EOPNOTSUPP;
	}
	if (!err)
		*out = bit;
	return err;
}
