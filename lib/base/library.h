/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A library that is loaded when it is needed, and not at start; in a static program, which can
 * load nothing, it is linked. Its users have one table of symbols for both.
 */
#ifndef LT_BASE_LIBRARY_H
#define LT_BASE_LIBRARY_H

#include <dlfcn.h>
#include <stddef.h>

/**
 * lt_library_open() - load a library
 * @soname: as the dynamic linker knows it
 *
 * Return: a handle for lt_library_close(), NULL if it is not installed.
 */
static inline void *lt_library_open(const char *soname)
{
#ifdef STATIC
	static char linked;

	(void)soname;
	return &linked;
#else
	return dlopen(soname, RTLD_NOW | RTLD_LOCAL);
#endif
}

/**
 * LT_LIBRARY_SYMBOL() - a function of a library, NULL if it lacks it
 * @handle: of lt_library_open()
 * @name: as its header declares it
 */
#ifdef STATIC
#define LT_LIBRARY_SYMBOL(handle, name) ((void)(handle), &name)
#else
#define LT_LIBRARY_SYMBOL(handle, name) ((__typeof__(&name))dlsym(handle, #name))
#endif

/**
 * lt_library_close() - end the use of a library
 * @handle: of lt_library_open()
 */
static inline void lt_library_close(void *handle)
{
#ifdef STATIC
	(void)handle;
#else
	dlclose(handle);
#endif
}

#endif
