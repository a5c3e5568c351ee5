################################################################################
#
# ltpin
#
################################################################################

# SPDX-License-Identifier: GPL-2.0-or-later
LTPIN_VERSION = 0.1.0
LTPIN_SOURCE = ltpin-$(LTPIN_VERSION).tar.xz
LTPIN_LICENSE = GPL-2.0+ (program), LGPL-2.1+ (library)
LTPIN_LICENSE_FILES = COPYING COPYING.LESSER
# A working copy has no configure.
LTPIN_AUTORECONF = YES
LTPIN_DEPENDENCIES = host-pkgconf
LTPIN_CONF_OPTS = --disable-tests --enable-small --without-smartcols \
	--without-procps --without-seccomp --with-bash-completion-dir=no \
	--with-zsh-completion-dir=no --with-fish-completion-dir=no

# All that it would load is linked then.
ifeq ($(BR2_STATIC_LIBS),y)
LTPIN_CONF_OPTS += --enable-static
endif

ifeq ($(BR2_PACKAGE_LTPIN_MNL),y)
LTPIN_DEPENDENCIES += libmnl
LTPIN_CONF_OPTS += --with-mnl
else
LTPIN_CONF_OPTS += --without-mnl
endif

ifeq ($(BR2_PACKAGE_LTPIN_KMOD),y)
LTPIN_DEPENDENCIES += kmod
LTPIN_CONF_OPTS += --with-kmod
else
LTPIN_CONF_OPTS += --without-kmod
endif

ifeq ($(BR2_PACKAGE_LTPIN_TOP),y)
LTPIN_DEPENDENCIES += ncurses
LTPIN_CONF_OPTS += --with-ncurses
else
LTPIN_CONF_OPTS += --without-ncurses
endif

ifeq ($(BR2_PACKAGE_LTPIN_BUNDLES),y)
LTPIN_DEPENDENCIES += libarchive zlib
LTPIN_CONF_OPTS += --with-archive --with-zlib
else
LTPIN_CONF_OPTS += --without-archive --without-zlib
endif

ifeq ($(BR2_PACKAGE_LTPIN_JSON),y)
LTPIN_DEPENDENCIES += json-c
LTPIN_CONF_OPTS += --with-jsonc
else
LTPIN_CONF_OPTS += --without-jsonc
endif

ifeq ($(BR2_PACKAGE_LTPIN_TRACEFS),y)
LTPIN_DEPENDENCIES += libtracefs libtraceevent
LTPIN_CONF_OPTS += --with-tracefs
else
LTPIN_CONF_OPTS += --without-tracefs
endif

$(eval $(autotools-package))
