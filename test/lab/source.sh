# shellcheck shell=bash disable=SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# Kernel sources from Debian's archive, of any suite, without touching the
# machine's own package sources or installing anything.

# Never built for a test, and more than half of a source tree. Every Kconfig
# and Makefile stays.
unneeded=(
	'*/Documentation/*.rst'
	'*/Documentation/*.yaml'
	'*/arch/*/boot/dts/*'
	'*/drivers/gpu/*.[chS]'
	'*/drivers/infiniband/*.[chS]'
	'*/drivers/media/*.[chS]'
	'*/drivers/net/*/*.[chS]'
	'*/drivers/scsi/*.[chS]'
	'*/drivers/staging/*.[chS]'
	'*/sound/*.[chS]'
	'*/tools/perf/*'
	'*/tools/testing/*'
)

# The newest downloaded package, nothing if there is none.
source_deb()
{
	find "$cache/download" -name "${package}_*.deb" 2>/dev/null | sort -V | tail -n 1
}

# source_fetch PACKAGE: once there, a source stays until its file is removed,
# so that no run depends on the network or changes its kernel by itself.
source_fetch()
{
	[ -z "$(source_deb)" ] || return 0
	make_scratch
	mkdir -p "$cache/download" "$scratch/apt/lists/partial" "$scratch/deb"
	source_list >"$scratch/apt/sources.list"
	[ -s "$scratch/apt/sources.list" ] || die "the machine's package sources name no Debian mirror"
	step "$package: downloading" meter_download "$cache/download/$package.log" apt_download
	mv "$scratch/deb/$package"_*.deb "$cache/download/"
}

apt_download()
{
	local opts=(
		-o Dir::Etc::sourcelist="$scratch/apt/sources.list"
		-o Dir::Etc::sourceparts=-
		-o Dir::State::Lists="$scratch/apt/lists"
		-o Dir::Cache="$scratch/apt"
		-o APT::Sandbox::User=
		-o Acquire::Languages=none
	)

	apt-get "${opts[@]}" update
	cd "$scratch/deb"
	apt-get "${opts[@]}" download "$package"
}

meter_download()
{
	du -smc "$scratch/apt" "$scratch/deb" | awk 'END { print $1 " MB" }'
}

# Our suites on the machine's own mirrors, whichever those are.
source_list()
{
	local suite mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=

	[ ! -e "$keyring" ] || options="[signed-by=$keyring]"
	for suite in ${suites//,/ }; do
		mirror=$(machine_mirror "$suite")
		[ -z "$mirror" ] || printf 'deb %s %s %s main\n' "$options" "$mirror" "$suite"
	done
}

# Where the machine has its own release from, or that release's security
# updates if SUITE is of that kind. apt reads every format of its source
# files, so ask apt.
machine_mirror()
{
	local release

	release=$(sed -n "s/^VERSION_CODENAME=//p" /etc/os-release)
	[[ $1 != *-security ]] || release+=-security
	# shellcheck disable=SC2016  # apt expands these
	apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v release="$release" '$1 == release && $2 == "main" && !found++ { print $3 }'
}

# source_unpack DEB DIR
source_unpack()
{
	mkdir -p "$2"
	dpkg-deb --fsys-tarfile "$1" |
		tar -xO "./usr/src/$package.tar.xz" |
		tar -xJ -C "$2" --strip-components=1 "${unneeded[@]/#/--exclude=}"
}
