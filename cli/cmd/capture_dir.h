/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CAPTURE_DIR_H
#define CLI_CMD_CAPTURE_DIR_H

/*
 * A directory that has its final name only when it is whole. Until then it is
 * called NAME.ltpin-incomplete and locked, so that the next capture to NAME can
 * tell one that is being written from what a killed capture left, and removes
 * the latter. It is for its owner alone, before and after.
 */
struct capture_dir {
	const char *path;
	char *temp; /* NULL if there is nothing to clean up */
	int fd;	    /* locked as long as it is open */
};

/* Whether there could be a new directory @path: 0, or a negative errno. An empty one is replaced. */
int capture_dir_check(const char *path);

/**
 * capture_dir_begin() - make it
 * @path: not freed before capture_dir_end()
 *
 * Return: 0, -EBUSY while another process writes to @path, another negative errno.
 */
int capture_dir_begin(const char *path, struct capture_dir *out);

/* Give it its name: 0, or a negative errno. */
int capture_dir_commit(struct capture_dir *dir);

/* Remove it unless it was committed. */
void capture_dir_end(struct capture_dir *dir);

#endif
