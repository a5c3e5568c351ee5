# shellcheck shell=bash disable=SC2154,SC2164  # one program, under set -e
# SPDX-License-Identifier: GPL-2.0-or-later
# Packages from Debian's archive, of any suite and architecture, without
# touching the machine's own package sources or installing anything.
#
# What is once in the cache stays until it is removed there, so that no run
# depends on the network or changes by itself.

# archive_fetch LABEL TO COMMAND...: runs COMMAND, which downloads packages of
# $suites for $archs (the first is the one meant where none is named) into its
# working directory, and moves them to the directory TO.
archive_fetch()
{
	local label=$1 to=$2

	shift 2
	archive_prepare deb
	step "$label: downloading" meter_download "$cache/download/$label.log" archive_run "$@"
	mkdir -p "$to"
	mv "$scratch"/deb/*.deb "$to/"
}

# archive_has PACKAGE: in $suites, for $archs?
archive_has()
{
	archive_prepare deb
	step "$1: looking for it" meter_download "$cache/download/$1.log" archive_run archive_versions "$1"
	[ -s "$scratch/deb/versions" ]
}

# archive_prepare KIND: of what is to be downloaded, deb or deb-src
archive_prepare()
{
	make_scratch
	rm -rf "$scratch/apt" "$scratch/deb"
	mkdir -p "$cache/download" "$scratch"/apt/{lists,archives}/partial "$scratch/deb"
	: >"$scratch/apt/status"
	archive_list "$1" >"$scratch/apt/sources.list"
	[ -s "$scratch/apt/sources.list" ] || die "the machine's package sources name no Debian mirror"
}

# In a process of its own.
archive_run()
{
	apt=(
		-o Dir::Etc::sourcelist="$scratch/apt/sources.list"
		-o Dir::Etc::sourceparts=-
		-o Dir::State::Lists="$scratch/apt/lists"
		-o Dir::State::status="$scratch/apt/status"
		-o Dir::Cache="$scratch/apt"
		-o APT::Architecture="${archs%%,*}"
		-o APT::Architectures="$archs"
		-o APT::Sandbox::User=
		-o Acquire::Languages=none
	)
	apt-get "${apt[@]}" -o APT::Update::Error-Mode=any update && cd "$scratch/deb" && "$@"
}

# archive_versions PACKAGE: to a file, nothing if the archive has it no more.
archive_versions()
{
	apt-cache "${apt[@]}" madison "$1" >versions
}

# archive_download PACKAGE...: these alone, whatever they depend on.
archive_download()
{
	apt-get "${apt[@]}" download "$@"
}

# archive_download_all PACKAGE...: and all that they depend on.
archive_download_all()
{
	apt-get "${apt[@]}" install --download-only -y --no-install-recommends "$@"
	mv "$scratch"/apt/archives/*.deb .
}

# archive_source PACKAGE: what its source consists of
archive_source()
{
	apt-get "${apt[@]}" source --download-only "$1"
}

# archive_depends PACKAGE PATTERN: what it depends on and the pattern matches,
# without the architecture.
archive_depends()
{
	apt-cache "${apt[@]}" depends --important "$1" | awk -v pattern="^($2)\$" \
		'/Depends:/ { gsub(/[<>]|:.*/, "", $2); if ($2 ~ pattern) print $2 }'
}

meter_download()
{
	du -smc "$scratch/apt" "$scratch/deb" | awk 'END { print $1 " MB" }'
}

# archive_list KIND: our suites on the machine's own mirrors, whichever those are.
archive_list()
{
	local suite mirror keyring=/usr/share/keyrings/debian-archive-keyring.gpg options=

	[ ! -e "$keyring" ] || options="[signed-by=$keyring]"
	for suite in ${suites//,/ }; do
		mirror=$(machine_mirror "$suite")
		[ -z "$mirror" ] || printf '%s %s %s %s main\n' "$1" "$options" "$mirror" "$suite"
	done
}

machine_release()
{
	sed -n "s/^VERSION_CODENAME=//p" /etc/os-release
}

# Where the machine has its own release from, or that release's security
# updates if SUITE is of that kind. apt reads every format of its source
# files, so ask apt.
machine_mirror()
{
	local release

	release=$(machine_release)
	[[ $1 != *-security ]] || release+=-security
	# shellcheck disable=SC2016  # apt expands these
	apt-get indextargets --no-release-info --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' \
		'Created-By: Packages' |
		awk -v release="$release" '$1 == release && $2 == "main" && !found++ { print $3 }'
}
