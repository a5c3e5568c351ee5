// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Runs a fuzz target without a fuzzing engine: feeds it every file named on
 * the command line (directories recursively; without arguments the project's
 * examples, fixtures and malformed files), then deterministic mutations of those that
 * the target calls its seeds. LTPIN_FUZZ_RUNS sets how many (2000), of a target whose runs take
 * longer fewer (fuzz_cost).
 *
 * An input that crashes the target, or keeps it busy for longer than
 * SECONDS_PER_INPUT, is left in the file "crash-input".
 */
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/vec.h"
#include "fuzz.h"
#include "mutate.h"

#define SECONDS_PER_INPUT 30

/* Mutations of a larger file are of a piece of this size. */
#define PIECE_MAX ((size_t)64 * 1024)

struct file {
	char *path;
	struct lt_buf buf;
	bool is_seed;
};

static LT_VEC_OF(files, struct file) files;

/* What the target is working on, for leave_input(). */
static struct bytes current;

static void leave_input(void)
{
	static const char note[] = "# the input is in crash-input\n";
	int fd = open("crash-input", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	if (fd < 0 || write(fd, current.p, current.len) < 0)
		return;
	close(fd);
	if (write(STDERR_FILENO, note, sizeof(note) - 1) < 0)
		return;
}

static void on_signal(int sig)
{
	leave_input();
	signal(sig, SIG_DFL);
	raise(sig);
}

/* Absent unless a sanitizer is linked in; those that exit do so without a signal. */
void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

static void catch_crashes(void)
{
	static const int signals[] = { SIGABRT, SIGALRM, SIGBUS, SIGFPE, SIGILL, SIGSEGV };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++)
		signal(signals[i], on_signal);
	if (__sanitizer_set_death_callback)
		__sanitizer_set_death_callback(leave_input);
}

/* The input lies in memory of exactly its size, so that ASan sees one byte too far. */
static void feed(const void *data, size_t len)
{
	current = (struct bytes){ malloc(len), len };
	if (!current.p && len)
		abort();
	if (len)
		memcpy(current.p, data, len);
	alarm(SECONDS_PER_INPUT);
	LLVMFuzzerTestOneInput(current.p, current.len);
	alarm(0);
	free(current.p);
	current = (struct bytes){ 0 };
}

/* Whether @part is @word, or ends in it if that begins with a dot. */
static bool is_match(const char *part, const char *word)
{
	size_t part_len = strlen(part), word_len = strlen(word);

	if (word[0] != '.')
		return !strcmp(part, word);
	return part_len > word_len && !strcmp(part + part_len - word_len, word);
}

/* Whether one of the words in fuzz_seeds matches a component of @path. */
static bool is_seed(const char *path)
{
	char words[256], parts[4096];
	char *save_word, *save_part;

	snprintf(words, sizeof(words), "%s", fuzz_seeds);
	for (char *word = strtok_r(words, " ", &save_word); word;
	     word = strtok_r(NULL, " ", &save_word)) {
		snprintf(parts, sizeof(parts), "%s", path);
		for (char *part = strtok_r(parts, "/", &save_part); part;
		     part = strtok_r(NULL, "/", &save_part))
			if (is_match(part, word))
				return true;
	}
	return false;
}

static int add_file(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	struct file *file;

	(void)st;
	(void)ftw;
	if (type != FTW_F)
		return 0;
	file = lt_vec_push(&files);
	if (!file)
		return -1;
	file->path = strdup(path);
	file->is_seed = is_seed(path);
	return lt_file_read(path, &file->buf);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct file *)a)->path, ((const struct file *)b)->path);
}

static int add_tree(const char *path)
{
	if (!nftw(path, add_file, 16, FTW_PHYS))
		return 0;
	printf("Bail out! cannot read %s\n", path);
	return -1;
}

static int add_project(void)
{
	static const char *const trees[] = { "docs",	  "test/fixtures",  "test/fuzz/corpus",
					     "test/logs", "test/malformed", "test/saved" };
	const char *top = getenv("top_srcdir");
	char path[4096];

	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", top ? top : ".", trees[i]);
		if (add_tree(path))
			return -1;
	}
	return 0;
}

static struct bytes piece_of(const struct lt_buf *buf, uint64_t *random)
{
	size_t len = buf->len < PIECE_MAX ? buf->len : PIECE_MAX;
	size_t start = random_below(random, buf->len - len + 1);
	struct bytes piece = { malloc(len + 1), len };

	if (!piece.p)
		abort();
	while (start && buf->data[start - 1] != '\n')
		start--;
	memcpy(piece.p, buf->data + start, len);
	return piece;
}

static size_t feed_mutations(size_t nr_runs)
{
	uint64_t random = 0x9e3779b97f4a7c15u;
	size_t nr_seeds = 0;

	lt_vec_each(file, &files)
		nr_seeds += file->is_seed;
	if (!nr_seeds)
		return 0;
	for (size_t run = 0; run < nr_runs;) {
		lt_vec_each(file, &files) {
			struct bytes piece;

			if (!file->is_seed || run++ >= nr_runs)
				continue;
			piece = piece_of(&file->buf, &random);
			mutate(&piece, &random);
			feed(piece.p, piece.len);
			free(piece.p);
		}
	}
	return nr_seeds;
}

int main(int argc, char **argv)
{
	const char *env = getenv("LTPIN_FUZZ_RUNS");
	size_t nr_runs = (env ? strtoul(env, NULL, 10) : 2000) / (&fuzz_cost ? fuzz_cost : 1);
	size_t nr_seeds;
	int err = argc > 1 ? 0 : add_project();

	for (int i = 1; i < argc && !err; i++)
		err = add_tree(argv[i]);
	if (err)
		return 2;
	if (files.nr)
		qsort(files.v, files.nr, sizeof(*files.v), by_path);
	catch_crashes();
	printf("1..2\n");
	feed("", 0);
	lt_vec_each(file, &files)
		feed(file->buf.data, file->buf.len);
	printf("ok 1 - %zu files as they are\n", files.nr);
	fflush(stdout);
	nr_seeds = feed_mutations(nr_runs);
	printf("%s 2 - %zu mutations of %zu seeds (%s)\n", nr_seeds ? "ok" : "not ok", nr_runs,
	       nr_seeds, fuzz_seeds);
	lt_vec_each(file, &files) {
		free(file->path);
		free(file->buf.data);
	}
	lt_vec_free(&files);
	return nr_seeds ? 0 : 1;
}
