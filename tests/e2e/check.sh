#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-2-Clause
# weir check: what it prints, where, and its exit status. And the usage of the binary as a whole.
set -uo pipefail

weir=${WEIR:-build/weir}
data=tests/data
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
count=0 failures=0

# ok STATUS SENTENCE: reports the last command's result, with what it printed when it is bad
ok() {
	count=$((count + 1))
	if [ "$1" -eq 0 ]; then
		echo "ok $count - $2"
	else
		failures=$((failures + 1))
		echo "not ok $count - $2"
		sed 's/^/# out: /' "$scratch/out"
		sed 's/^/# err: /' "$scratch/err"
	fi
}

# runs STATUS ARGUMENT…: runs weir; true when its exit status is the wanted one
runs() {
	local wanted=$1 status
	shift
	"$weir" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
	[ "$status" -eq "$wanted" ] || echo "exit status $status, not $wanted" >>"$scratch/err"
	[ "$status" -eq "$wanted" ]
}

out_has() { grep -qF -- "$1" "$scratch/out"; }
err_has() { grep -qF -- "$1" "$scratch/err"; }
silent() { ! [ -s "$scratch/$1" ]; }

runs 0 check -c "$data/gateway.yaml" && silent err
ok $? "a configuration with every key is good"
out_has "fence      maasmond (Maasmond), margin 1000 m: enter (warning, 2 fixes), exit (warning, 1 fix)"
ok $? "the fences that would be loaded are listed, with their rules"
out_has "listen     udp 239.192.0.2:60002%eth0 (multicast)"
ok $? "the places to listen at are listed"
out_has "2 tiles of 64 by 64"
ok $? "the size of the area is told"
out_has "nats       nats://(user)@127.0.0.1:4222" && ! out_has secret
ok $? "the servers are listed without their passwords"
runs 0 check -c "$data/gateway-smallest.yaml" && out_has "the whole earth" && out_has "standard output"
ok $? "three lines are a configuration"
runs 0 check -q -c "$data/gateway.yaml" && silent out && silent err
ok $? "--quiet says nothing when all is good"

runs 78 check -c "$data/gateway-bad.yaml" && silent out
ok $? "a bad configuration: 78, and nothing on standard output"
while IFS= read -r line; do
	err_has "weir: $data/$line"
	ok $? "told in the same go: $line"
done <<'PROBLEMS'
gateway-bad.yaml:1:7: 'site' must be
gateway-bad.yaml:3:12: 'listen': '0.0.0.0' has no port
gateway-bad.yaml:4:3: unknown key 'recieve_buffer_bytes'; did you mean 'receive_buffer_bytes'?
gateway-bad.yaml:6:9: 'mode' must be one of: auto, native, generic, off
gateway-bad.yaml:7:22: 'interfaces' names eth0 twice
gateway-bad.yaml:8:11: 'boxes': south (52.2) is north of north (51.8)
gateway-bad.yaml:10:39: 'files' names tests/data/missing.geojson
gateway-bad.yaml:12:13: 'servers' must begin with
gateway-bad.yaml:13:1: unknown key 'boxes' here; it belongs under 'prefilter:'
gateway-bad-fences.geojson:2:
gateway-bad-fences.geojson:5:
PROBLEMS
[ "$(wc -l <"$scratch/err")" -eq 11 ] && ! grep -qv '^weir: ' "$scratch/err"
ok $? "and nothing else, each line beginning with weir:"
lines=$(sed -n 's/.*gateway-bad\.yaml:\([0-9]*\):.*/\1/p' "$scratch/err")
[ "$lines" = "$(sort -n <<<"$lines")" ]
ok $? "in the order of the file"

runs 78 check -c "$scratch/none.yaml" && err_has "weir: $scratch/none.yaml: can't be opened: No such file"
ok $? "a file that is not there: 78, with its name"
: >"$scratch/empty.yaml"
runs 78 check -c "$scratch/empty.yaml" && err_has "is empty"
ok $? "an empty file: 78"
head -c 10485760 /dev/zero | tr '\0' '#' >"$scratch/large.yaml"
runs 78 check -c "$scratch/large.yaml" && err_has "larger than"
ok $? "a file of 10 MB: 78"
head -c 100000 /dev/urandom >"$scratch/noise.yaml"
runs 78 check -c "$scratch/noise.yaml"
ok $? "random bytes: 78"

runs 2 check && err_has "weir: check: no configuration given"
ok $? "no configuration: 2"
runs 2 check -c && silent out
ok $? "an option without its value: 2"
runs 2 check -c "$data/gateway.yaml" more
ok $? "an argument too many: 2"
runs 2 check --colour
ok $? "an unknown option: 2"
runs 2 run && err_has "weir: run: no configuration given"
ok $? "run without a configuration: 2"
runs 2 && err_has "weir: no command given"
ok $? "no command: 2"
runs 2 fly && err_has "weir: unknown command 'fly'"
ok $? "an unknown command: 2"
runs 2 --fly
ok $? "an unknown option in place of a command: 2"
runs 0 --version && grep -qE '^weir [0-9]+\.[0-9]+\.[0-9]+$' "$scratch/out"
ok $? "--version prints the version"
runs 0 --help && out_has "usage: weir" && out_has "check"
ok $? "--help lists the commands"
mapfile -t commands < <(sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p' "$scratch/out")
for command in "${commands[@]}"; do
	runs 0 "$command" --help && out_has "usage: weir $command" && silent err
	ok $? "weir $command --help explains it"
	runs 0 "$command" --version && out_has "weir "
	ok $? "weir $command --version prints the version"
done

echo "1..$count"
[ "$failures" -eq 0 ]
