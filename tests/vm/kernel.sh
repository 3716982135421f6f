#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Fetches the kernel of a Debian suite, and packs the initramfs that boots it:
#
#     tests/vm/kernel.sh SUITE DIRECTORY      makes DIRECTORY/{vmlinuz,initrd,release}
#
# What is there already is not fetched again. Packages come by apt, which checks their signatures, with lists of
# its own: nothing of this machine's apt is touched, and nothing is installed. Exit status 3: the mirror can't be
# reached, or does not have it.
set -euo pipefail
suite=$1 directory=$2
here=$(dirname "$(realpath "$0")")
MIRROR=${WEIR_VM_MIRROR:-http://deb.debian.org/debian}
SECURITY=${WEIR_VM_SECURITY_MIRROR:-http://deb.debian.org/debian-security}
KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
# For the disks, and what the tests need of the network.
MODULES=(virtio_pci virtio_blk virtio_net ext4 overlay veth)

# A private apt: one suite, its lists and its packages under $work.
configure_apt() {
	mkdir -p "$work/lists/partial" "$work/cache/archives/partial"
	echo "deb [signed-by=$KEYRING] $MIRROR $suite main" >"$work/sources.list"
	case $suite in
	*-backports | sid | experimental) ;;
	*) echo "deb [signed-by=$KEYRING] $SECURITY $suite-security main" >>"$work/sources.list" ;;
	esac
	cat >"$work/apt.conf" <<-END
		Dir::Etc::sourcelist "$work/sources.list";
		Dir::Etc::sourceparts "/nonexistent";
		Dir::Etc::preferences "/nonexistent";
		Dir::Etc::preferencesparts "/nonexistent";
		Dir::State::lists "$work/lists";
		Dir::Cache "$work/cache";
		APT::Sandbox::User "root";
		APT::Architecture "amd64";
		Acquire::Retries "2";
		Acquire::http::Timeout "20";
	END
	export APT_CONFIG=$work/apt.conf
}

# The newest kernel for virtual machines; newer ones come in two packages.
fetch() {
	local packages
	apt-get -qq update || return 1
	packages=$(apt-cache depends --recurse --no-recommends --no-suggests --no-breaks --no-conflicts --no-replaces \
		linux-image-cloud-amd64 | grep -E '^linux-(image|binary|modules)-[0-9].*-cloud-amd64$') || return 1
	# shellcheck disable=SC2086  # a list of names
	(cd "$work" && apt-get -qq download $packages) || return 1
	for package in "$work"/*.deb; do
		dpkg-deb -x "$package" "$work/kernel" || return 1
	done
}

# A module with those that it needs, from modules.dep, unpacked.
copy_modules() {
	local tree=$1 release=$2 name file
	busybox depmod -b "$tree" "$release"
	for name in "${MODULES[@]}"; do
		grep -E "/${name//_/[_-]}\.ko[^:]*:" "$tree/lib/modules/$release/modules.dep" || true # else it is built in
	done | tr -d : | tr ' ' '\n' | sort -u | while read -r file; do
		[ -n "$file" ] || continue
		mkdir -p "$initramfs/lib/modules/$release"
		case $file in
		*.xz) xz -dc "$tree/lib/modules/$release/$file" ;;
		*.zst) zstd -dcq "$tree/lib/modules/$release/$file" ;;
		*) cat "$tree/lib/modules/$release/$file" ;;
		esac >"$initramfs/lib/modules/$release/$(basename "$file" | sed 's/\.ko.*/.ko/')"
	done
	: >"$initramfs/lib/modules/$release/modules.order"
	busybox depmod -b "$initramfs" "$release"
}

# The modules stay in $directory, so that a change of guest/init needs no new download.
unpack() {
	local tree=$work/kernel release
	[ -e "$tree/lib/modules" ] || { mkdir -p "$tree/lib" && ln -s ../usr/lib/modules "$tree/lib/modules"; }
	release=$(basename "$tree"/lib/modules/*)
	initramfs=$directory/initramfs
	rm -rf "$initramfs"
	mkdir -p "$initramfs"
	copy_modules "$tree" "$release"
	cp "$(find "$tree" -name 'vmlinuz*' -type f | head -n 1)" "$directory/vmlinuz"
	echo "$release" >"$directory/release"
}

pack() {
	local initramfs=$directory/initramfs
	mkdir -p "$initramfs/bin"
	cp "$(command -v busybox)" "$initramfs/bin/busybox"
	install -m 755 "$here/guest/init" "$initramfs/init"
	(cd "$initramfs" && find . | busybox cpio -o -H newc 2>/dev/null) | gzip -1 >"$directory/initrd.new"
	mv "$directory/initrd.new" "$directory/initrd"
}

mkdir -p "$directory"
directory=$(realpath "$directory")
if [ ! -e "$directory/release" ] || [ "$here/kernel.sh" -nt "$directory/release" ]; then
	work=$(mktemp -d "$directory/work.XXXXXX")
	trap 'rm -rf "$work"' EXIT
	configure_apt
	if ! fetch >"$directory/fetch.log" 2>&1; then
		tail -n 5 "$directory/fetch.log" >&2
		exit 3
	fi
	unpack
	rm -f "$directory/initrd"
fi
if [ ! -e "$directory/initrd" ] || [ "$here/guest/init" -nt "$directory/initrd" ]; then
	pack
fi
