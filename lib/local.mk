# The library: reads, models, analyses, acts. Linked into the program; no ABI is promised.
noinst_LIBRARIES += libltpin.a
libltpin_a_CFLAGS = $(AM_CFLAGS)
libltpin_a_SOURCES = \
	lib/uapi/ltpin_ioctl.h lib/uapi/ltpin_netlink.h \
	lib/base/num.h lib/base/range.h \
	lib/base/diag.c lib/base/diag.h \
	lib/base/escape.c lib/base/escape.h \
	lib/base/file.c lib/base/file.h \
	lib/base/root.c lib/base/root.h \
	lib/base/strings.c lib/base/strings.h \
	lib/base/text.c lib/base/text.h \
	lib/base/vec.c lib/base/vec.h \
	lib/model/area.c lib/model/area.h \
	lib/model/kernel.h lib/model/memory.h \
	lib/model/snapshot.h \
	lib/model/zone.c lib/model/zone.h

LTPIN_LIBS = $(JSON_C_LIBS) $(MNL_LIBS) $(KMOD_LIBS) $(PROC2_LIBS)
