# The helper module is built for a kernel, not here: module/README.md.
EXTRA_DIST += \
	module/Kbuild module/Makefile module/dkms.conf module/README.md \
	module/alloc.c module/compat.h module/device.c module/hold.c module/ltpin.h module/main.c \
	module/netlink.c module/pin.c module/scan.c \
	module/test/client.c module/test/client.h module/test/module_test.c module/test/system.c \
	module/test/system.h module/test/tap.c module/test/tap.h module/test/test_ends.c \
	module/test/test_pins.c module/test/test_refusals.c module/test/test_states.c \
	module/test/tests.h
