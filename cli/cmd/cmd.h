/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_CMD_CMD_H
#define CLI_CMD_CMD_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "model/snapshot.h"
#include "render/text.h"

/* Exit status of every command but `selftest`, which answers `git bisect run`. */
enum cmd_status {
	CMD_OK = 0,
	CMD_BAD = 1,	    /* done; the answer is the one to worry about */
	CMD_FAILED = 2,	    /* usage error, or could not run */
	CMD_INCOMPLETE = 3, /* done, but a source that exists could not be read */
};

enum cmd_group {
	CMD_DIAGNOSE,
	CMD_REPRODUCE,
	CMD_SHARE,
	CMD_NR_GROUPS,
	CMD_UNLISTED, /* not in --help's list */
};

/* Output formats, as bits. */
enum cmd_format {
	FORMAT_TEXT = 1 << 0,
	FORMAT_MARKDOWN = 1 << 1,
	FORMAT_JSON = 1 << 2,
	FORMAT_KTAP = 1 << 3,
	FORMAT_NDJSON = 1 << 4,
	FORMAT_HTML = 1 << 5,
};

/**
 * struct cmd_option - one option of a command
 * @val:  its letter, or a number from CMD_LONG on if it has none
 * @name: long name
 * @arg:  what its value is called in the help, NULL if it takes none
 * @help: one line
 */
struct cmd_option {
	int val;
	const char *name, *arg, *help;
};

#define CMD_LONG 256
#define CMD_OPTIONS_MAX 24 /* per command */

struct cmd;

/**
 * struct cmd_info - a row of the command table; options end with an empty one
 * @args:	  operands as the usage shows them, NULL if there are none
 * @args_max:	  how many operands there may be, files apart
 * @has_files:	  behind them come files and captures to read instead of the running system
 * @formats:	  FORMAT_* bits; not 0 gives the command -f and -o
 * @columns:	  an example for --columns, NULL where that makes no sense
 * @is_live:	  acts on the running system: --root is refused
 * @has_pager:	  its output may be long: on a terminal it goes through a pager
 * @can_redact:	  takes --redact: for capture; of all that read a snapshot, those with has_files
 * @is_private:	  what it writes to a file tells what only root may read: for its owner alone
 * @usage_status: exit status of a usage error; 0 for CMD_FAILED
 * @lost_status:  exit status when the output could not be written; 0 for CMD_FAILED
 * @is_reader:	  what others captured is read in confinement, see cmd/confine.h
 * @run:	  returns the exit status
 */
struct cmd_info {
	const char *name;
	enum cmd_group group;
	const char *args;
	int args_max;
	const char *summary;
	unsigned int formats;
	const char *columns;
	bool has_files, has_bytes, has_brief, has_pager, is_live, is_private, can_redact, is_reader;
	int usage_status, lost_status;
	const struct cmd_option *options;
	int (*run)(struct cmd *cmd);
};

/* Every command, ended by NULL: the help, the dispatch and the man page check read it. */
extern const struct cmd_info *const cmd_table[];
extern const struct cmd_info cmd_home; /* bare `ltpin` */

/* Whether names are replaced in what is read, see cmd/redact.h. */
enum cmd_redact {
	CMD_REDACT_NOTHING,
	CMD_REDACT_DEVICE, /* all names but those of processes */
	CMD_REDACT_NAMES,  /* those too */
};

/* The command that runs, and what it was told. */
struct cmd {
	const struct cmd_info *info;
	int argc;
	char **argv; /* [0] is the command's name */
	/* options that every command has */
	const char *root, *kconfig;
	bool is_verbose, is_brief, is_unpaged, bytes;
	struct columns columns;
	enum cmd_format format;
	enum cmd_redact redact;
	/* after cmd_getopt() returned CMD_END */
	int nr_args, nr_files;
	char **args, **files;
	bool is_known; /* one of @files was known by its contents */
	bool is_apart; /* a file that an option names is the evidence: nothing of this system is */
	void *arg;     /* the command's own, for the function it gives to cmd_show() */
	/* private */
	int status;
	struct lt_root *opened_root;
	bool is_redacted; /* it has no names */
	bool is_confined;
	const char *dir_output; /* a directory that is filled, and then gets its name; NULL */
	char *unread;		/* why it has less than there was; NULL if it has all */
	char *suggested;	/* what suggested commands name; NULL for the running system */
	const char *output;
	char *place;	   /* the file that @output is, once it is open; NULL for standard output */
	char *output_temp; /* where it is until it is whole; NULL if it has no name until then */
	bool is_output_nameless;
	bool is_output_kept;  /* also with CMD_FAILED: it has what could be had */
	int output_err;	      /* positive errno of a write that failed */
	bool ignores_sigpipe; /* whoever started us has it so: a closed pipe is an error to report */
	bool is_pipe_closed;  /* set by cmd_finish(): end by SIGPIPE */
	FILE *out;
	pid_t pager;	      /* that standard output goes through; 0 if there is none */
	struct text terminal; /* that the pager shows it on */
};

#define CMD_END (-1)
#define CMD_STOP (-2)

/**
 * cmd_getopt() - the next option of the command's own table
 * @value: set to the option's value
 *
 * Common options (--help, --root, -f, -o, ...) are dealt with inside.
 *
 * Return: its @val; CMD_END when the operands are next; CMD_STOP when the
 * command must return cmd->status at once.
 */
int cmd_getopt(struct cmd *cmd, const char **value);

/**
 * cmd_files_from() - take all operands behind the first @nr_args for files to read
 *
 * For a command that was given fewer operands than it may have; after CMD_END.
 *
 * Return: 0; CMD_STOP after a message, as above.
 */
int cmd_files_from(struct cmd *cmd, int nr_args);

/* For commands without options of their own: 0, or CMD_STOP as above. */
int cmd_no_options(struct cmd *cmd);

/* Say what is wrong with how it was called; returns the status to exit with. */
int cmd_usage(struct cmd *cmd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* "ltpin: ..." on standard error. The message says what to do next. */
void cmd_error(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* From now on messages name @name, which stays where it is: one of several files, alone in a process. */
void cmd_error_about(const char *name);

/* A number from an option's value; false after a message with the usage status in cmd->status. */
bool cmd_number(struct cmd *cmd, const char *option, const char *value, uint64_t *out);

/* A size in bytes, from a number that K, M or G may follow. Messages as cmd_number(). */
bool cmd_size(struct cmd *cmd, const char *option, const char *value, uint64_t *out);

/* Pages as a person gives them: "16384" are pages, "64M" is bytes. */
struct cmd_amount {
	uint64_t number;
	bool is_bytes;
};

/* Whether @value is such a number, without a message. */
bool cmd_is_amount(const char *value, struct cmd_amount *out);

/* The same with a message, as cmd_number(). */
bool cmd_amount(struct cmd *cmd, const char *option, const char *value, struct cmd_amount *out);

/* @amount in whole pages, from 1 to @max; false after a message, as cmd_number(). */
bool cmd_amount_pages(struct cmd *cmd, const char *option, const struct cmd_amount *amount,
		      struct lt_num page_size, uint64_t max, uint64_t *out);

/* Seconds with up to three decimals, in ms. */
bool cmd_seconds(struct cmd *cmd, const char *option, const char *value, uint64_t min_ms,
		 uint64_t max_ms, uint64_t *out);

/*
 * A file that the user names, "-" for standard input. One that is not there is a mistake, not a
 * missing source: false after a message.
 */
bool cmd_file(struct cmd *cmd, const char *value, const char **out);

/*
 * The same of a file that is read as a whole, and that its contents tell to be the one which a
 * captured tree has at @wanted; NULL for what only has to be no kind that is never read.
 */
bool cmd_evidence(struct cmd *cmd, const char *value, const char *wanted, const char **out);

/*
 * What --root names, or the files behind the operands, or the running system; cmd_finish() closes
 * it. NULL after a message.
 */
struct lt_root *cmd_root(struct cmd *cmd);

/*
 * With --redact: read once what @options say, so that cmd_root() has no names from now on. What calls
 * cmd_snapshot() need not ask for it. 0, or CMD_FAILED after a message.
 */
int cmd_redact(struct cmd *cmd, const struct lt_snapshot_options *options);

/**
 * cmd_snapshot() - lt_read_snapshot() with --root and --kconfig
 * @options: the rest of what to read; root is filled in, and kconfig unless it is set
 *
 * Return: 0, or CMD_FAILED after a message.
 */
int cmd_snapshot(struct cmd *cmd, struct lt_snapshot_options *options, struct lt_snapshot **out);

/**
 * cmd_printed() - what printing has come to, as a status
 * @err: negative errno, 0, or the status to exit with if the reason was told
 *
 * Says so when memory ran out; that writing failed is told by cmd_finish().
 */
int cmd_printed(struct cmd *cmd, int err);

/* CMD_OK, or a usage error if --columns named one that no table had; after printing. */
int cmd_columns_status(struct cmd *cmd);

/**
 * cmd_show() - take a snapshot, print it, say what could not be read
 * @print: writes to cmd_output(); returns as cmd_printed() takes it
 *
 * Return: the status to exit with.
 */
int cmd_show(struct cmd *cmd, struct lt_snapshot_options *options,
	     int (*print)(struct cmd *cmd, const struct lt_snapshot *snap));

/* CMD_OK, or CMD_INCOMPLETE after naming what could not be read. */
int cmd_snapshot_status(const struct lt_snapshot *snap);

/**
 * cmd_output() - where the result goes: standard output, or what -o named
 *
 * A regular file is written beside its name and takes it in cmd_finish(), so
 * nobody ever sees half a file; so is one that a symbolic link leads to.
 *
 * Return: a stream that cmd_finish() closes; NULL after a message.
 */
FILE *cmd_output(struct cmd *cmd);

/**
 * cmd_finish() - end the output
 * @status: what the command has come to; with CMD_FAILED a file of -o is dropped
 *
 * Return: @status, or the command's @lost_status after a message.
 */
int cmd_finish(struct cmd *cmd, int status);

/* A text sink on cmd_output(), for text formats. */
void cmd_text(struct cmd *cmd, const struct lt_snapshot *snap, struct text *text);

/* The same without a snapshot. */
void cmd_text_of(struct cmd *cmd, struct lt_num page_size, struct text *text);

/* The version, and which parts were built. */
void cmd_version(FILE *out);

/* The help of everything, or of one command. */
void cmd_help_all(FILE *out);
void cmd_help_one(FILE *out, const struct cmd_info *info);
const struct cmd_info *cmd_find(const char *name);

extern const struct cmd_info cmd_alloc;
extern const struct cmd_info cmd_areas;
extern const struct cmd_info cmd_bench;
extern const struct cmd_info cmd_capture;
extern const struct cmd_info cmd_completion;
extern const struct cmd_info cmd_diff;
extern const struct cmd_info cmd_doctor;
extern const struct cmd_info cmd_explain;
extern const struct cmd_info cmd_help;
extern const struct cmd_info cmd_module;
extern const struct cmd_info cmd_owners;
extern const struct cmd_info cmd_pages;
extern const struct cmd_info cmd_pin;
extern const struct cmd_info cmd_report;
extern const struct cmd_info cmd_selftest;
extern const struct cmd_info cmd_top;
extern const struct cmd_info cmd_watch;
extern const struct cmd_info cmd_zones;

#endif
