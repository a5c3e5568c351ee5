################################################################################
#
# ltpin-module
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-or-later
LTPIN_MODULE_VERSION = 0.1.0
LTPIN_MODULE_SOURCE = ltpin-$(LTPIN_MODULE_VERSION).tar.xz
LTPIN_MODULE_LICENSE = GPL-2.0
LTPIN_MODULE_LICENSE_FILES = COPYING
LTPIN_MODULE_MODULE_SUBDIRS = module

# CMA areas are found through kprobes that are never armed; optional.
define LTPIN_MODULE_LINUX_CONFIG_FIXUPS
	$(call KCONFIG_ENABLE_OPT,CONFIG_NET)
	$(call KCONFIG_ENABLE_OPT,CONFIG_CMA)
	$(call KCONFIG_ENABLE_OPT,CONFIG_KPROBES)
endef

$(eval $(kernel-module))
$(eval $(generic-package))
