# mews: build, test and install. GNU make; gcc or clang.
#
#   make            the program, as build/mews
#   make demo       build it, fill the store, write all packs, replay the corpus
#   make test       everything that can fail; closes with `N passed, N failed`
#   make docs       pages of the catalog (docs/catalog) and the table in README.md, from a replay of the corpus
#   make bench | fuzz | lint | install | deps | clean

BUILD ?= build
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 30
ifeq ($(origin CC),default)
CC := gcc
endif
CLANG ?= clang

# Debian packages: what the program needs, what its tests need, and what some tests compare with.
PRODUCT_PACKAGES := gcc make pkg-config libc6-dev libyaml-dev libcsv-dev libsqlite3-dev libpcre2-dev \
	zlib1g-dev libzstd-dev libxxhash-dev libjansson-dev nettle-dev libexpat1-dev
TEST_PACKAGES := libcunit1-dev clang libclang-rt-14-dev jq zstd gzip binutils
COMPARE_PACKAGES := git libauparse-dev libaudit-dev gcc-multilib auditd sysdig python3-venv python3-pip sqlite3 shellcheck clang-format \
	cppcheck docker.io runc busybox-static iproute2 util-linux python3 curl socat rsyslog sudo \
	zsh fish mandoc man-db chromium

LIBRARIES := yaml-0.1 sqlite3 libpcre2-8 zlib libzstd libxxhash jansson nettle expat
# Asked when first used, so that `make deps` runs before they are there.
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $(shell pkg-config --cflags $(LIBRARIES)))$(LIBRARY_CFLAGS)
LIBRARY_LIBS = $(eval LIBRARY_LIBS := $(shell pkg-config --libs $(LIBRARIES)) -lcsv -lm -pthread)$(LIBRARY_LIBS)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Werror
LANGUAGE := -std=c11 -D_POSIX_C_SOURCE=200809L -I. -pthread
HARDENING := -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
# Without it GCC for x86 fills and copies structs by `rep stos` and `rep movs`, whose beginning alone takes as long as the rest.
STRINGS := unrolled_loop:256:noalign,libcall:-1:noalign
INLINE_STRINGS := -mmemset-strategy=$(STRINGS) -mmemcpy-strategy=$(STRINGS)
TUNING = $(eval TUNING := $(shell $(CC) $(INLINE_STRINGS) -x c -c -o /dev/null /dev/null 2>/dev/null && echo '$(INLINE_STRINGS)'))$(TUNING)
LINK_HARDENING := -pie -Wl,-z,relro,-z,now
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

# `=`: pkg-config runs when something is compiled.
BASE_FLAGS = $(LANGUAGE) $(WARNINGS) -g -MMD -MP $(LIBRARY_CFLAGS)
OWN_FLAGS = $(BASE_FLAGS) -include catalog/banned.h
NORMAL_FLAGS = -O3 $(TUNING) $(HARDENING) $(CFLAGS)
# Traces name functions and lines, not variables; and half of the time that clang takes is optimising: what is no event's path is left as it is.
ASAN_FLAGS = -gline-tables-only -O$(if $(filter cli/% generator/% replay/report/% tests/%,$<),0,1) $(SANITIZE)
TSAN_FLAGS = -gline-tables-only -O1 -fsanitize=thread -fno-omit-frame-pointer
FUZZ_FLAGS = -O1 $(SANITIZE) -fsanitize=fuzzer-no-link

MODULES := $(wildcard catalog/*.c generator/*.c generator/*/*.c replay/*.c replay/*/*.c replay/*/*/*.c)
VERBS := $(filter-out cli/main.c,$(wildcard cli/*.c))
MAIN := $(wildcard cli/main.c)
UNIT := $(wildcard tests/unit/*.c)
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

# $(call objects,variant,sources)
objects = $(patsubst %.c,$(BUILD)/$(1)/%.o,$(2))
NORMAL_OBJECTS := $(call objects,normal,$(MODULES) $(VERBS))
ASAN_OBJECTS := $(call objects,asan,$(MODULES) $(VERBS))
# Of the modules what the suites with threads need; one that they come to need is missing when they are linked.
TSAN_OBJECTS := $(call objects,tsan,$(filter-out catalog/made% catalog/canonical% catalog/store%,\
	$(filter catalog/% replay/readers/% replay/derive/% replay/engine/% replay/measure/json_% replay/pipeline/%,$(MODULES))))
FUZZ_OBJECTS := $(call objects,fuzzed,$(MODULES) $(VERBS))

# One archive a variant: a program takes from it what it needs.
NORMAL_LIBRARY := $(BUILD)/normal/libmews.a
ASAN_LIBRARY := $(BUILD)/asan/libmews.a
TSAN_LIBRARY := $(BUILD)/tsan/libmews.a
FUZZ_LIBRARY := $(BUILD)/fuzzed/libmews.a

PROGRAM := $(if $(MAIN),$(BUILD)/mews)
ASAN_PROGRAM := $(if $(MAIN),$(BUILD)/asan/mews)
SEED_PROGRAMS := $(FUZZERS:%=$(BUILD)/fuzz/seed_%)

.PHONY: all demo test docs unit bench fuzz lint install deps deps-test deps-record record clean FORCE
.DELETE_ON_ERROR:
.SECONDARY:

all: $(PROGRAM)

$(NORMAL_LIBRARY): $(NORMAL_OBJECTS)
$(ASAN_LIBRARY): $(ASAN_OBJECTS)
$(TSAN_LIBRARY): $(TSAN_OBJECTS)
$(FUZZ_LIBRARY): $(FUZZ_OBJECTS)
%/libmews.a:
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/mews: $(call objects,normal,$(MAIN)) $(NORMAL_LIBRARY)
	$(CC) $(LINK_HARDENING) $(LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/asan/mews: $(call objects,asan,$(MAIN)) $(ASAN_LIBRARY)
	$(CLANG) $(SANITIZE) -o $@ $^ $(LIBRARY_LIBS)

# The unit tests' main finds its suites in a list of the files that stand there.
$(BUILD)/suites.h: FORCE
	@mkdir -p $(@D)
	@printf 'SUITE(%s)\n' $(patsubst tests/unit/test_%.c,%,$(filter tests/unit/test_%.c,$(UNIT))) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

UNIT_FLAGS = -I$(BUILD)
$(BUILD)/normal/tests/unit/main.o $(BUILD)/asan/tests/unit/main.o: $(BUILD)/suites.h

# Tests of parsers compare with libauparse and libaudit where they are there.
AUPARSE := $(if $(wildcard /usr/include/auparse.h),-lauparse)
LIBAUDIT := $(if $(wildcard /usr/include/libaudit.h),-laudit)

$(BUILD)/unit: $(call objects,normal,$(UNIT)) $(NORMAL_LIBRARY)
	$(CC) $(LINK_HARDENING) $(LDFLAGS) -o $@ $^ $(LIBRARY_LIBS) -lcunit

$(BUILD)/asan/unit: $(call objects,asan,$(UNIT)) $(ASAN_LIBRARY)
	$(CLANG) $(SANITIZE) -o $@ $^ $(LIBRARY_LIBS) -lcunit

# The suites that have threads, watched by ThreadSanitizer.
TSAN_SUITES := pipeline engine_beside scope_sets json_chunk layout
$(BUILD)/tsan/unit: $(call objects,tsan,$(patsubst %,tests/unit/%.c,main reading world $(TSAN_SUITES:%=test_%))) $(TSAN_LIBRARY)
	$(CLANG) -fsanitize=thread -o $@ $^ $(LIBRARY_LIBS) -lcunit

$(BUILD)/tsan/suites.h: FORCE
	@mkdir -p $(@D)
	@printf 'SUITE(%s)\n' $(TSAN_SUITES) >$@.new
	@if cmp -s $@.new $@; then rm $@.new; else mv $@.new $@; fi

$(BUILD)/tsan/tests/unit/main.o: $(BUILD)/tsan/suites.h

$(BUILD)/asan/torture: $(BUILD)/asan/tests/torture/torture.o $(ASAN_LIBRARY)
	$(CLANG) $(SANITIZE) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/fuzz/seed_%: $(BUILD)/asan/tests/fuzz/fuzz_%.o $(BUILD)/asan/tests/fuzz/seeds.o $(ASAN_LIBRARY)
	@mkdir -p $(@D)
	$(CLANG) $(SANITIZE) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/fuzz/fuzz_%: $(BUILD)/fuzzed/tests/fuzz/fuzz_%.o $(FUZZ_LIBRARY)
	@mkdir -p $(@D)
	$(CLANG) $(SANITIZE) -fsanitize=fuzzer -o $@ $^ $(LIBRARY_LIBS)

# Programs that measure or compare: tests/bench/NAME.c and tests/differential/NAME.c, optimised.
HELPERS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/bench/*.c tests/differential/*.c tests/torture/*.c))
$(BUILD)/tests/%: $(BUILD)/normal/tests/%.o $(NORMAL_LIBRARY)
	@mkdir -p $(@D)
	$(CC) $(LINK_HARDENING) $(LDFLAGS) -o $@ $^ $(LIBRARY_LIBS) $(AUPARSE) $(LIBAUDIT)

# Tests themselves need no speed.
$(BUILD)/normal/tests/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(CC) $(OWN_FLAGS) $(NORMAL_FLAGS) -O1 $(UNIT_FLAGS) -c -o $@ $<

$(BUILD)/normal/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CC) $(OWN_FLAGS) $(NORMAL_FLAGS) $(UNIT_FLAGS) -c -o $@ $<

$(BUILD)/asan/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CLANG) $(OWN_FLAGS) $(ASAN_FLAGS) $(UNIT_FLAGS) -c -o $@ $<

$(BUILD)/tsan/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(CLANG) $(OWN_FLAGS) $(TSAN_FLAGS) -I$(BUILD)/tsan -c -o $@ $<

$(BUILD)/tsan/%.o: %.c
	@mkdir -p $(@D)
	$(CLANG) $(OWN_FLAGS) $(TSAN_FLAGS) -c -o $@ $<

$(BUILD)/normal/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(OWN_FLAGS) $(NORMAL_FLAGS) -c -o $@ $<

$(BUILD)/asan/%.o: %.c
	@mkdir -p $(@D)
	$(CLANG) $(OWN_FLAGS) $(ASAN_FLAGS) -c -o $@ $<

$(BUILD)/fuzzed/%.o: %.c
	@mkdir -p $(@D)
	$(CLANG) $(OWN_FLAGS) $(FUZZ_FLAGS) -c -o $@ $<

-include $(shell test -d $(BUILD) && find $(BUILD) -name '*.d')

# Order matters here and there must be no race with the compiler: packages first, then a second make.
demo: deps
	@$(MAKE) --no-print-directory all
	$(BUILD)/mews load
	$(BUILD)/mews generate all -o $(BUILD)/packs
	$(BUILD)/mews replay --html $(BUILD)/report.html
	@printf 'Packs, each with its fidelity.json:\n'
	@printf '  %s\n' $(BUILD)/packs/*/*
	@printf 'Report for the browser:\n  %s\n' $(BUILD)/report.html

TEST_PROGRAMS = $(PROGRAM) $(ASAN_PROGRAM) $(BUILD)/unit $(BUILD)/asan/unit $(BUILD)/asan/torture $(SEED_PROGRAMS) $(HELPERS)
.PHONY: test-programs
test-programs: $(TEST_PROGRAMS)

test: deps-test
	@$(MAKE) --no-print-directory -s test-programs
	@BUILD=$(BUILD) tests/run

unit: $(BUILD)/unit
	$(BUILD)/unit $(SUITES)

bench: deps
	@$(MAKE) --no-print-directory all $(HELPERS)
	@BUILD=$(BUILD) tests/bench/run

fuzz: $(FUZZERS:%=$(BUILD)/fuzz/fuzz_%)
	@for name in $(FUZZERS); do \
		echo "fuzz $$name: $(FUZZ_SECONDS) s"; \
		corpus=$(BUILD)/fuzz/corpus/$$name; mkdir -p $$corpus; \
		cp -R tests/fuzz/seeds/$$name/. $$corpus/ 2>/dev/null || true; \
		$(BUILD)/fuzz/fuzz_$$name -max_total_time=$(FUZZ_SECONDS) -timeout=10 -rss_limit_mb=2048 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=$(BUILD)/fuzz/ $$corpus || exit 1; \
	done

# The day decides which exceptions have expired; the pages say it, and their test replays as of that day.
docs: $(PROGRAM)
	@$(BUILD)/mews --store $(BUILD)/docs.db replay --format csv >/dev/null
	$(BUILD)/mews --store $(BUILD)/docs.db docs -o docs/catalog --gaps README.md

lint: $(NORMAL_OBJECTS) $(call objects,normal,$(MAIN))
	@BUILD=$(BUILD) tests/lint

# clang compiles everything with sanitizers, but for these; and some files have parts that are not for sanitizers.
CLANG_UNSEEN = $(wildcard tests/bench/*.c tests/differential/*.c) $(shell grep -lE '__has_feature|__SANITIZE' $(MODULES) $(VERBS) $(MAIN))
.PHONY: clang-check
clang-check:
	@$(CLANG) -fsyntax-only $(filter-out -MMD -MP,$(OWN_FLAGS)) $(filter-out $(INLINE_STRINGS),$(NORMAL_FLAGS)) $(UNIT_FLAGS) $(CLANG_UNSEEN)

# Where bash, zsh and fish look, below share/.
COMPLETIONS := bash-completion/completions zsh/site-functions fish/vendor_completions.d

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/mews $(DESTDIR)$(PREFIX)/share/man/man1 $(DESTDIR)$(PREFIX)/share/man/man5
	install -d $(COMPLETIONS:%=$(DESTDIR)$(PREFIX)/share/%)
	install -m 755 $(BUILD)/mews $(DESTDIR)$(PREFIX)/bin/mews
	cp -R rulesets $(DESTDIR)$(PREFIX)/share/mews/
	rm -rf $(DESTDIR)$(PREFIX)/share/mews/rulesets/packs
	docs/man/make.sh $(BUILD)/mews $(BUILD)/man
	install -m 644 $(BUILD)/man/*.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	install -m 644 $(BUILD)/man/*.5 $(DESTDIR)$(PREFIX)/share/man/man5/
	$(BUILD)/mews completion bash >$(DESTDIR)$(PREFIX)/share/bash-completion/completions/mews
	$(BUILD)/mews completion zsh >$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_mews
	$(BUILD)/mews completion fish >$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/mews.fish

deps:
	@.ci/deps $(PRODUCT_PACKAGES)

deps-test:
	@.ci/deps $(PRODUCT_PACKAGES) $(TEST_PACKAGES)
	@.ci/deps --optional $(COMPARE_PACKAGES)

# Everything that is recorded is recorded again, on a Debian machine that has its kernel's audit to itself: scenarios
# (half an hour), eight hosts at work at the same time, clusters (an hour each). What is missing makes them say so.
RECORD_PACKAGES = auditd docker.io containerd runc busybox-static docker-compose python3-docker podman openssh-server \
	openssh-client cron logrotate rsync tcpdump strace gdb iputils-ping sysstat vim-tiny ed git gcc make jq lsof socat nginx-light \
	redis-server postgresql nodejs npm sudo zstd
deps-record:
	@.ci/deps $(RECORD_PACKAGES)

record: $(BUILD)/mews
	corpus/record/record-all.sh
	corpus/record/record-hosts.sh
	corpus/record/cluster/record-all.sh $(BUILD)/components

clean:
	rm -rf $(BUILD)
