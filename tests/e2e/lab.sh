#!/usr/bin/env bash
# The lab in namespaces: it stands up, passes its acceptance, and leaves nothing behind. Says TAP.
cd "$(dirname "$0")/../.." || exit 1
if [ "$(id -u)" -ne 0 ]; then
	echo "1..0 # SKIP needs root for namespaces"
	exit 0
fi

export WEIR_LAB=e2e-$$
count=0 failed=0
trap 'scripts/lab down >/dev/null 2>&1' EXIT

# verdict STATUS SENTENCE
verdict() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		echo "not ok $count - $2"
		failed=1
	fi
}

# Who runs on the machines.
processes() {
	for machine in hub gateway feeder; do
		scripts/lab run "$machine" systemctl list-units
	done
}

leftovers() {
	ls -d "/run/weir-lab/$WEIR_LAB" 2>/dev/null
	grep -lsF "/run/weir-lab/$WEIR_LAB" /proc/[0-9]*/cmdline
	grep -F "$WEIR_LAB" /proc/mounts
}

output=$(scripts/lab up 2>&1)
status=$?
verdict "$status" "the lab stands up"
if [ "$status" -eq 0 ]; then
	scripts/lab acceptance >"/tmp/$WEIR_LAB.tap" 2>&1
	verdict $? "its acceptance passes"
	# Its results become ours: numbers and plan are written anew.
	while IFS= read -r line; do
		case $line in
		"ok "* | "not ok "*)
			count=$((count + 1))
			printf '%s %d - %s\n' "${line%% [0-9]*}" "$count" "${line#* - }"
			;;
		1..*) ;;
		*) printf '# %s\n' "${line#\# }" ;;
		esac
	done <"/tmp/$WEIR_LAB.tap"
	rm -f "/tmp/$WEIR_LAB.tap"
	before=$(processes)
	for machine in hub gateway feeder; do
		scripts/lab run "$machine" "/run/weir-lab/provision/$machine.sh" >/dev/null 2>&1 || before=failed
	done
	[ "$before" = "$(processes)" ]
	verdict $? "provisioning a second time restarts nothing"
else
	printf '%s\n' "$output" | sed 's/^/# /'
fi
scripts/lab down >/dev/null 2>&1
left=$(leftovers)
[ -z "$left" ]
verdict $? "it leaves nothing behind"
echo "1..$count"
exit "$failed"
