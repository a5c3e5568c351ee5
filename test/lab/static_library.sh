# shellcheck shell=bash disable=SC2034,SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# How each library of the static program is built: from Debian's source, with what ltpin uses of
# it, into $libraries.new. Each runs in a process and a directory of its own.

# static_libraries: a line for each: source package, option of configure, ltpin's option
static_libraries()
{
	cat <<-'END'
		zlib zlib
		libmnl mnl
		kmod kmod
		json-c jsonc
		libarchive archive
		ncurses ncurses
	END
}

# What a device's login may say that its terminal is.
static_terminals=vt100,vt102,vt220,linux,xterm,xterm-256color,screen,tmux,ansi,dumb

library_flags="-Os -ffunction-sections -fdata-sections"

# library_build NAME
library_build()
{
	export CC="$compiler -specs=$musl/gcc.specs" CFLAGS=$library_flags
	export AR=${compiler%gcc}gcc-ar RANLIB=${compiler%gcc}gcc-ranlib
	export PKG_CONFIG_LIBDIR=$libraries.new/lib/pkgconfig LDFLAGS=-static
	cd "$work"
	dpkg-source --no-check -x "$static_sources/$1"_*.dsc "$1"
	cd "$1"
	"library_${1//-/_}"
	# A program is linked when the directory has its final name.
	sed -i "s,$libraries.new,$libraries,g" "$libraries.new"/lib/pkgconfig/*.pc
	rm -rf "${work:?}/$1"
}

# library_configure OPTION...
library_configure()
{
	./configure --host="$triplet" --prefix="$libraries.new" --disable-shared --enable-static "$@"
	make -j"$(nproc)"
}

library_zlib()
{
	CHOST=$triplet ./configure --static --prefix="$libraries.new"
	make -j"$(nproc)" libz.a
	make install
}

library_libmnl()
{
	autoreconf -fi
	library_configure
	make install
}

# Its configure refuses a static library, but it links its own tools with one.
library_kmod()
{
	echo 'EXTRA_DIST =' >libkmod/docs/gtk-doc.make
	autoreconf -fi
	./configure --host="$triplet" --prefix="$libraries.new" --sysconfdir=/etc --disable-manpages \
		--disable-tools --without-openssl
	make -j"$(nproc)" libkmod/libkmod-internal.la libkmod/libkmod.pc
	install -Dm644 libkmod/.libs/libkmod-internal.a "$libraries.new/lib/libkmod.a"
	install -Dm644 -t "$libraries.new/include" libkmod/libkmod.h
	install -Dm644 -t "$libraries.new/lib/pkgconfig" libkmod/libkmod.pc
}

library_json_c()
{
	cmake -S . -B build -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_BUILD_TYPE=None \
		-DCMAKE_C_COMPILER="$compiler" -DCMAKE_C_FLAGS="-specs=$musl/gcc.specs $CFLAGS" \
		-DCMAKE_INSTALL_PREFIX="$libraries.new" -DCMAKE_INSTALL_LIBDIR=lib -DBUILD_SHARED_LIBS=OFF \
		-DBUILD_TESTING=OFF -DBUILD_APPS=OFF -DDISABLE_EXTRA_LIBS=ON -DDISABLE_WERROR=ON
	make -C build -j"$(nproc)" install
}

library_libarchive()
{
	autoreconf -fi	# Debian's patches are newer than what is generated
	library_configure --disable-bsdtar --disable-bsdcat --disable-bsdcpio --disable-acl \
		--disable-xattr --without-bz2lib --without-libb2 --without-iconv --without-lz4 \
		--without-zstd --without-lzma --without-lzo2 --without-cng --without-openssl \
		--without-nettle --without-mbedtls --without-xml2 --without-expat \
		CPPFLAGS="-I$libraries.new/include" LDFLAGS="-static -L$libraries.new/lib"
	make install
}

library_ncurses()
{
	library_configure --enable-widec --enable-pc-files --without-ada --without-cxx \
		--without-cxx-binding --without-debug --without-gpm --without-manpages --without-progs \
		--without-tests --without-dlsym --disable-stripping --disable-db-install \
		--with-build-cc=gcc --with-build-cflags= --with-build-ldflags= --with-build-cppflags= \
		--with-fallbacks="$static_terminals" --with-tic-path=/usr/bin/tic \
		--with-infocmp-path=/usr/bin/infocmp --with-default-terminfo-dir=/usr/share/terminfo \
		--with-terminfo-dirs=/etc/terminfo:/lib/terminfo:/usr/share/terminfo \
		--with-pkg-config-libdir="$libraries.new/lib/pkgconfig"
	make install.libs install.includes
}
