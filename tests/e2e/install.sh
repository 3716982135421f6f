#!/usr/bin/env bash
# make install and uninstall, into a directory: what is there, what an operator changed, what systemd says of the unit.
# Says TAP.
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
count=0 failed=0

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

run_make() { make --no-print-directory -s BUILD="$BUILD" DESTDIR="$root" "$@" >"$root.log" 2>&1 || sed 's/^/# /' "$root.log"; }

run_make install
rm -f "$root.log"
units=$root/usr/local/lib/systemd/system
[ -x "$root/usr/local/bin/weir" ] && [ -e "$units/weir.service" ] && [ -e "$root/usr/local/lib/sysusers.d/weir.conf" ] &&
	[ -e "$root/usr/local/lib/tmpfiles.d/weir.conf" ] && [ -e "$root/etc/weir/fences.geojson" ]
verdict $? "install brings the program, the unit, its user, its directory and a configuration"

cmp -s "$units/weir.service" "$units/weir@.service" &&
	grep -q '^ExecStart=/usr/local/bin/weir run --takeover -c /etc/weir/weir.yaml$' "$units/weir.service" &&
	! grep -q '@[A-Z]*@' "$units/weir.service"
verdict $? "the unit names the program and the configuration, and its template is the same"

# The user weir and its directory are made by systemd-sysusers and systemd-tmpfiles, which is the host's affair.
sed -e '/^run_as:/d' -e "s|/var/lib/weir/|$root/|" "$root/etc/weir/weir.yaml" >"$root/etc/weir/check.yaml"
"$root/usr/local/bin/weir" check -c "$root/etc/weir/check.yaml" >/dev/null
verdict $? "weir check finds no fault in the configuration"
rm "$root/etc/weir/check.yaml"

echo "# mine" >>"$root/etc/weir/weir.yaml"
run_make install
rm -f "$root.log"
grep -q "# mine" "$root/etc/weir/weir.yaml"
verdict $? "a second install leaves a changed configuration alone"

if command -v systemd-analyze >/dev/null; then
	# It looks for the program at its final place.
	sed "s|/usr/local/bin/weir|$root/usr/local/bin/weir|" "$units/weir.service" >"$root/weir-verified.service"
	said=$(systemd-analyze verify "$root/weir-verified.service" 2>&1 | grep weir-verified)
	[ -z "$said" ]
	verdict $? "systemd-analyze verifies the unit without a word"
	[ -z "$said" ] || printf '# %s\n' "$said"
	exposure=$(systemd-analyze security --offline=true "$root/weir-verified.service" 2>/dev/null |
		sed -n 's/.*Overall exposure level.*: \([0-9.]*\) .*/\1/p')
	[ -n "$exposure" ] && [ "${exposure%.*}" -le 3 ]
	verdict $? "its exposure is at most 3.9 (${exposure:-unknown})"
	rm "$root/weir-verified.service"
else
	count=$((count + 1))
	echo "ok $count - systemd-analyze verifies the unit # SKIP no systemd-analyze here"
fi

run_make uninstall
rm -f "$root.log"
left=$(cd "$root" && find . -type f)
[ "$left" = ./etc/weir/weir.yaml ]
verdict $? "uninstall leaves the changed configuration and nothing else"
[ "$left" = ./etc/weir/weir.yaml ] || printf '# %s\n' "$left"
echo "1..$count"
exit "$failed"
