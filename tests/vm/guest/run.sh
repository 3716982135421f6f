#!/bin/bash
# SPDX-License-Identifier: BSD-2-Clause
# The only process of a microVM that is not a test: runs what is in /lab/programs, one after the other, and says
# on the second serial port what they say, between "begin" and "end". The host makes sense of it: see tests/vm/tap.awk.
export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin HOME=/root LANG=C.UTF-8
cd /lab || exit 1
exec 3>/dev/ttyS1
stty -F /dev/ttyS1 raw

mkdir -p /dev/shm /dev/pts
ln -sf /proc/self/fd /dev/fd
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /tmp
mount -t tmpfs tmpfs /run
mount -t bpf bpf /sys/fs/bpf
ip link set lo up
# shellcheck source=/dev/null  # written by the host
. /lab/environment

# What a test attached must be gone with it; a program is freed a moment after.
look_behind() {
	local left
	for _ in {1..50}; do
		left=$(bpftool prog show | grep -E ': (xdp|ext) ')
		[ -n "$left" ] || return
		sleep 0.1
	done
	echo "not ok 1 - leaves no program in the kernel"
	{
		echo "$left"
		bpftool net show
		ls -R /sys/fs/bpf
	} | sed 's/^/# /'
	umount /sys/fs/bpf && mount -t bpf bpf /sys/fs/bpf
}

{
	read -r uptime _ </proc/uptime
	echo "# init $uptime $(uname -r)"
	while read -r network skips command; do
		export WEIR_E2E_WIRE=
		[ "$network" != virtio ] || WEIR_E2E_WIRE=$WIRE
		echo "# begin $network $skips $command"
		began=${EPOCHREALTIME/./}
		# shellcheck disable=SC2086  # words, and names of files
		timeout --kill-after=10 "$PROGRAM_SECONDS" $command 2>/tmp/err </dev/null
		status=$?
		[ "$status" -eq 0 ] || tail -n 40 /tmp/err | sed 's/^/# /'
		look_behind
		echo "# end $status $(((${EPOCHREALTIME/./} - began) / 1000))"
	done </lab/programs
	echo "# complete"
} >&3
sync
echo o >/proc/sysrq-trigger
sleep 60
