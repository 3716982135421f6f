# weir: build, test, install. `make help` lists the targets.
# Variables: CC, CLANG (for the kernel side), BUILD, V=1 (show commands), WERROR=1, SAN=address,undefined.

CLANG    ?= clang
BPFTOOL  ?= $(firstword $(wildcard /usr/sbin/bpftool) bpftool)
PREFIX   ?= /usr/local
CONFDIR  ?= /etc/weir
VERSION  := 0.1.0

ifneq ($(SAN),)
BUILD    ?= build/sanitized
endif
BUILD    ?= build

PACKAGES := libbpf libxdp libmnl libpcap liburing libnats jansson yaml-0.1 libmicrohttpd glib-2.0 libcap-ng libsystemd
WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wformat=2 \
            -Wno-missing-field-initializers
CFLAGS   ?= -O2 -g
# Loaded where a file of fences needs it, not with the program: see userspace/fence/proj_library.h.
PROJ_SONAME := $(shell readelf -d $$($(CC) -print-file-name=libproj.so) | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
WEIR_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DWEIR_VERSION='"$(VERSION)"' -Iinclude -Iuserspace -isystem $(BUILD)/bpf \
            -DWEIR_PROJ_SONAME='"$(PROJ_SONAME)"' -pthread -fPIC $(WARNINGS) $(shell pkg-config --cflags $(PACKAGES))
WEIR_LDLIBS := $(shell pkg-config --libs $(PACKAGES)) -lgeos_c -lm -pthread
LIB_LDLIBS  := $(shell pkg-config --libs jansson glib-2.0) -lgeos_c -lm
ifeq ($(WERROR),1)
WEIR_CFLAGS += -Werror
BPF_WERROR  := -Werror
endif
ifneq ($(SAN),)
WEIR_CFLAGS += -fsanitize=$(SAN) -fno-omit-frame-pointer -fno-sanitize-recover=all
LDFLAGS     += -fsanitize=$(SAN)
endif

# The kernel side. -g gives the BTF that libxdp and the map definitions need.
BPF_CFLAGS := -target bpf -mcpu=v3 -O2 -g -std=gnu11 -Iinclude -Ibpf \
              -I/usr/include/$(shell $(CC) -print-multiarch 2>/dev/null || gcc -print-multiarch) \
              -Wall -Wextra -Wshadow -Wconversion $(BPF_WERROR)

LIBRARY  := $(wildcard userspace/decode/*.c userspace/fence/*.c userspace/detect/*.c userspace/engine/*.c \
            userspace/saved/*.c)
PROGRAM  := $(filter-out $(LIBRARY) userspace/cli/main.c,$(wildcard userspace/*/*.c))
LIB_OBJ  := $(LIBRARY:%.c=$(BUILD)/obj/%.o)
PROG_OBJ := $(PROGRAM:%.c=$(BUILD)/obj/%.o)
FUZZED   := $(LIBRARY) userspace/publish/geojson.c userspace/publish/geojson_window.c userspace/publish/text.c userspace/prefilter/turn.c
MAIN_OBJ := $(BUILD)/obj/userspace/cli/main.o
ARCHIVE  := $(BUILD)/weir-objects.a
SKELETON := $(BUILD)/bpf/weir.skel.h

UNIT     := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/unit/test_*.c tests/bpf/test_*.c))
BENCHES  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/bench/bench_*.c))
TOOLS    := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/e2e/tool_*.c))
REPLAYS  := $(patsubst tests/fuzz/fuzz_%.c,$(BUILD)/tests/fuzz/replay_%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZERS  := $(patsubst %.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
TEST_SKELETONS := $(patsubst %.bpf.c,$(BUILD)/%.skel.h,$(wildcard tests/bpf/*.bpf.c))

ifeq ($(V),1)
msg =
else
msg = @printf '  %-8s %s\n' "$(1)" "$(patsubst $(BUILD)/%,%,$(2))";
MAKEFLAGS += --no-print-directory
Q := @
endif

.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all help test test-vm tests lint bench fuzz fuzzers skeletons verify-objects print-cflags install uninstall clean format

all: $(BUILD)/weir $(BUILD)/libweir.a $(BUILD)/libweir.so ## build/weir, the one binary, and libweir

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 22

$(BUILD)/weir: $(MAIN_OBJ) $(ARCHIVE)
	$(call msg,LINK,$@)$(CC) $(LDFLAGS) -o $@ $^ $(WEIR_LDLIBS)

$(ARCHIVE): $(LIB_OBJ) $(PROG_OBJ)
	$(call msg,AR,$@)rm -f $@ && $(AR) rcs $@ $^

# libweir: decode, fence, detect, engine. It exports what the public headers declare, and nothing else.
$(BUILD)/libweir.a: $(LIB_OBJ)
	$(call msg,AR,$@)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/libweir.map: $(wildcard include/weir/*.h) Makefile
	@mkdir -p $(@D)
	$(call msg,GEN,$@){ echo 'WEIR_0 {'; echo ' global:'; \
		sed -nE '/^(static|typedef| |\t|\/|#)/!s/^[a-z].*[ *](weir_[a-z0-9_]+)\(.*/  \1;/p' include/weir/*.h | sort -u; \
		echo ' local: *;'; echo '};'; } > $@

$(BUILD)/libweir.so: $(LIB_OBJ) $(BUILD)/libweir.map
	$(call msg,LINK,$@)$(CC) $(LDFLAGS) -shared -Wl,-soname,libweir.so.0 -Wl,--version-script=$(BUILD)/libweir.map \
		-Wl,-z,defs -o $@ $(LIB_OBJ) $(LIB_LDLIBS)

$(BUILD)/libweir.pc: Makefile
	$(call msg,GEN,$@)printf '%s\n' 'prefix=$(PREFIX)' 'Name: libweir' 'Description: AIS and NMEA decoding, fences, rules' \
		'Version: $(VERSION)' 'Cflags: -I$${prefix}/include' 'Libs: -L$${prefix}/lib -lweir' \
		'Libs.private: $(LIB_LDLIBS)' > $@

$(BUILD)/obj/%.o: %.c
	@mkdir -p $(@D)
	$(call msg,CC,$@)$(CC) $(CFLAGS) $(WEIR_CFLAGS) -MMD -MP -c -o $@ $<

# Only the control plane of the prefilter includes the skeleton, which its dependency files leave out.
$(filter $(BUILD)/obj/userspace/prefilter/%,$(PROG_OBJ)): $(SKELETON)

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c
	@mkdir -p $(@D)
	$(call msg,BPF,$@)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@ $<

# The same by other compilers, for the verifier: build/tests/bpf/test_verifier build/verify/*.bpf.o
VERIFY_CLANGS  ?= clang-14 clang-16 clang-19
VERIFY_OBJECTS := $(VERIFY_CLANGS:%=$(BUILD)/verify/weir-%.bpf.o)

$(BUILD)/verify/weir-%.bpf.o: bpf/weir.bpf.c $(wildcard bpf/*.h include/weir/*.h)
	@mkdir -p $(@D)
	$(call msg,BPF,$@)$* $(BPF_CFLAGS) -c -o $@ $<

$(BUILD)/tests/bpf/%.bpf.o: tests/bpf/%.bpf.c
	@mkdir -p $(@D)
	$(call msg,BPF,$@)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@ $<

%.skel.h: %.bpf.o
	$(call msg,SKEL,$@)$(BPFTOOL) gen skeleton $< name $(subst -,_,$(notdir $*))_bpf > $@ 2> $@.log || \
		{ cat $@.log >&2; false; }

# Tests, benchmarks and their tools: a program for each file, linked with everything but main(). Those that include
# a skeleton are compiled anew with it.
TEST_CFLAGS = $(CFLAGS) $(WEIR_CFLAGS) -I. -Ibpf -Itests -isystem $(BUILD)/tests/bpf
CHECK_LDLIBS := $(shell pkg-config --libs check proj)

$(BUILD)/obj/tests/%.o: tests/%.c | $(TEST_SKELETONS) $(SKELETON)
	@mkdir -p $(@D)
	$(call msg,CC,$@)$(CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(shell grep -lE 'skel\.h|"(rig|live_frames)\.h"' tests/*/*.c | sed 's|\(.*\)\.c|$(BUILD)/obj/\1.o|'): $(TEST_SKELETONS) $(SKELETON)

$(UNIT) $(BENCHES) $(TOOLS): $(BUILD)/%: $(BUILD)/obj/%.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(call msg,LINK,$@)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(CHECK_LDLIBS) $(WEIR_LDLIBS)

# A fuzz target is built twice: with libFuzzer, and with a main() that replays a corpus.
$(REPLAYS): $(BUILD)/tests/fuzz/replay_%: $(BUILD)/obj/tests/fuzz/fuzz_%.o $(BUILD)/obj/tests/fuzz/replay.o $(ARCHIVE)
	@mkdir -p $(@D)
	$(call msg,LINK,$@)$(CC) $(LDFLAGS) -o $@ $(filter %.o %.a,$^) $(WEIR_LDLIBS)

FUZZ_FLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
FUZZ_OBJ   := $(FUZZED:%.c=$(BUILD)/fuzz/%.o)

$(BUILD)/fuzz/%.o: %.c | $(SKELETON)
	@mkdir -p $(@D)
	$(call msg,FUZZ,$@)$(CLANG) $(TEST_CFLAGS) $(FUZZ_FLAGS) -fsanitize=fuzzer-no-link -MMD -MP -c -o $@ $<

$(FUZZERS): $(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/fuzz/tests/fuzz/fuzz_%.o $(FUZZ_OBJ)
	@mkdir -p $(@D)
	$(call msg,LINK,$@)$(CLANG) $(FUZZ_FLAGS) -fsanitize=fuzzer -o $@ $(filter %.o %.a,$^) $(WEIR_LDLIBS)

tests: $(BUILD)/weir $(UNIT) $(TOOLS) $(REPLAYS) ## build what the tests need

test: ## build and run every test
	scripts/test

# The objects of those compilers that are installed.
test-vm: tests $(foreach clang,$(VERIFY_CLANGS),$(if $(shell command -v $(clang)),$(BUILD)/verify/weir-$(clang).bpf.o)) ## run tests in microVMs with other kernels
	tests/vm/run.sh

fuzzers: $(FUZZERS)

skeletons: $(SKELETON) $(TEST_SKELETONS)

verify-objects: $(VERIFY_OBJECTS)

print-cflags:
	@echo $(WEIR_CFLAGS)

fuzz: $(FUZZERS) $(BUILD)/tests/bpf/test_law1 ## run each fuzz target, FUZZ_SECONDS=60 each
	scripts/fuzz $(BUILD)

bench: $(BUILD)/weir $(BENCHES) ## measure speed and size beside yardsticks
	scripts/bench $(BUILD)

lint: ## clang-format, clang-tidy, cppcheck, shellcheck
	scripts/lint

format: ## rewrite the sources in the house's format
	$(Q)git ls-files '*.c' '*.h' | xargs clang-format -i

SERVICE := userspace/gateway/service

# A configuration that is there already is an operator's, and stays. weir@.service: for the next version to take over.
install: all $(BUILD)/libweir.pc ## DESTDIR= PREFIX=/usr/local CONFDIR=/etc/weir
	install -D -m 755 $(BUILD)/weir $(DESTDIR)$(PREFIX)/bin/weir
	install -D -m 644 $(BUILD)/libweir.a $(DESTDIR)$(PREFIX)/lib/libweir.a
	install -D -m 755 $(BUILD)/libweir.so $(DESTDIR)$(PREFIX)/lib/libweir.so.$(VERSION)
	ln -sf libweir.so.$(VERSION) $(DESTDIR)$(PREFIX)/lib/libweir.so.0
	ln -sf libweir.so.0 $(DESTDIR)$(PREFIX)/lib/libweir.so
	install -D -m 644 $(BUILD)/libweir.pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/libweir.pc
	install -d $(DESTDIR)$(PREFIX)/include/weir
	install -m 644 include/weir/*.h $(DESTDIR)$(PREFIX)/include/weir/
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in weir weir@; do sed -e 's|@BINDIR@|$(PREFIX)/bin|' -e 's|@CONFDIR@|$(CONFDIR)|' \
		$(SERVICE)/weir.service.in > $(DESTDIR)$(PREFIX)/lib/systemd/system/$$unit.service; done
	install -D -m 644 $(SERVICE)/weir.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/weir.conf
	install -D -m 644 $(SERVICE)/weir.tmpfiles $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/weir.conf
	cd scripts/demo.d && find . -type f -exec install -D -m 644 {} $(abspath $(DESTDIR)/$(PREFIX))/share/weir/{} \;
	install -d $(DESTDIR)$(CONFDIR)
	for file in weir.yaml fences.geojson; do \
		[ -e $(DESTDIR)$(CONFDIR)/$$file ] || install -m 644 $(SERVICE)/$$file $(DESTDIR)$(CONFDIR)/$$file; done

uninstall: ## undo install, but for $(CONFDIR) where it was changed
	rm -f $(DESTDIR)$(PREFIX)/bin/weir $(DESTDIR)$(PREFIX)/lib/libweir.* \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/libweir.pc \
		$(DESTDIR)$(PREFIX)/lib/systemd/system/weir.service $(DESTDIR)$(PREFIX)/lib/systemd/system/weir@.service \
		$(DESTDIR)$(PREFIX)/lib/sysusers.d/weir.conf $(DESTDIR)$(PREFIX)/lib/tmpfiles.d/weir.conf
	rm -rf $(DESTDIR)$(PREFIX)/include/weir $(DESTDIR)$(PREFIX)/share/weir
	for file in weir.yaml fences.geojson; do \
		cmp -s $(SERVICE)/$$file $(DESTDIR)$(CONFDIR)/$$file && rm $(DESTDIR)$(CONFDIR)/$$file || true; done
	[ ! -d $(DESTDIR)$(CONFDIR) ] || rmdir --ignore-fail-on-non-empty $(DESTDIR)$(CONFDIR)

clean: ## remove build/
	$(Q)rm -rf $(BUILD)

-include $(shell find $(BUILD)/obj $(BUILD)/fuzz $(BUILD)/bpf $(BUILD)/tests/bpf -name '*.d' 2>/dev/null)
