// SPDX-License-Identifier: GPL-2.0-or-later
/* Where one boot in a log ends and the next begins, and which of them is read. */
#include "test.h"

#include "source/klog/klog.h"

#define FAILED(pages) "cma: cma_alloc: a: alloc failed, req-size: " #pages " pages, ret: -12\n"

static int read_boot(const char *text, int boot, struct lt_klog *klog)
{
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog_reader *reader = lt_klog_reader_new(strings, boot);
	struct lt_diag diag = { 0 };
	int err = lt_klog_reader_feed(reader, text, strlen(text));

	if (!err)
		err = lt_klog_reader_end(reader, klog, &diag);
	lt_klog_reader_free(reader);
	/* Only numbers are looked at. */
	lt_strings_free(strings);
	return err;
}

/* The pages of its failures, and what it says of the others. */
static void check(const char *text, int boot, size_t nr_boots, const char *pages, size_t nr_others,
		  size_t last_others)
{
	struct lt_klog klog = { 0 };
	char got[200] = "";

	assert_int_equal(read_boot(text, boot, &klog), 0);
	lt_vec_each(attempt, &klog.attempts) {
		size_t len = strlen(got);

		snprintf(got + len, sizeof(got) - len, "%s%llu", len ? " " : "",
			 (unsigned long long)attempt->nr_pages.val);
	}
	if (klog.boots.nr != nr_boots || strcmp(got, pages) || klog.boots.nr_failed != nr_others ||
	    klog.boots.last_failed != last_others)
		fail_msg("%zu boots, \"%s\", %zu others, the last in %zu:\n%s", klog.boots.nr, got,
			 klog.boots.nr_failed, klog.boots.last_failed, text);
	lt_klog_fini(&klog);
}

static void a_boot_begins(void **state)
{
	(void)state;
	/* stamps fall back, and there is no banner */
	check("[   50.0] " FAILED(1) "[    0.1] usb: a\n[   60.0] " FAILED(2), 0, 2, "2", 1, 1);
	/* a banner, and lines of its boot before it */
	check("[   50.0] " FAILED(1) "[    0.0] Booting Linux on physical CPU 0x0\n"
				     "[    0.0] Linux version 6.1.0\n[   60.0] " FAILED(2),
	      0, 2, "2", 1, 1);
	/* it crashed within the first second */
	check("[    0.0] Linux version 6.1.0\n[    0.5] " FAILED(
		      1) "[    0.0] Linux version 6.1.0\n",
	      0, 2, "", 1, 1);
	/* no stamps, but what only a start prints */
	check(FAILED(1) "Linux version 6.1.0\nCommand line: cma=64M\n" FAILED(2), 0, 2, "2", 1, 1);
	check(FAILED(1) "Linux version 6.1.0\nCPU: ARMv7 Processor\n" FAILED(2), 0, 2, "2", 1, 1);
	check("Feb  3 11:22:33 box kernel: " FAILED(
		      1) "Feb  3 11:22:33 box kernel: Linux version 6.1.0\n",
	      0, 2, "", 1, 1);
	/* journalctl */
	check("Feb 03 11:22:33 box kernel: " FAILED(
		      1) "-- Reboot --\nFeb 03 11:22:33 box kernel: " FAILED(2),
	      0, 2, "2", 1, 1);
	check("Feb 03 11:22:33 box kernel: " FAILED(1) "-- Boot 0123456789abcdef --\n", 0, 2, "", 1,
	      1);
	/* the mark and the banner behind it are of one boot */
	check("[   50.0] " FAILED(1) "-- Boot 0123456789abcdef --\n[    0.0] Linux version 6.1.0\n"
				     "[   60.0] " FAILED(2),
	      0, 2, "2", 1, 1);
}

/* Another clock took over while the kernel started: no boot, unless that cannot be. */
static void the_clock_changes(void **state)
{
	(void)state;
	check("[    0.0] Linux version 6.12.0\n[    3.5] " FAILED(
		      1) "[    0.03] clocksource: a\n[    9.0] " FAILED(2),
	      0, 1, "1 2", 0, 0);
	check("[    0.0] Linux version 6.12.0\n[    3.5] " FAILED(
		      1) "[    0.0] Linux version 6.12.0\n[    9.0] " FAILED(2),
	      0, 2, "2", 1, 1);
	check("[    0.0] Linux version 6.12.0\n[   70.0] " FAILED(
		      1) "[    0.03] clocksource: a\n[    9.0] " FAILED(2),
	      0, 2, "2", 1, 1);
	check("[    3.5] " FAILED(1) "[    0.03] clocksource: a\n[    9.0] " FAILED(2), 0, 2, "2",
	      1, 1);
}

/* The log of the running kernel has no other boot. */
static void the_running_kernel(void **state)
{
	const char text[] =
		"[   50.0] " FAILED(1) "[    0.1] usb: a\n"
				       "[    0.0] Linux version 6.1.0\n[   60.0] " FAILED(2);
	struct lt_strings *strings = lt_strings_new();
	struct lt_klog_reader *reader = lt_klog_reader_new(strings, 0);
	struct lt_diag diag = { 0 };
	struct lt_klog klog = { 0 };

	(void)state;
	lt_klog_reader_keep_boot(reader);
	assert_int_equal(lt_klog_reader_feed(reader, text, strlen(text)), 0);
	assert_int_equal(lt_klog_reader_end(reader, &klog, &diag), 0);
	assert_int_equal(klog.boots.nr, 1);
	assert_int_equal(klog.attempts.nr, 2);
	lt_klog_fini(&klog);
	lt_klog_reader_free(reader);
	lt_strings_free(strings);
}

#define RECORD(id, us, text)                                                                  \
	"{\"_BOOT_ID\":\"" id "\",\"_TRANSPORT\":\"kernel\",\"__MONOTONIC_TIMESTAMP\":\"" #us \
	"\",\"MESSAGE\":\"" text "\"}\n"
#define A_ID "00112233445566778899aabbccddeeff"
#define B_ID "ffeeddccbbaa99887766554433221100"
#define LINE(pages) "cma: cma_alloc: a: alloc failed, req-size: " #pages " pages, ret: -12"

/* A journal says of each record which boot it is of; stamps need not fall back. */
static void a_record_says_its_boot(void **state)
{
	static const char export[] =
		"__CURSOR=s=a;i=1;b=" A_ID ";m=1\n_TRANSPORT=kernel\nMESSAGE=" LINE(
			1) "\n\n"
			   "__CURSOR=s=a;i=2;b=" B_ID
			   ";m=2\n_TRANSPORT=kernel\nMESSAGE=" LINE(2) "\n\n";
	static const char fields[] =
		"MESSAGE=" LINE(1) "\n_BOOT_ID=" A_ID "\n_TRANSPORT=kernel\n\n"
				   "MESSAGE=" LINE(2) "\n_BOOT_ID=" B_ID "\n_TRANSPORT=kernel\n\n";
	static const char verbose[] =
		"Tue 2026-02-03 11:22:33 CET [s=a;i=1;b=" A_ID ";m=2faf081;t=1;x=1]\n"
		"    _TRANSPORT=kernel\n    MESSAGE=" LINE(
			1) "\n"
			   "Tue 2026-02-03 11:52:33 CET [s=a;i=2;b=" B_ID ";m=3faf081;t=1;x=1]\n"
			   "    _TRANSPORT=kernel\n    MESSAGE=" LINE(2) "\n";

	(void)state;
	check(RECORD(A_ID, 50000000, LINE(1)) RECORD(B_ID, 60000000, LINE(2)), 0, 2, "2", 1, 1);
	check(RECORD(A_ID, 50000000, LINE(1)) RECORD(B_ID, 60000000, LINE(2)), 1, 2, "1", 1, 2);
	check(export, 0, 2, "2", 1, 1);
	check(fields, 0, 2, "2", 1, 1);
	check(verbose, 0, 2, "2", 1, 1);
	/* the same boot, though its stamps fall back */
	check(RECORD(A_ID, 50000000, LINE(1)) RECORD(A_ID, 10, LINE(2)), 0, 1, "1 2", 0, 0);
	/* no id */
	check(RECORD("x", 50000000, LINE(1)) RECORD("y", 60000000, LINE(2)), 0, 1, "1 2", 0, 0);
}

#define NOW "[   61.0] " FAILED(1)
#define PAST                                                                                                \
	"------ LAST KMSG (/sys/fs/pstore/console-ramoops-0) ------\n[    3.0] init: a\n[  812.0] " FAILED( \
		2)

/* A bugreport shows what pstore kept of the boot before, behind the log of this one. */
static void what_a_bugreport_kept_is_earlier(void **state)
{
	(void)state;
	check(NOW PAST, 0, 2, "1", 1, 2);
	check(NOW PAST "------ END ------\n\n", 0, 2, "1", 1, 2);
	check(PAST "------ KERNEL LOG (dmesg) ------\n" NOW, 0, 2, "1", 1, 1);
	check(NOW PAST, 2, 2, "2", 1, 1);
	check(PAST, 0, 1, "2", 0, 0);
	check(NOW PAST "------ 0.1s was the duration of 'LAST KMSG' ------\n[  813.0] " FAILED(3),
	      0, 2, "1", 2, 2);
}

static void no_boot_begins(void **state)
{
	(void)state;
	/* words before the log */
	check("Hello all,\n\n[    0.0] Linux version 6.1.0\n[   50.0] " FAILED(1), 0, 1, "1", 0, 0);
	/* a form that was filled in */
	check(FAILED(1) "Linux version 6.1.0\nMachine model: a board\nMemory: 4 GB\n", 0, 1, "1", 0,
	      0);

	check("[    0.0] Linux version 6.1.0\n[   50.0] " FAILED(1), 0, 1, "1", 0, 0);
	check("Linux version 6.1.0\n[   50.0] " FAILED(1), 0, 1, "1", 0, 0);
	/* /proc/version was pasted, in a log with stamps and in one without */
	check("[   50.0] " FAILED(1) "# cat /proc/version\nLinux version 6.1.0\n", 0, 1, "1", 0, 0);
	check("[   50.0] " FAILED(1) "Linux version 6.1.0\nCommand line: x\n[   51.0] " FAILED(2),
	      0, 1, "1 2", 0, 0);
	check(FAILED(1) "Linux version 6.1.0\n" FAILED(2), 0, 1, "1 2", 0, 0);
	check("Linux version 6.1.0\n\n" FAILED(1), 0, 1, "1", 0, 0);
	/* CPUs print out of order, and a log may be sorted otherwise */
	check("[    1.000010] " FAILED(1) "[    0.999990] usb: a\n", 0, 1, "1", 0, 0);
	check("[   50.0] " FAILED(1) "[   20.0] usb: a\n[   51.0] " FAILED(2), 0, 1, "1 2", 0, 0);
	/* what was printed at boot, pasted behind the failure */
	check("[   50.0] " FAILED(
		      1) "# dmesg | grep cma\n[    0.0] cma: Reserved 16 MiB at 0x40000000\n"
			 "[    0.9] " FAILED(2),
	      0, 1, "1 2", 0, 0);
	check("[    0.0] Linux version 6.1.0\n[   50.0] " FAILED(1) "[    0.0] usb: a\n", 0, 1, "1",
	      0, 0);
	/* a program's words */
	check("[   50.0] " FAILED(1) "<14>[    0.0] Linux version 6.1.0\n", 0, 1, "1", 0, 0);
}

static const char three[] = "[    0.0] Linux version 6.1.0\n[   50.0] " FAILED(
	1) "[   51.0] " FAILED(2) "[    0.0] Linux version 6.1.0\n[   60.0] usb: a\n"
				  "[    0.0] Linux version 6.1.0\n[   70.0] " FAILED(3);

static void one_of_them_is_chosen(void **state)
{
	struct lt_klog klog;

	(void)state;
	check(three, 0, 3, "3", 2, 1);
	check(three, 3, 3, "3", 2, 1);
	check(three, -1, 3, "", 3, 3);
	check(three, 2, 3, "", 3, 3);
	check(three, -2, 3, "1 2", 1, 3);
	check(three, 1, 3, "1 2", 1, 3);
	assert_int_equal(read_boot(three, -3, &klog), -ERANGE);
	assert_int_equal(read_boot(three, 4, &klog), -ERANGE);
	assert_int_equal(read_boot("", 2, &klog), -ERANGE);
}

/* However many there are, what is kept does not grow. */
static void hundreds_of_boots(void **state)
{
	const size_t nr = 300;
	char *text = malloc(nr * 200), *end = text;

	(void)state;
	assert_non_null(text);
	for (size_t i = 1; i <= nr; i++)
		end += sprintf(end,
			       "[    0.0] Linux version 6.1.0\n[   50.0] cma: cma_alloc: a: alloc "
			       "failed, req-size: %zu pages, ret: -12\n",
			       i);
	check(text, 0, nr, "300", nr - 1, nr - 1);
	check(text, -LT_BOOTS_MAX, nr, "236", nr - 1, nr);
	check(text, 1, nr, "1", nr - 1, nr);
	free(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_boot_begins),
		cmocka_unit_test(the_clock_changes),
		cmocka_unit_test(the_running_kernel),
		cmocka_unit_test(a_record_says_its_boot),
		cmocka_unit_test(what_a_bugreport_kept_is_earlier),
		cmocka_unit_test(no_boot_begins),
		cmocka_unit_test(one_of_them_is_chosen),
		cmocka_unit_test(hundreds_of_boots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
