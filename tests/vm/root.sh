#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes the root of the microVMs, a file with an ext4 file system:
#
#     tests/vm/root.sh FILE PROGRAM...
#
# It holds what the programs need, and the tools of the end-to-end tests, out of packages that are installed here:
# so the libraries are those that the programs were linked with, nothing is downloaded, and it takes seconds. No
# service manager, no kernel, nothing of this machine's configuration. FILE is left alone while the packages are
# the same.
set -euo pipefail
file=$1
shift
# proj, which no program is linked with, is loaded where it is needed.
TOOLS=(bash dash coreutils grep sed mawk util-linux mount iproute2 ethtool procps python3 nats-server netbase tzdata libproj25 bpftool)

packages_of_libraries() {
	ldd "$@" | sed -nE 's/.*=> (\/[^ ]+).*/\1/p' | sort -u | xargs realpath | xargs dpkg -S 2>/dev/null | sed 's/:.*//' | sort -u
}

# With all that they depend on, as far as it is installed.
# shellcheck disable=SC2016  # dpkg-query's own fields
closure() {
	apt-cache depends --installed --recurse --no-recommends --no-suggests --no-conflicts --no-breaks --no-replaces \
		--no-enhances "$@" | grep -E '^[a-z0-9]' | sort -u | xargs dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' 2>/dev/null |
		sed -n 's/^ii *//p' | sort -u
}

# What the packages brought, without what is only read by people; Python's compiled modules, which spare the guest
# the work; links between names of tools.
list_files() {
	dpkg -L "$@" | grep -vE '^/usr/share/(doc|man|locale|info|lintian|bash-completion|perl5)(/|$)|^/etc/(cron|init|pam)' | sort -u |
		while read -r path; do
			if [ -f "$path" ] || [ -L "$path" ]; then
				echo "$path"
				case $path in *.py) ls "${path%/*}/__pycache__/$(basename "$path" .py)".*.pyc 2>/dev/null || true ;; esac
			fi
		done | sort -u
	ls /etc/alternatives/awk /usr/bin/awk
}

fill() {
	local tree=$1 place
	mkdir -p "$tree"/usr/{bin,sbin,lib,lib64} "$tree"/{dev,proc,sys,run,tmp,lab,root,etc,var/lib}
	for place in bin sbin lib lib64; do ln -s "usr/$place" "$tree/$place"; done
	list_files "${packages[@]}" | grep -vE '^/(bin|sbin|lib|lib64|var/run|var/lock)$' |
		tar -C / --ignore-failed-read -cf - -T - 2>/dev/null | tar -C "$tree" --keep-directory-symlink -xf -
	printf '%s\n' root:x:0:0:root:/root:/bin/bash nobody:x:65534:65534:nobody:/nonexistent:/bin/false >"$tree/etc/passwd"
	printf '%s\n' root:x:0: nogroup:x:65534: >"$tree/etc/group"
	echo 127.0.0.1 localhost >"$tree/etc/hosts"
	cp /etc/ld.so.conf "$tree/etc/" && cp -r /etc/ld.so.conf.d "$tree/etc/"
	ldconfig -r "$tree"
}

mapfile -t libraries < <(packages_of_libraries "$@")
mapfile -t packages < <(closure "${TOOLS[@]}" "${libraries[@]}")
fingerprint=$({ dpkg-query -W "${packages[@]}" && cat "$0"; } | sha256sum | cut -c 1-16)
[ ! -e "$file" ] || [ "$(cat "$file.made-of" 2>/dev/null)" != "$fingerprint" ] || exit 0

tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
chmod 755 "$tree"
fill "$tree"
rm -f "$file.made-of"
size_kib=$(du -sk "$tree" | cut -f 1)
mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$tree" "$file.$$" $((size_kib * 5 / 4 + 8192))k
mv "$file.$$" "$file"
echo "$fingerprint" >"$file.made-of"
