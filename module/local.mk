# SPDX-License-Identifier: GPL-2.0-only
# The helper module is built for a kernel, not here: module/README.md. Its sources go
# where DKMS looks for them if configure is asked to (--with-dkms-srcdir), as
# `make -C module install-dkms` lays them out.
if WITH_DKMS
dist_dkms_DATA = \
	module/Kbuild module/Makefile module/README.md module/dkms.conf \
	module/alloc.c module/area.c module/attempt.c module/bench.h module/bench_chance.c module/bench_cost.c \
	module/bench_reserve.c module/block.c module/blocker.c module/compat.h module/device.c module/file.c module/hold.c module/ltpin.h \
	module/main.c module/netlink.c module/pin.c module/scan.c module/symbol.c
dkmsuapidir = $(dkmsdir)/uapi
dist_dkmsuapi_DATA = lib/uapi/ltpin_ioctl.h lib/uapi/ltpin_netlink.h
endif

dist_doc_DATA = contrib/modprobe.d/ltpin.conf
