# shellcheck shell=bash
# What the machines' scripts share: packages, weir itself, files with the lab's addresses put in. Read by them with
# `source`; does nothing by itself. Everything may be run again, and changes nothing the second time.
#
# Beside provision/ a machine finds weir: root/, as `make install DESTDIR=root` leaves it on a Debian 12 like the
# machine's, or source/, to be built here, which takes a while.
set -euo pipefail

PROVISION=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
FILES=$PROVISION/files
PACK=$(dirname "$PROVISION")
set -a
# shellcheck source=vagrant/provision/lab.env
source "$PROVISION/lab.env"
set +a

# What the program is linked with, by Debian 12's names.
WEIR_LIBRARIES=(libbpf1 libxdp1 libmnl0 libpcap0.8 liburing2 libnats3.4 libjansson4 libyaml-0-2 libmicrohttpd12
	libglib2.0-0 libcap-ng0 libsystemd0 libgeos-c1v5 libproj25)

say() { printf '%s: %s\n' "${MACHINE:-lab}" "$*"; }

die() {
	say "$*" >&2
	exit 1
}

# Installs what is missing; asks no mirror when nothing is.
install_packages() {
	local package missing=()
	for package in "$@"; do
		[ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)" = "install ok installed" ] ||
			missing+=("$package")
	done
	[ "${#missing[@]}" -gt 0 ] || return 0
	say "installing ${missing[*]}"
	export DEBIAN_FRONTEND=noninteractive
	apt-get update -qq
	apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

# Of /etc only what is not there yet, as `make install` does.
copy_root() {
	tar -C "$PACK/root" -cf - --owner=0 --group=0 --exclude=./etc . | tar -C / -xf - --no-overwrite-dir
	tar -C "$PACK/root" -cf - --owner=0 --group=0 ./etc | tar -C / -xf - --skip-old-files
}

# Sets weir_changed=1 where the program is another one than before, so that what runs it must start anew.
install_weir() {
	local before
	before=$(cksum /usr/local/bin/weir 2>/dev/null || true)
	if [ -d "$PACK/root" ]; then
		install_packages "${WEIR_LIBRARIES[@]}"
		copy_root
	elif [ -d "$PACK/source" ]; then
		say "building weir"
		install_packages make
		"$PACK/source/scripts/setup"
		make -C "$PACK/source" -s -j"$(nproc)" install
	else
		die "neither $PACK/root nor $PACK/source is there: nothing to install weir from"
	fi
	# shellcheck disable=SC2034  # the machines' scripts read it
	weir_changed=$([ "$before" = "$(cksum /usr/local/bin/weir)" ] && echo 0 || echo 1)
	ldconfig
	systemd-sysusers weir.conf 2>/dev/null || die 'no user weir'
	systemd-tmpfiles --create weir.conf
	systemctl daemon-reload
}

# The interface with that address, whatever the hypervisor calls it.
interface_of() {
	local name
	name=$(ip -o -4 address show to "$1/32" | awk '{ print $2; exit }')
	[ -n "$name" ] || die "no interface has $1: the private networks are not up"
	printf '%s' "$name"
}

# put FILE PATH: a file of ours, with @NAME@ replaced by the variable NAME. Sets changed=1 where it was not like that.
changed=0
put() {
	local text name
	text=$(cat "$FILES/$1" && printf .)
	while [[ $text =~ @([A-Z][A-Z_]*)@ ]]; do
		name=${BASH_REMATCH[1]}
		text=${text//"@$name@"/"${!name}"}
	done
	text=${text%.}
	mkdir -p "$(dirname "$2")"
	if ! printf '%s' "$text" | cmp -s - "$2"; then
		printf '%s' "$text" >"$2"
		changed=1
	fi
}

# serve UNIT...: from now on and at each boot; anew where one of our files changed
serve() {
	systemctl daemon-reload
	systemctl enable -q "$@"
	if [ "$changed" -eq 1 ]; then
		systemctl restart "$@"
	else
		systemctl start "$@"
	fi
}
