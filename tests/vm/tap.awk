# SPDX-License-Identifier: BSD-2-Clause
# What a microVM said on its second serial port (see guest/run.sh) as TAP, numbered from first + 1, with a line for
# the table of kernels appended to the file `table`. A guest that did not come to its end has failed, and so has a
# program that was killed, said nothing, or skipped what may not be skipped.

function result(good, sentence, directive)
{
	outcomes[good ? (directive != "" ? "skipped" : "passed") : "failed"]++
	printf "%s %d - %s %s: %s%s\n", good ? "ok" : "not ok", ++first, kernel, name, sentence, directive
	results++
	failures += !good
	fflush()
}

function end_program(status)
{
	if (status != 0 && failures == 0)
		result(0, "ends with 0, not with " status, "")
	else if (results == 0)
		result(0, "says what it has tested", "")
	inside = 0
}

BEGIN { kernel = suite; init = "-" }

{ sub(/\r$/, "") }

/^# init / { init = $3 " s"; kernel = $4; next }

/^# begin / {
	inside = 1
	results = failures = 0
	skips = $4
	name = $5
	sub(/.*\//, "", name)
	if ($3 == "virtio")
		name = name " on virtio-net"
	next
}

/^# end / { end_program($3); printf "# %s took %.1f s\n", name, $4 / 1000; next }

/^# complete/ { complete = 1; next }

inside && /^1\.\.0 # SKIP/ {
	sub(/^1\.\.0 # SKIP */, "")
	result(skips == "may", "can run", skips == "may" ? " # SKIP " $0 : "")
	if (skips != "may")
		print "# " $0
	next
}

inside && /^(not )?ok [0-9]+/ {
	good = $1 == "ok"
	directive = ""
	sub(/^(not )?ok [0-9]+ *-? */, "")
	if (match($0, / *# SKIP.*/)) {
		directive = substr($0, RSTART)
		$0 = substr($0, 1, RSTART - 1)
		if (skips != "may") {
			result(0, $0 " (skipped:" substr(directive, index(directive, "SKIP") + 4) ")", "")
			next
		}
	}
	result(good, $0, directive)
	next
}

/^#/ { print }

END {
	if (inside)
		end_program("the guest")
	name = "the guest"
	results = failures = 0
	result(complete, complete ? "came to its end" : status == 124 ? "came to its end in time" : "came to its end (QEMU: " status ")", "")
	printf "# %-28s %9s %7d s %7d %7d %7d\n", kernel, init, seconds, outcomes["passed"], outcomes["failed"],
		outcomes["skipped"] >> table
}
