#!/usr/bin/env bash
# The demonstration: that it shows what it promises, and leaves nothing behind however it ends.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export BUILD=${BUILD:-build}

[ "$(id -u)" -eq 0 ] || { echo '1..0 # SKIP needs root for network namespaces' && exit 0; }
unshare --net --mount --pid --fork --kill-child --mount-proc true 2>/dev/null ||
	{ echo '1..0 # SKIP namespaces can not be made here' && exit 0; }

count=0 failed=0 output=$(mktemp)
trap 'rm -f "$output"' EXIT

# check NAME COMMAND...
check() {
	local name=$1
	shift
	count=$((count + 1))
	if "$@" >/dev/null 2>&1; then
		printf 'ok %d - %s\n' "$count" "$name"
	else
		failed=$((failed + 1))
		printf 'not ok %d - %s\n' "$count" "$name"
		sed 's/^/# /' "$output"
	fi
}

skip() { printf 'ok %d - %s # SKIP %s\n' $((++count)) "$1" "$2"; }

# field LABEL: the number behind it in the summary
field() { sed -n "s/^$1  *\([0-9]*\).*/\1/p" "$output" | tail -n 1; }
says() { grep -q "$1" "$output"; }
says_not() { ! says "$1"; }
# lines_between LEAST MOST PATTERN
lines_between() {
	local lines
	lines=$(grep -c "$3" "$output")
	[ "$lines" -ge "$1" ] && [ "$lines" -le "$2" ]
}
more_than() { [ "$1" -gt "$2" ]; }
equal() { [ "$1" = "$2" ]; }

# What of a demonstration can be seen from outside. Network namespaces go asynchronously, so wait a little.
remains() {
	ip netns list 2>/dev/null | grep '^feeder'
	ls -d /tmp/weir-demo.* 2>/dev/null
	ip -o link show 2>/dev/null | grep -E ' (ais0|antenna)[@:]'
	for pid in "${processes[@]}"; do
		[ ! -d "/proc/$pid" ] || ps -o pid=,args= -p "$pid"
	done
	for program in "${programs[@]}"; do
		bpftool prog show id "$program" 2>/dev/null
	done
	[ "$(cat /proc/sys/kernel/bpf_stats_enabled 2>/dev/null)" = "$stats" ] || echo "bpf_stats_enabled changed"
}
nothing_remains() {
	for _ in $(seq 60); do
		[ -n "$(remains)" ] || return 0
		sleep 0.1
	done
	remains >>"$output"
	return 1
}

# Descendants of a process, itself included.
family() {
	local child children
	echo "$1"
	read -r -a children < <(cat /proc/"$1"/task/*/children 2>/dev/null)
	for child in "${children[@]}"; do
		family "$child"
	done
}

# XDP programs on the gateway's end of the cable of the demonstration whose processes are given.
xdp_programs() {
	local pid
	for pid in "$@"; do
		[ "$(cat /proc/"$pid"/comm 2>/dev/null)" = weir ] || continue
		nsenter -t "$pid" -n bpftool -j net show 2>/dev/null | grep -o '"id":[0-9]*' | cut -d: -f2
	done | sort -u
}

# begin ARGS...: starts the demonstration, waits until alerts or counters are on the screen, notes what there is
begin() {
	# Bash starts background jobs with SIGINT ignored, which nothing that they start could undo.
	env --default-signal=INT scripts/demo "$@" >"$output" 2>&1 </dev/null &
	demo=$!
	for _ in $(seq 300); do
		grep -q 'seen [1-9]\|received [1-9]' "$output" && break
		kill -0 "$demo" 2>/dev/null || break
		sleep 0.1
	done
	mapfile -t processes < <(family "$demo")
	mapfile -t programs < <(xdp_programs "${processes[@]}")
}

stats=$(cat /proc/sys/kernel/bpf_stats_enabled 2>/dev/null)
processes=() programs=()

# The rule of the sums: nothing that was sent may be missing.
accounted_for() { [ "$(field 'datagrams sent')" -eq $(($(field 'dropped in kernel') + $(field received))) ]; }

begin --seconds 20
wait "$demo"
status=$?
check "the demonstration ends with status 0" equal "$status" 0
check "datagrams were sent" more_than "$(field 'datagrams sent')" 300
check "alerts reached the subscriber" says '^[0-9:]\{8\}  \(info\|warning\|alarm\)  *[A-Z].* entered '
check "the counters are a line each 10 s" lines_between 2 3 '^weir .* | kernel: .* | socket: .* | publish: '
check "without a terminal nothing steers one" says_not "$(printf '\033')"
check "no number is repeated behind its message" says_not '([0-9]*) entered .*\['
check "alerts were acknowledged by NATS" more_than "$(field alerts)" 5
check "positions were published" more_than "$(field 'positions published')" 50
check "malformed datagrams became dead letters" more_than "$(field 'dead letters')" 0
check "nothing was lost" equal "$(field lost)" 0
check "every datagram that was sent was dropped by the filter or received" accounted_for
if says 'kernel filter (native)\|kernel filter (generic)'; then
	check "the kernel dropped a good part" more_than $((100 * $(field 'dropped in kernel') / $(field 'datagrams sent'))) 15
	check "it says what a packet costs in the filter" says 'dropped in kernel.* ns each'
	check "and so do the counters meanwhile" says '| kernel: .* [0-9,]* ns/packet | '
else
	skip "the kernel dropped a good part" "$(sed -n 's/.*the kernel filter is off, everything reaches the gateway: //p' "$output")"
	skip "it says what a packet costs in the filter" "the kernel filter is off"
	skip "and so do the counters meanwhile" "the kernel filter is off"
fi
check "nothing is left after it has ended by itself" nothing_remains

for signal in INT TERM; do
	begin
	kill -"$signal" "$demo"
	wait "$demo"
	check "it ends in good order on SIG$signal, with its summary" says '^datagrams sent'
	check "nothing is left after SIG$signal" nothing_remains
done

begin
kill -KILL "$demo"
wait "$demo" 2>/dev/null
[ "$stats" != 0 ] || echo 0 >/proc/sys/kernel/bpf_stats_enabled
check "no process and no kernel program is left after SIGKILL" nothing_remains

WEIR_DEMO_NO_BPF=1 begin --seconds 8
wait "$demo"
check "without the right to load kernel programs it runs" equal $? 0
check "and says that the filter is off, and why" says 'the kernel filter is off, everything reaches the gateway: ..*'
check "and still alerts arrive" more_than "$(field alerts)" 0
check "and nothing is lost" equal "$(field lost)" 0

recordings=../shared/corpus
for name in denmark-2010:denmark puget-sound:puget; do
	file=$recordings/${name%:*}.nmea
	if [ ! -r "$file" ]; then
		skip "a recording chooses its configuration by where it was made (${name%:*})" "$file is absent"
		skip "a recording plays as fast as it goes and gives alerts (${name%:*})" "$file is absent"
		continue
	fi
	scripts/demo "$file" --fast >"$output" 2>&1 </dev/null
	check "a recording chooses its configuration by where it was made (${name%:*})" says "configuration scripts/demo.d/${name#*:}.yaml"
	check "a recording plays as fast as it goes and gives alerts (${name%:*})" more_than "$(field alerts)" 0
done

scripts/demo --vessels many >"$output" 2>&1
check "wrong usage is refused with status 2" equal $? 2
setpriv --reuid=65534 --clear-groups scripts/demo >"$output" 2>&1
check "without root it says what it needs" says 'needs root'

printf '1..%d\n' "$count"
[ "$failed" -eq 0 ]
