// SPDX-License-Identifier: GPL-2.0-or-later
/* Shows a frame on the terminal by ncurses, and restores the terminal. */
#include "tui/screen.h"

#include <errno.h>

#ifndef HAVE_NCURSESW

int screen_start(void)
{
	return -ENOSYS;
}

void screen_stop(void)
{
}

void screen_size(unsigned int *width, unsigned int *height)
{
	*width = *height = 0;
}

void screen_draw(const struct frame *frame)
{
	(void)frame;
}

bool screen_wait(unsigned int ms, int *key)
{
	(void)ms;
	*key = TOP_KEY_NONE;
	return false;
}

#else

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

#include "base/array_size.h"
#include "stop/stop.h"

/* How long after an ESC the rest of a key's sequence may come: 9600 baud, and a slow line. */
#define ESCAPE_MS 100

/* What a role looks like: bold alone must tell it where there is no colour. */
static const struct {
	attr_t attributes;
	short color; /* -1: that of the terminal */
} looks[TEXT_NR_ROLES] = {
	[TEXT_PLAIN] = { A_NORMAL, -1 },	 [TEXT_HEADING] = { A_BOLD, -1 },
	[TEXT_BAD] = { A_BOLD, COLOR_RED },	 [TEXT_WARNING] = { A_BOLD, COLOR_YELLOW },
	[TEXT_GOOD] = { A_NORMAL, COLOR_GREEN }, [TEXT_FAINT] = { A_NORMAL, -1 },
};

static const int fatal[] = { SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGQUIT };

static struct {
	SCREEN *curses;
	bool has_color, is_utf8;
	sigset_t waiting; /* signals that are blocked only while waiting */
	/* for a fatal signal, when ncurses cannot be asked any more */
	struct termios before;
	struct sigaction actions[ARRAY_SIZE(fatal)];
	char restore[128];
	size_t nr_restore;
} screen;

static volatile sig_atomic_t is_continued;

static void note_continued(int signo)
{
	(void)signo;
	is_continued = 1;
}

/* Only what may be called in a handler. What was to happen then happens. */
static void die(int signo)
{
	ssize_t n = write(STDOUT_FILENO, screen.restore, screen.nr_restore);

	(void)n;
	tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		if (fatal[i] == signo)
			sigaction(signo, &screen.actions[i], NULL);
	raise(signo);
}

/* What ends the modes that ncurses set, without its padding. */
static void prepare_restore(void)
{
	static const char *const names[] = { "sgr0", "cnorm", "rmkx", "rmcup" };

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		const char *string = tigetstr(names[i]);
		size_t len = string && string != (char *)-1 ? strcspn(string, "$") : 0;

		if (screen.nr_restore + len >= sizeof(screen.restore))
			continue;
		memcpy(screen.restore + screen.nr_restore, string ? string : "", len);
		screen.nr_restore += len;
	}
	screen.restore[screen.nr_restore++] = '\n';
}

static void catch_signals(void)
{
	static const int blocked[] = { SIGINT, SIGTERM, SIGHUP, SIGCONT, SIGWINCH };
	struct sigaction action = { .sa_handler = note_continued };
	sigset_t set;

	stop_catch();
	sigaction(SIGCONT, &action, NULL);
	action.sa_handler = die;
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		sigaction(fatal[i], &action, &screen.actions[i]);
	/* So that none comes between the last look and the wait. */
	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(blocked); i++)
		sigaddset(&set, blocked[i]);
	sigprocmask(SIG_BLOCK, &set, &screen.waiting);
}

static void choose_colors(void)
{
	const char *no_color = getenv("NO_COLOR");

	screen.has_color = has_colors() && !(no_color && *no_color);
	if (!screen.has_color)
		return;
	start_color();
	use_default_colors();
	for (int i = 0; i < TEXT_NR_ROLES; i++)
		init_pair((short)(i + 1), looks[i].color, -1);
}

/* "dumb" is a known type of terminal, but nothing can be drawn on it. */
static bool has_cursor_address(void)
{
	const char *string;
	bool has;
	int known;

	if (setupterm(NULL, STDOUT_FILENO, &known))
		return true; /* newterm() says what is wrong */
	string = tigetstr("cup");
	has = string && string != (char *)-1;
	del_curterm(cur_term);
	return has;
}

int screen_start(void)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) ||
	    tcgetattr(STDIN_FILENO, &screen.before))
		return -ENOTTY;
	/* The user's own: what main() set lets tables count columns, it is no terminal's. */
	setlocale(LC_CTYPE, "");
	screen.is_utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	if (!has_cursor_address())
		return -ENOTSUP;
	screen.curses = newterm(NULL, stdout, stdin);
	if (!screen.curses)
		return -ENODEV;
	if (!screen.is_utf8)
		setlocale(LC_CTYPE, "C.UTF-8");
	set_escdelay(ESCAPE_MS);
	prepare_restore();
	atexit(screen_stop);
	catch_signals();
	choose_colors();
	cbreak();
	noecho();
	nonl();
	curs_set(0);
	keypad(stdscr, TRUE);
	nodelay(stdscr, TRUE);
	leaveok(stdscr, TRUE);
	return 0;
}

void screen_stop(void)
{
	if (!screen.curses)
		return;
	endwin();
	delscreen(screen.curses);
	screen.curses = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(fatal); i++)
		sigaction(fatal[i], &screen.actions[i], NULL);
}

void screen_size(unsigned int *width, unsigned int *height)
{
	*width = (unsigned int)COLS;
	*height = (unsigned int)LINES;
}

static void set_look(const struct frame_glyph *glyph)
{
	short pair = screen.has_color ? (short)(glyph->role + 1) : 0;

	attr_set(looks[glyph->role].attributes | (glyph->is_selected ? A_REVERSE : A_NORMAL), pair,
		 NULL);
}

static void draw_glyph(const struct frame_glyph *glyph)
{
	wchar_t c[2] = { glyph->c, L'\0' };

	if (!glyph->c)
		return; /* the character before is two columns wide */
	if (!screen.is_utf8 && (c[0] < L' ' || c[0] > L'~'))
		c[0] = L'?';
	addnwstr(c, 1);
}

/* Nothing is erased first: every place is written, and ncurses finds what differs. */
void screen_draw(const struct frame *frame)
{
	for (unsigned int y = 0; y < frame->height; y++) {
		for (unsigned int x = 0; x < frame->width; x++) {
			const struct frame_glyph *glyph = &frame->v[y * frame->width + x];

			if (move((int)y, (int)x) == ERR)
				continue;
			set_look(glyph);
			draw_glyph(glyph);
		}
	}
	refresh();
}

/* By what ncurses calls it. */
static int translate(wint_t c, bool is_function)
{
	static const struct {
		wint_t from;
		int to;
	} functions[] = {
		{ KEY_UP, TOP_KEY_UP },		{ KEY_DOWN, TOP_KEY_DOWN },
		{ KEY_PPAGE, TOP_KEY_PAGE_UP }, { KEY_NPAGE, TOP_KEY_PAGE_DOWN },
		{ KEY_HOME, TOP_KEY_HOME },	{ KEY_END, TOP_KEY_END },
		{ KEY_ENTER, TOP_KEY_ENTER },	{ KEY_RIGHT, TOP_KEY_ENTER },
		{ KEY_LEFT, TOP_KEY_BACK },	{ KEY_BACKSPACE, TOP_KEY_BACK },
		{ KEY_RESIZE, TOP_KEY_RESIZE },
	};

	if (!is_function)
		return c == '\r' || c == '\n'	? TOP_KEY_ENTER
		       : c == '\t'		? TOP_KEY_TAB
		       : c == '\b' || c == 0x7f ? TOP_KEY_BACK
						: (int)c;
	for (size_t i = 0; i < ARRAY_SIZE(functions); i++)
		if (functions[i].from == c)
			return functions[i].to;
	return TOP_KEY_NONE;
}

/* After a stop the shell had the terminal: set our modes, draw all of it. */
static void restore_terminal(void)
{
	is_continued = 0;
	reset_prog_mode();
	keypad(stdscr, TRUE);
	clearok(curscr, TRUE);
}

bool screen_wait(unsigned int ms, int *key)
{
	struct pollfd in = { .fd = STDIN_FILENO, .events = POLLIN };
	struct timespec timeout = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };
	wint_t c;
	int got;

	*key = TOP_KEY_NONE;
	got = get_wch(&c); /* what ncurses read ahead */
	if (got == ERR) {
		ppoll(&in, 1, &timeout, &screen.waiting);
		if (stop_asked || in.revents & (POLLHUP | POLLERR | POLLNVAL))
			return false;
		got = get_wch(&c);
	}
	if (is_continued) {
		restore_terminal();
		*key = TOP_KEY_RESIZE;
	}
	if (got != ERR)
		*key = translate(c, got == KEY_CODE_YES);
	return true;
}

#endif
