// SPDX-License-Identifier: GPL-2.0-or-later
/* Tried (SECURITY.md): any evidence, any keys of `top`, whole commands on any capture */
/*
 * Whole commands on a captured tree of any bytes, in this process: their status is one of those that
 * are documented, and what they print is what readers of its format rely on.
 *
 * An input is text. Its first line "$ NAME" chooses the command; a line "@ /PATH" begins a file of the
 * tree, which goes up to the next one. So whatever changes lines moves files and their contents.
 */
#include "fuzz.h"

#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/archive.h"
#include "base/array_size.h"
#include "base/confine.h"
#include "base/text.h"
#include "ltpin_main.h"
#include "shown.h"

#define WORDS_MAX 12
#define CAPTURE_FD 100 /* its name is in the output, and so is the same each time */
#define CAPTURE "/proc/self/fd/100"

const char fuzz_seeds[] = "command";
const unsigned int fuzz_cost = 10;

/* In place of the library's: the next input needs this process again. */
int lt_confine(const struct lt_confine_path *paths, size_t nr)
{
	(void)paths, (void)nr;
	return 0;
}

static const struct command {
	const char *name, *words; /* none that acts on the running system, or writes a file */
	void (*check)(const char *text, size_t len);
} commands[] = {
	{ "report", "report " CAPTURE, shown_check_text },
	{ "json", "report -f json " CAPTURE, shown_check_json },
	{ "ndjson", "report -f ndjson " CAPTURE, shown_check_ndjson },
	{ "html", "report -f html " CAPTURE, shown_check_html },
	{ "markdown", "report -f markdown " CAPTURE, shown_check_text },
	{ "redact", "report --redact -f json " CAPTURE, shown_check_json },
	{ "home", "--root " CAPTURE, shown_check_text },
	{ "areas", "areas -f json " CAPTURE, shown_check_json },
	{ "zones", "zones " CAPTURE, shown_check_text },
	{ "pages", "pages " CAPTURE, shown_check_text },
	{ "owners", "owners --by stack,task,area -f json " CAPTURE, shown_check_json },
	{ "explain", "explain reserved 4096 " CAPTURE, shown_check_text },
	{ "explain-json", "explain reserved 64 -f json " CAPTURE, shown_check_json },
	{ "doctor", "doctor " CAPTURE, shown_check_text },
	{ "top", "top --once " CAPTURE, shown_check_text },
	{ "failures", "top --once --view failures " CAPTURE, shown_check_text },
	{ "diff", "diff " CAPTURE " " CAPTURE, shown_check_text },
};

/* Any first line chooses one. */
static const struct command *find_command(const struct lt_text *line)
{
	struct lt_span name = lt_text_rest(line);
	unsigned int sum = 0;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (lt_span_is(name, commands[i].name))
			return &commands[i];
	for (size_t i = 0; i < name.len; i++)
		sum += (unsigned char)name.p[i];
	return &commands[sum % ARRAY_SIZE(commands)];
}

/* NULL for a name that cannot be one. */
static FILE *begin_file(struct lt_bundle *bundle, struct lt_span name)
{
	char *path = strndup(name.p, name.len);
	FILE *out;

	if (!path)
		abort();
	if (lt_bundle_begin(bundle, path, &out))
		out = NULL;
	free(path);
	return out;
}

static void put_line(FILE *out, struct lt_span line)
{
	if (line.len)
		fwrite(line.p, 1, line.len, out);
	putc('\n', out);
}

static struct lt_bundle *make_tree(struct lt_text *text)
{
	struct lt_bundle *bundle;
	struct lt_text line;
	FILE *out = NULL;

	if (lt_bundle_new(NULL, &bundle))
		abort();
	while (lt_text_line(text, &line)) {
		bool is_name = lt_text_literal(&line, "@ ");
		struct lt_span rest = lt_text_rest(&line);

		if (is_name && out && lt_bundle_end(bundle, true))
			abort();
		if (is_name)
			out = begin_file(bundle, rest);
		else if (out)
			put_line(out, rest);
	}
	if (out && lt_bundle_end(bundle, true))
		abort();
	return bundle;
}

static int put(void *arg, const void *data, size_t len)
{
	return write(*(int *)arg, data, len) == (ssize_t)len ? 0 : -EIO;
}

/* Names may be there twice, or below a file: then there is no tree. */
static bool write_archive(struct lt_bundle *bundle)
{
	int fd = memfd_create("capture", MFD_CLOEXEC);
	struct lt_archive_output output = { .top = "device", .put = put, .arg = &fd };
	bool is_written = fd >= 0 && !lt_bundle_seal(bundle, NULL) &&
			  !lt_archive_write(bundle, &output, NULL);

	if (fd >= 0 && (dup2(fd, CAPTURE_FD) != CAPTURE_FD || close(fd)))
		abort();
	lt_bundle_free(bundle);
	return is_written;
}

/* What goes to @fd meanwhile is kept in a file that is returned. */
static int redirect(int fd, int *saved)
{
	int file = memfd_create("shown", MFD_CLOEXEC);

	*saved = dup(fd);
	if (file < 0 || *saved < 0 || dup2(file, fd) != fd)
		abort();
	return file;
}

static void check(int file, void (*is_right)(const char *text, size_t len))
{
	off_t len = lseek(file, 0, SEEK_END);
	char *text = malloc((size_t)len + 1);

	if (!text || pread(file, text, (size_t)len, 0) != len)
		abort();
	close(file);
	if (len)
		is_right(text, (size_t)len);
	free(text);
}

/* A sanitizer says what it found on standard error, too. */
void __sanitizer_set_report_fd(void *fd) __attribute__((weak));

static void run(const struct command *command)
{
	static char name[] = "ltpin";
	char *words = strdup(command->words), *argv[WORDS_MAX + 2] = { name }, *save;
	int argc = 1, out, err, shown, said, status;

	for (char *word = words ? strtok_r(words, " ", &save) : NULL; word && argc <= WORDS_MAX;
	     word = strtok_r(NULL, " ", &save))
		argv[argc++] = word;
	fflush(stdout);
	shown = redirect(STDOUT_FILENO, &out);
	said = redirect(STDERR_FILENO, &err);
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)(intptr_t)err);
	optind = 0; /* GNU: start over */
	status = ltpin_main(argc, argv);
	fflush(stdout);
	if (dup2(out, STDOUT_FILENO) < 0 || dup2(err, STDERR_FILENO) < 0)
		abort();
	if (__sanitizer_set_report_fd)
		__sanitizer_set_report_fd((void *)STDERR_FILENO);
	close(out);
	close(err);
	check(shown, command->check);
	check(said, shown_check_text);
	if (status < 0 || status > 3)
		abort();
	free(words);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct lt_text text, line;

	lt_text_init(&text, (const char *)data, size);
	if (!lt_text_line(&text, &line) || !lt_text_literal(&line, "$ "))
		return 0;
	if (lt_archive_check(NULL) || !write_archive(make_tree(&text)))
		return 0;
	run(find_command(&line));
	close(CAPTURE_FD);
	return 0;
}
