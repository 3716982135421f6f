#!/usr/bin/env bash
# The program in the comment of include/weir/decode.h is compiled against the library, installed or not, and run;
# the shared library exports what the headers declare, and nothing else.
set -uo pipefail
BUILD=${BUILD:-build}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/weir-library.XXXXXX") || exit 1
trap 'rm -rf "$scratch"' EXIT
number=0 status=0
expected="244660000 51.98766 4.05123"
warnings=(-Wall -Wextra -Wno-unused-parameter -Wno-missing-field-initializers -Werror)

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

printf '1..7\n'
sed -n '/^ \* A whole program;/,/^ \*\//s/^ \*     //p' include/weir/decode.h >"$scratch/example.c"
lines=$(grep -c . "$scratch/example.c")
printf 'it has %d lines\n' "$lines" >"$scratch/log"
[ "$lines" -ge 10 ] && [ "$lines" -le 15 ]
judge $? "the header has an example of fifteen lines at most"

make --no-print-directory BUILD="$BUILD" "$BUILD/libweir.a" >"$scratch/log" 2>&1 &&
	"${CC:-cc}" "${warnings[@]}" -Iinclude -o "$scratch/example" "$scratch/example.c" "$BUILD/libweir.a" -lm \
		>"$scratch/log" 2>&1
judge $? "it compiles without a warning and links with libweir.a alone"

"$scratch/example" >"$scratch/log" 2>&1
[ "$(cat "$scratch/log")" = "$expected" ]
judge $? "it decodes a line"

root=$scratch/root
make --no-print-directory BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr/local install >"$scratch/log" 2>&1
judge $? "the library is installed with its headers and a pkg-config file"

flags=$(PKG_CONFIG_PATH=$root/usr/local/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$root \
	pkg-config --cflags --libs libweir 2>"$scratch/log")
# shellcheck disable=SC2086 # several words
[ -n "$flags" ] && "${CC:-cc}" "${warnings[@]}" -o "$scratch/shared" "$scratch/example.c" $flags >>"$scratch/log" 2>&1
judge $? "the example links with the shared library by what pkg-config says"

LD_LIBRARY_PATH=$root/usr/local/lib "$scratch/shared" >"$scratch/log" 2>&1
[ "$(cat "$scratch/log")" = "$expected" ] &&
	LD_LIBRARY_PATH=$root/usr/local/lib ldd "$scratch/shared" | grep -q 'libweir\.so\.0 => /'
judge $? "and decodes a line with it"

# The version script is made from the headers: a name in it that the library lacks is declared and not there.
nm -D --defined-only "$root/usr/local/lib/libweir.so" | awk '$2 ~ /[TWRDB]/ {print $3}' | sed 's/@.*//' | sort -u \
	>"$scratch/exported"
sed -n 's/^  \(weir_[a-z0-9_]*\);$/\1/p' "$BUILD/libweir.map" | sort -u >"$scratch/declared"
diff "$scratch/declared" "$scratch/exported" >"$scratch/log" 2>&1
differ=$?
[ "$differ" -eq 0 ] && [ "$(wc -l <"$scratch/declared")" -ge 30 ]
judge $? "the shared library exports every function of the headers and nothing else"
exit "$status"
