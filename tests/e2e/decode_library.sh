#!/usr/bin/env bash
# The program in the comment of include/weir/decode.h is compiled against the library and run.
set -uo pipefail
BUILD=${BUILD:-build}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/weir-library.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
number=0 status=0

judge() { # judge STATUS SENTENCE
	number=$((number + 1))
	if [ "$1" -eq 0 ]; then
		printf 'ok %d - %s\n' "$number" "$2"
	else
		status=1
		printf 'not ok %d - %s\n' "$number" "$2"
		sed 's/^/# /' "$scratch/log"
	fi
}

printf '1..3\n'
sed -n '/^ \* A whole program;/,/^ \*\//s/^ \*     //p' include/weir/decode.h >"$scratch/example.c"
lines=$(grep -c . "$scratch/example.c")
printf 'it has %d lines\n' "$lines" >"$scratch/log"
[ "$lines" -ge 10 ] && [ "$lines" -le 15 ]
judge $? "the header has an example of fifteen lines at most"

make --no-print-directory BUILD="$BUILD" "$BUILD/libweir.a" >"$scratch/log" 2>&1 &&
	"${CC:-cc}" -Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Werror -Iinclude \
		-o "$scratch/example" "$scratch/example.c" "$BUILD/libweir.a" -lm >"$scratch/log" 2>&1
judge $? "it compiles without a warning and links with libweir.a alone"

"$scratch/example" >"$scratch/log" 2>&1
[ "$(cat "$scratch/log")" = "244660000 51.98766 4.05123" ]
judge $? "it decodes a line"
exit "$status"
