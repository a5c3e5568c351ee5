/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LT_BASE_ESCAPE_H
#define LT_BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/**
 * lt_escape() - make untrusted bytes safe to show anywhere
 * @in:   bytes from the kernel, another process or a bundle; may hold NUL
 * @len:  of @in in bytes
 * @out:  receives valid, printable UTF-8, always NUL-terminated when @size > 0
 * @size: of @out in bytes; 4 * @len + 1 always suffices
 *
 * The one sanitiser: every string in the model went through it (by way of
 * lt_strings_add()). Printable characters pass unchanged. Control characters
 * (C0, DEL, C1), bytes that are not valid UTF-8, line and paragraph
 * separators, bidirectional and zero-width controls, other characters that
 * nobody sees, blanks but the plain one, surrogates and non-characters become
 * \xNN per byte; a backslash becomes \x5c, so that the result names the
 * original bytes without doubt.
 *
 * Return: bytes needed without the NUL, as snprintf() does.
 */
size_t lt_escape(const char *in, size_t len, char *out, size_t size);

/* The same of a message of ours, in which some parts were escaped before: a backslash stays. */
size_t lt_escape_message(const char *in, size_t len, char *out, size_t size);

/* Whether lt_escape() would pass all of @in unchanged, and it is ASCII; other text may be as plain. */
bool lt_escape_is_plain(const char *in, size_t len);

/**
 * lt_unescape() - the bytes that \xNN in @text stands for
 * @out: at least as long as @text; no NUL is added
 *
 * Return: how many bytes they are.
 */
size_t lt_unescape(const char *text, char *out);

#endif
