#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Boots kernels in microVMs and runs tests in them: those that tests/vm/programs lists.
#
#     tests/vm/run.sh [--short] [SUITE...]      a Debian suite names its kernel; without any, all below
#
# Says TAP, with a table of the kernels at the end. Needs neither root nor KVM; started from the repository's root,
# after `make tests`. QEMU emulates the processor; WEIR_VM_ACCEL=kvm where guests of KVM work. What is fetched and
# made is kept in WEIR_VM_CACHE, by default in vm/ of the build directory.
set -uo pipefail
here=$(dirname "$(realpath "$0")")
BUILD=${BUILD:-build}
CACHE=$(realpath -m "${WEIR_VM_CACHE:-$BUILD/vm}")
LIST=${WEIR_VM_PROGRAMS:-$here/programs}
LIMIT_S=${WEIR_VM_SECONDS:-1800} # for all that a kernel does
# Locally administered addresses of the two virtio-net interfaces.
WIRE=52:54:00:00:77:01,52:54:00:00:77:02
which='^(always|full) '
if [ "${1:-}" = --short ]; then
	which='^always '
	shift
fi
suites=("$@")
[ "${#suites[@]}" -gt 0 ] || suites=(bookworm bookworm-backports trixie-backports)

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

for tool in qemu-system-x86_64 busybox mke2fs apt-get dpkg-deb; do
	command -v "$tool" >/dev/null || skip_all "$tool is not installed"
done
[ "$(uname -m)" = x86_64 ] || skip_all "the microVMs are of the processor x86_64"

# Two processors that take turns. With a thread each, QEMU 7.2 lets one run code that the other has just patched
# (an int3 that is no more, in bpf_dispatcher_xdp_func: kernel 6.12 panics), and stumbles over cmpxchg16b.
accelerate=(-accel "tcg,thread=single" -cpu "qemu64,-cx16")
slow=10
if [ "${WEIR_VM_ACCEL:-tcg}" = kvm ]; then
	accelerate=(-accel kvm -cpu host)
	slow=1
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/weir-vm.XXXXXX")
guest=
trap '[ -z "$guest" ] || kill "$guest" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' TERM INT HUP
mkdir -p "$CACHE"

# The second disk: what is tested, at the places that it has in the repository.
make_lab() {
	local lab=$work/lab command
	mkdir -p "$lab"
	sed -nE "s/$which *//p" "$LIST" >"$lab/programs"
	printf 'export %s\n' "BUILD=build" "WEIR=build/weir" "WIRE=$WIRE" "PROGRAM_SECONDS=$((60 * slow))" \
		"CK_TIMEOUT_MULTIPLIER=$slow" "CK_EXCLUDE_TAGS='exhaustive timed'" "WEIR_E2E_PATIENCE=$slow" >"$lab/environment"
	mkdir -p "$lab/build/tests" "$lab/build/verify" "$lab/tests/vm"
	cp "$BUILD/weir" "$lab/build/"
	cp -r tests/e2e tests/data "$lab/tests/" && cp -r "$here/guest" "$lab/tests/vm/"
	mkdir -p "$lab/build/tests/e2e" && cp "$BUILD"/tests/e2e/tool_*[a-z] "$lab/build/tests/e2e/"
	cp "$BUILD"/verify/*.bpf.o "$lab/build/verify/" 2>/dev/null
	while read -r _ _ command _; do
		[ -e "$lab/$command" ] || install -D "$BUILD/${command#build/}" "$lab/$command" || return 1
	done <"$lab/programs"
	find "$lab/build" -type f -perm -u+x -exec strip -g {} +
	"$here/root.sh" "$CACHE/root.ext4" "$BUILD/weir" "$BUILD/tests/bpf/test_attach" >&2 || return 1
	mke2fs -q -t ext4 -O ^has_journal -m 0 -d "$lab" "$work/lab.ext4" $(($(du -sk "$lab" | cut -f 1) * 5 / 4 + 4096))k
}

# The two interfaces are ports of one hub; nothing leads out of it.
boot() {
	local kernel=$1 disk=format=raw,if=none,readonly=on,file.locking=off
	timeout --foreground --kill-after=10 "$LIMIT_S" qemu-system-x86_64 -machine q35 "${accelerate[@]}" -smp 2 -m 768 \
		-nodefaults -no-reboot -display none -kernel "$kernel/vmlinuz" -initrd "$kernel/initrd" \
		-append "console=ttyS0 quiet panic=-1 oops=panic mitigations=off net.ifnames=0" \
		-chardev "file,id=console,path=$work/console" -serial chardev:console \
		-chardev "file,id=results,path=$work/results" -serial chardev:results \
		-drive "file=$CACHE/root.ext4,id=root,$disk" -device virtio-blk-pci,drive=root \
		-drive "file=$work/lab.ext4,id=lab,$disk" -device virtio-blk-pci,drive=lab \
		-netdev hubport,id=port0,hubid=0 -device "virtio-net-pci,netdev=port0,mac=${WIRE%,*}" \
		-netdev hubport,id=port1,hubid=0 -device "virtio-net-pci,netdev=port1,mac=${WIRE#*,}" </dev/null &
	guest=$!
	wait "$guest"
}

# One kernel: its results go to standard output, a line for the table to $work/table.
try() {
	local suite=$1 kernel=$CACHE/kernels/$1 began=$SECONDS status
	"$here/kernel.sh" "$suite" "$kernel" >&2 || return
	: >"$work/console"
	: >"$work/results"
	boot "$kernel"
	status=$?
	awk -v suite="$suite" -v first="$tests" -v status="$status" -v seconds=$((SECONDS - began)) \
		-v table="$work/table" -f "$here/tap.awk" "$work/results"
	if ! grep -q '^# complete' "$work/results" && [ -s "$work/console" ]; then
		tail -n 30 "$work/console" | tr -d '\r' | sed 's/^/# console: /'
	fi
	cp "$work/console" "$CACHE/console-$suite.log" && cp "$work/results" "$CACHE/results-$suite.log"
}

if ! make_lab; then
	echo "not ok 1 - the disks of the microVMs are made"
	echo "1..1"
	exit 1
fi
tests=0
: >"$work/tap"
: >"$work/table"
for suite in "${suites[@]}"; do
	try "$suite" >"$work/one"
	case $? in
	0) ;;
	3) echo "ok $((tests + 1)) - $suite # SKIP its kernel can't be fetched from the mirror" >"$work/one" ;;
	*) echo "not ok $((tests + 1)) - $suite: the kernel is prepared" >"$work/one" ;;
	esac
	tee -a "$work/tap" <"$work/one"
	tests=$(grep -cE '^(not )?ok ' "$work/tap")
done
echo "1..$tests"
echo "# kernel                         to init   whole   passed  failed  skipped"
cat "$work/table"
! grep -q '^not ok' "$work/tap"
