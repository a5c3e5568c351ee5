// SPDX-License-Identifier: GPL-2.0-or-later
/* Tests the source process-pins. */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/io_uring.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "source/source.h"

#define RESULT "\"result\": {\"errno\": 0}}"
#define ANSWER "{\"schema\": \"ltpin.answer/1\", \"source\": \"process-pins\", "

static int read_answer(const char *hints, struct lt_snapshot *snap, struct lt_diag *diag)
{
	char text[1024];

	snprintf(text, sizeof(text), ANSWER "%s" RESULT, hints);
	tree_write("ltpin/process-pins.json", text, strlen(text));
	*snap = tree_snapshot(tree_dir);
	return lt_source_process_pins.read(snap, diag);
}

static void done(struct lt_snapshot *snap)
{
	lt_vec_free(&snap->pin_hints);
	lt_pins_free(&snap->pins);
	tree_done(snap);
}

static void what_was_captured_is_told_again(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };
	const struct lt_pin_hint *hint;

	(void)state;
	assert_int_equal(read_answer("\"hints\": ["
				     "{\"kind\": \"vmpin\", \"pid\": 7, \"comm\": \"x\\u001b[2J\","
				     " \"nr_pages\": 3},"
				     "{\"kind\": \"io_uring\", \"pid\": 812, \"comm\": \"camera\","
				     " \"nr_pages\": 512, \"nr_buffers\": 2}], ",
				     &snap, &diag),
			 0);
	assert_int_equal(snap.pin_hints.nr, 2);
	hint = snap.pin_hints.v; /* the one that may pin most comes first */
	assert_int_equal(hint[0].kind, LT_HINT_IO_URING);
	assert_int_equal(hint[0].pid, 812);
	assert_num(hint[0].nr_pages, 512);
	assert_num(hint[0].nr_buffers, 2);
	assert_int_equal(hint[1].kind, LT_HINT_VM_PIN);
	assert_string_equal(hint[1].comm, "x\\x1b[2J");
	assert_unknown(hint[1].nr_buffers);
	done(&snap);
}

static void a_pipe_that_was_captured_is_told_again(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(read_answer("\"hints\": [{\"kind\": \"pipe\", \"pid\": 7, \"comm\": \"a\","
				     " \"inode\": 4711, \"nr_bytes\": 8192, \"peer_pid\": 9,"
				     " \"peer_comm\": \"b\"}], ",
				     &snap, &diag),
			 0);
	assert_int_equal(snap.pin_hints.nr, 1);
	assert_num(snap.pin_hints.v[0].inode, 4711);
	assert_num(snap.pin_hints.v[0].nr_bytes, 8192);
	assert_num(snap.pin_hints.v[0].peer_pid, 9);
	assert_string_equal(snap.pin_hints.v[0].peer_comm, "b");
	done(&snap);
}

static void sockets_and_devices_that_were_captured_are_told_again(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };
	const struct lt_pin_hint *hint;

	(void)state;
	assert_int_equal(
		read_answer("\"hints\": [{\"kind\": \"socket\", \"pid\": 7, \"comm\": \"a\","
			    " \"inode\": 4711, \"nr_bytes\": 8192},"
			    "{\"kind\": \"device\", \"pid\": 8, \"comm\": \"b\","
			    " \"device\": \"/dev/v\\u001b\", \"driver\": \"vivid\"}], ",
			    &snap, &diag),
		0);
	assert_int_equal(snap.pin_hints.nr, 2);
	hint = snap.pin_hints.v;
	assert_int_equal(hint[0].kind, LT_HINT_SOCKET);
	assert_num(hint[0].inode, 4711);
	assert_num(hint[0].nr_bytes, 8192);
	assert_null(hint[0].device);
	assert_int_equal(hint[1].kind, LT_HINT_DEVICE);
	assert_string_equal(hint[1].device, "/dev/v\\x1b");
	assert_string_equal(hint[1].driver, "vivid");
	done(&snap);
}

static void a_damaged_answer_tells_nothing(void **state)
{
	static const char *const damaged[] = {
		"\"hints\": [{\"kind\": \"wish\", \"pid\": 7, \"comm\": \"x\"}], ",
		"\"hints\": [{\"kind\": \"vmpin\", \"comm\": \"x\"}], ",
		"\"hints\": [{\"kind\": \"vmpin\", \"pid\": 7}], ",
		"\"hints\": [{\"kind\": \"vmpin\", \"pid\": 99999999999, \"comm\": \"x\"}], ",
		"\"hints\": [{\"kind\": \"pipe\", \"pid\": 7, \"comm\": \"x\"}], ",
		"\"hints\": [{\"kind\": \"socket\", \"pid\": 7, \"comm\": \"x\"}], ",
		"\"hints\": [{\"kind\": \"device\", \"pid\": 7, \"comm\": \"x\"}], ",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(damaged) / sizeof(damaged[0]); i++) {
		struct lt_snapshot snap;
		struct lt_diag diag = { 0 };

		assert_int_equal(read_answer(damaged[i], &snap, &diag), -EBADMSG);
		assert_int_equal(snap.pin_hints.nr, 0);
		assert_true(diag.why[0]);
		done(&snap);
	}
}

static void hints_that_are_missing_are_no_gap(void **state)
{
	struct lt_snapshot snap;
	struct lt_diag diag = { 0 };

	(void)state;
	remove(tree_path("ltpin/process-pins.json"));
	snap = tree_snapshot(tree_dir);
	assert_int_equal(lt_source_process_pins.read(&snap, &diag), -ENODATA);
	done(&snap);
}

static void nobody_is_searched_without_need(void **state)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_diag diag = { 0 };

	(void)state;
	assert_int_equal(lt_source_process_pins.read(&snap, &diag), -ENODATA);
	assert_non_null(strstr(diag.why, "no page blocks"));
	done(&snap);
}

/* A ring of our own with @nr_pages registered; -1 where we may not. */
static int register_pages(size_t nr_pages)
{
	struct io_uring_params params = { 0 };
	size_t len = nr_pages * (size_t)sysconf(_SC_PAGESIZE);
	struct iovec iov = { .iov_len = len };
	int ring = (int)syscall(SYS_io_uring_setup, 1, &params);

	iov.iov_base = mmap(NULL, len, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (ring < 0 || iov.iov_base == MAP_FAILED ||
	    syscall(SYS_io_uring_register, ring, IORING_REGISTER_BUFFERS, &iov, 1))
		return -1;
	return ring;
}

static void a_ring_of_the_running_system_is_found(void **state)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_diag diag = { 0 };
	const struct lt_pin_hint *found = NULL;

	(void)state;
	lt_vec_push(&snap.pins);
	assert_int_equal(lt_source_process_pins.read(&snap, &diag), 0);
	lt_vec_each(hint, &snap.pin_hints)
		if (hint->pid == getpid() && hint->kind == LT_HINT_IO_URING)
			found = hint;
	assert_non_null(found);
	assert_num(found->nr_buffers, 1);
	assert_num(found->nr_pages, 3);
	assert_string_equal(found->comm, "test_process_pi");
	done(&snap);
}

/* The hint at pipe @fds of this process, which maps a page that is held as @kind says; or none. */
static struct lt_pin_hint find_pipe(const int fds[2], enum lt_pin_kind kind, bool is_mapped)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_diag diag = { 0 };
	struct lt_pin_hint found = { 0 };
	struct lt_pin *pin = lt_vec_push(&snap.pins);
	struct lt_mapper *mapper = lt_vec_push(&pin->mapped_by);
	struct stat st;

	pin->kind = kind;
	mapper->pid = is_mapped ? getpid() : 1;
	assert_int_equal(fstat(fds[0], &st), 0);
	assert_int_equal(lt_source_process_pins.read(&snap, &diag), 0);
	lt_vec_each(hint, &snap.pin_hints)
		if (hint->kind == LT_HINT_PIPE && hint->pid == getpid() &&
		    hint->inode.val == st.st_ino)
			found = *hint;
	if (found.inode.known)
		assert_string_equal(found.peer_comm, "test_process_pi");
	done(&snap);
	return found;
}

/* What is in the pipe stays there. */
static void a_pipe_with_data_may_hold_what_its_writer_maps(void **state)
{
	struct lt_pin_hint hint;
	char text[8];
	int fds[2];

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_unknown(find_pipe(fds, LT_PIN_EXTRA_REF, true).inode);
	assert_int_equal(write(fds[1], "camera", 6), 6);
	hint = find_pipe(fds, LT_PIN_EXTRA_REF, true);
	assert_true(hint.inode.known);
	assert_num(hint.nr_bytes, 6);
	assert_num(hint.peer_pid, (uint64_t)getpid());
	assert_true(find_pipe(fds, LT_PIN_UNKNOWN, true).inode.known);
	assert_unknown(find_pipe(fds, LT_PIN_PINNED, true).inode);
	assert_unknown(find_pipe(fds, LT_PIN_UNMOVABLE, true).inode);
	assert_unknown(find_pipe(fds, LT_PIN_EXTRA_REF, false).inode);
	assert_int_equal(read(fds[0], text, sizeof(text)), 6);
	assert_unknown(find_pipe(fds, LT_PIN_EXTRA_REF, true).inode);
	close(fds[0]);
	close(fds[1]);
}

/* The hint of @kind of this process, which maps a page that is held as @pin_kind says. */
static struct lt_pin_hint find_own(enum lt_pin_hint_kind kind, enum lt_pin_kind pin_kind,
				   bool is_mapped)
{
	struct lt_snapshot snap = tree_snapshot(NULL);
	struct lt_diag diag = { 0 };
	struct lt_pin_hint found = { 0 };
	struct lt_pin *pin = lt_vec_push(&snap.pins);

	pin->kind = pin_kind;
	assert_int_equal(lt_mapper_pids_add(&pin->mapped_by_more, is_mapped ? getpid() : 1), 0);
	assert_int_equal(lt_source_process_pins.read(&snap, &diag), 0);
	lt_vec_each(hint, &snap.pin_hints)
		if (hint->kind == kind && hint->pid == getpid())
			found = *hint;
	done(&snap);
	return found;
}

/* A socket to one of our own that is not read from. */
static int connect_to(int listener)
{
	struct sockaddr_in addr;
	socklen_t len = sizeof(addr);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(getsockname(listener, (struct sockaddr *)&addr, &len), 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&addr, len), 0);
	return fd;
}

/* More than the peer takes, and less than the sender keeps. */
static void stall(int fd)
{
	static char data[64 << 10];
	const int size = 256 << 10;

	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)), 0);
	assert_true(send(fd, data, sizeof(data), MSG_DONTWAIT) > 0);
}

static void a_socket_that_waits_may_hold_what_it_may_send_without_a_copy(void **state)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const int one = 1, size = 2304;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), copies, idle, waits;
	struct lt_pin_hint hint;
	struct stat st;

	(void)state;
	assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)), 0);
	assert_int_equal(bind(listener, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(listen(listener, 4), 0);
	copies = connect_to(listener);
	stall(copies);
	assert_unknown(find_own(LT_HINT_SOCKET, LT_PIN_EXTRA_REF, true).inode);
	idle = connect_to(listener);
	assert_int_equal(setsockopt(idle, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)), 0);
	assert_unknown(find_own(LT_HINT_SOCKET, LT_PIN_EXTRA_REF, true).inode);
	waits = connect_to(listener);
	assert_int_equal(setsockopt(waits, SOL_SOCKET, SO_ZEROCOPY, &one, sizeof(one)), 0);
	stall(waits);
	assert_int_equal(fstat(waits, &st), 0);
	hint = find_own(LT_HINT_SOCKET, LT_PIN_EXTRA_REF, true);
	assert_num(hint.inode, st.st_ino);
	assert_true(hint.nr_bytes.known && hint.nr_bytes.val > 0 && hint.nr_bytes.val <= 64 << 10);
	assert_true(find_own(LT_HINT_SOCKET, LT_PIN_UNKNOWN, true).inode.known);
	assert_unknown(find_own(LT_HINT_SOCKET, LT_PIN_PINNED, true).inode);
	assert_unknown(find_own(LT_HINT_SOCKET, LT_PIN_EXTRA_REF, false).inode);
	close(waits);
	close(idle);
	close(copies);
	close(listener);
}

/* Every process has such open. */
static void what_keeps_no_memory_is_no_device_of_interest(void **state)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC),
	    tty = open("/dev/ptmx", O_RDWR | O_CLOEXEC);

	(void)state;
	assert_true(null >= 0);
	assert_null(find_own(LT_HINT_DEVICE, LT_PIN_PINNED, true).device);
	close(null);
	if (tty >= 0)
		close(tty);
}

/* A child that has the end for reading is named, and not the writer, who has it too. */
static void who_else_reads_the_pipe_is_named(void **state)
{
	struct lt_pin_hint hint;
	int fds[2];
	pid_t child;

	(void)state;
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(write(fds[1], "camera", 6), 6);
	child = fork();
	assert_true(child >= 0);
	if (!child) {
		close(fds[1]);
		for (;;)
			pause();
	}
	hint = find_pipe(fds, LT_PIN_EXTRA_REF, true);
	assert_int_equal(kill(child, SIGKILL), 0);
	assert_int_equal(waitpid(child, NULL, 0), child);
	assert_num(hint.peer_pid, (uint64_t)child);
	close(fds[0]);
	close(fds[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_captured_is_told_again),
		cmocka_unit_test(a_pipe_that_was_captured_is_told_again),
		cmocka_unit_test(sockets_and_devices_that_were_captured_are_told_again),
		cmocka_unit_test(a_damaged_answer_tells_nothing),
		cmocka_unit_test(a_socket_that_waits_may_hold_what_it_may_send_without_a_copy),
		cmocka_unit_test(what_keeps_no_memory_is_no_device_of_interest),
		cmocka_unit_test(hints_that_are_missing_are_no_gap),
		cmocka_unit_test(nobody_is_searched_without_need),
		cmocka_unit_test(a_pipe_with_data_may_hold_what_its_writer_maps),
		cmocka_unit_test(who_else_reads_the_pipe_is_named),
		cmocka_unit_test(a_ring_of_the_running_system_is_found),
	};
	bool has_ring = register_pages(3) >= 0;

	return _cmocka_run_group_tests("process_pins", tests, has_ring ? 8 : 7, tree_setup,
				       tree_teardown);
}
