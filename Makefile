# SPDX-License-Identifier: Apache-2.0
#
# The only build description. `make help` lists the targets.
#
# Conventions: put a file in the right place and it takes part; nothing needs to be registered here.
#   core/ facts/** runtime/ compiler/ api/ *.c *.l *.y   the library; flex and bison output in build/gen
#   docs/diagnostics/CODE.md        page of a diagnostic, embedded (core/diag_page.h)
#   cli/*.c                         the program; sees include/plimsoll only
#   policies/**/*.plim              the built-in packs, compiled at build time and embedded
#   tests/{unit,fault,limits,mutate}/test_X.c   one cmocka program each; the other .c files of
#                                   tests/unit are helpers linked into all of them
#   tests/golden/*.c                one golden runner (--bless rewrites the expected files)
#   tests/conformance/*.c           one conformance runner
#   tests/cli/*.sh                  shell tests; environment: PLIMSOLL (program), BUILD (directory)
#   tests/fuzz/fuzz_X.c             LLVMFuzzerTestOneInput; libFuzzer program with `make fuzz`, replay
#                                   of tests/fuzz/corpus/X in `make check`; dictionary dict/X.dict
#   tests/meta/*.sh                 checks of the tree itself
#   tests/bench/*.c, run.sh         one program each; run.sh prints the figures
#   docs/examples/*.c               programs that use the installed API, built and run by `make check`
#   tests/tools/docs_X.sh           prints the generated page docs/X.md (`make docs` writes it)
# A test prints `N passed, N failed[, N skipped]` or is a cmocka program; else its exit code counts
# as one test.
# Every VARIANT builds into build/<variant>/, which mirrors the tree.

.DEFAULT_GOAL := all
SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
MAKEFLAGS += --no-builtin-rules

VARIANT ?= release
ifeq ($(origin CC),default)
CC := gcc
endif
CXX_CHECK ?= g++
FLEX ?= flex
BISON ?= bison
PKG_CONFIG ?= pkg-config
CLANG ?= clang-14
CLANG_FORMAT ?= clang-format-14
BUILD := build/$(VARIANT)
GEN := build/gen
Q := $(if $(V),,@)

prefix ?= /usr/local
exec_prefix ?= $(prefix)
bindir ?= $(exec_prefix)/bin
libdir ?= $(exec_prefix)/lib
includedir ?= $(prefix)/include
datadir ?= $(prefix)/share
mandir ?= $(datadir)/man

VERSION := $(shell sed -n 's/^.define PLIM_VERSION "\(.*\)"/\1/p' include/plimsoll/version.h)
SO_VERSION := $(firstword $(subst ., ,$(VERSION)))

# ---- flags ---------------------------------------------------------------------------------------

PACKAGES := jansson libsodium libpcre2-8 yaml-0.1
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
LIBS := $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes \
  -Wmissing-prototypes -Wundef -Wvla -Wswitch-enum -Wnull-dereference -Wdouble-promotion \
  -Wformat=2 -Wwrite-strings -Werror
WARNINGS_GENERATED := -Wall -Wno-unused-function -Wno-sign-compare
SANITIZE := -fno-omit-frame-pointer -fno-sanitize-recover=undefined -DPLIM_DEBUG
OPT_release := -O2 -g -fno-plt
OPT_debug := -O0 -g3 -DPLIM_DEBUG
OPT_asan := -O1 -g -fsanitize=address,undefined $(SANITIZE)
OPT_tsan := -O1 -g -fsanitize=thread -DPLIM_DEBUG
OPT_cov := -O0 -g --coverage -DPLIM_DEBUG
OPT_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined $(SANITIZE)
ifeq ($(OPT_$(VARIANT)),)
$(error VARIANT is one of release debug asan tsan cov fuzz)
endif

CPPFLAGS_ALL = -I. -Iinclude -I$(GEN) -D_GNU_SOURCE $(PKG_CFLAGS) $(CPPFLAGS)
CFLAGS_ALL = -std=c11 -fvisibility=hidden -fPIC -ffile-prefix-map=$(CURDIR)=. \
  $(OPT_$(VARIANT)) $(HARDEN_C) $(CFLAGS)
LDFLAGS_ALL = $(OPT_$(VARIANT)) $(HARDEN_LD) $(LDFLAGS)
COMPILE = $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) -MMD -MP

# Which hardening and warning flags this compiler knows; asked once per compiler.
FLAGS_MK := $(BUILD)/flags-$(notdir $(CC)).mk
ifeq ($(filter clean help deps deps-dev format format-check,$(MAKECMDGOALS)),)
include $(FLAGS_MK)
endif
$(FLAGS_MK): tests/tools/probe_flags.sh
	@mkdir -p $(@D)
	@sh tests/tools/probe_flags.sh '$(CC)' $(VARIANT) > $@

# ---- sources -------------------------------------------------------------------------------------

LIB_DIRS := core facts $(patsubst %/,%,$(wildcard facts/*/)) runtime compiler api
LIB_C := $(sort $(foreach d,$(LIB_DIRS),$(wildcard $(d)/*.c)))
LIB_Y := $(sort $(foreach d,$(LIB_DIRS),$(wildcard $(d)/*.y)))
LIB_L := $(sort $(foreach d,$(LIB_DIRS),$(wildcard $(d)/*.l)))
CLI_C := $(sort $(wildcard cli/*.c))
GEN_C := $(LIB_Y:%.y=$(GEN)/%.tab.c) $(LIB_L:%.l=$(GEN)/%.lex.c)
GEN_H := $(GEN_C:.c=.h) $(GEN)/core/diag_pages.inc
PAGES := $(sort $(wildcard docs/diagnostics/[A-Z][0-9]*.md))
LIB_O := $(LIB_C:%.c=$(BUILD)/%.o) $(GEN_C:$(GEN)/%.c=$(BUILD)/gen/%.o)
CLI_O := $(CLI_C:%.c=$(BUILD)/%.o)
POLICIES := $(sort $(shell find policies -name '*.plim' -type f 2>/dev/null))
HEADERS := $(sort $(wildcard include/plimsoll/*.h))

LIB_A := $(BUILD)/libplimsoll.a
# Without embedded policies: what the bootstrap program and the unit tests are linked with, so that
# a mistake in a policy cannot keep them from being built.
BOOT_A := $(BUILD)/libplimsoll-bootstrap.a
LIB_SO := $(BUILD)/libplimsoll.so.$(VERSION)
BOOTSTRAP := $(BUILD)/plimsoll-bootstrap
# The program, unlike the library, leaves what it grew to the end of the process (cli/mem.h).
NO_LEAK_CHECK := ASAN_OPTIONS=detect_leaks=0
PROGRAM := $(BUILD)/plimsoll
IMAGE := $(BUILD)/gen/builtin.plimc

TEST_C := $(sort $(foreach d,unit fault limits mutate,$(wildcard tests/$(d)/test_*.c)))
TEST_BIN := $(TEST_C:%.c=$(BUILD)/%)
TEST_HELP_C := $(filter-out $(TEST_C),$(wildcard tests/unit/*.c))
TEST_HELP_O := $(TEST_HELP_C:%.c=$(BUILD)/%.o)
CONF_C := $(sort $(wildcard tests/conformance/*.c))
CONF_BIN := $(if $(CONF_C),$(BUILD)/tests/conformance/conformance)
GOLDEN_C := $(sort $(wildcard tests/golden/*.c))
GOLDEN_BIN := $(if $(GOLDEN_C),$(BUILD)/tests/golden/golden)
FUZZ_C := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ_BIN := $(FUZZ_C:%.c=$(BUILD)/%)
REPLAY_BIN := $(FUZZ_C:tests/fuzz/fuzz_%.c=$(BUILD)/tests/fuzz/replay_%)
EXAMPLE_C := $(sort $(wildcard docs/examples/*.c))
EXAMPLE_BIN := $(EXAMPLE_C:%.c=$(BUILD)/%)
BENCH_C := $(sort $(wildcard tests/bench/*.c))
BENCH_BIN := $(BENCH_C:%.c=$(BUILD)/%)
CLI_TESTS := $(sort $(wildcard tests/cli/*.sh))
META_TESTS := $(sort $(wildcard tests/meta/*.sh))
ALL_C := $(LIB_C) $(CLI_C) $(TEST_C) $(TEST_HELP_C) $(CONF_C) $(GOLDEN_C) $(EXAMPLE_C) \
  $(BENCH_C) $(sort $(wildcard tests/fuzz/*.c))
OBJECTS := $(LIB_O) $(ALL_C:%.c=$(BUILD)/%.o)

# ---- library and program -------------------------------------------------------------------------

.PHONY: all lib
all: lib $(PROGRAM) $(if $(filter release,$(VARIANT)),build/plimsoll) ## build the library and the program (build/plimsoll)
lib: $(LIB_A) $(LIB_SO) ## build the static and the shared library

$(GEN)/%.tab.c $(GEN)/%.tab.h &: %.y
	@mkdir -p $(@D)
	$(Q)$(BISON) -Werror -Wcounterexamples --header=$(GEN)/$*.tab.h -o $(GEN)/$*.tab.c $<

$(GEN)/%.lex.c $(GEN)/%.lex.h &: %.l
	@mkdir -p $(@D)
	$(Q)$(FLEX) --header-file=$(GEN)/$*.lex.h -o $(GEN)/$*.lex.c $<

$(GEN)/core/diag_pages.inc: tests/tools/embed_pages.sh $(PAGES)
	@mkdir -p $(@D)
	$(Q)sh $< $(PAGES) > $@

$(BUILD)/gen/%.o: $(GEN)/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(WARNINGS_GENERATED) -c $< -o $@

$(BUILD)/%.o: %.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(COMPILE) $(WARNINGS) $(WARNINGS_CC) -c $< -o $@

# The compiled policies as read-only data; the bootstrap library has the same symbols, empty.
$(BUILD)/runtime/builtin_image_empty.o: runtime/builtin_image.S
	@mkdir -p $(@D)
	$(Q)$(CC) -c $< -o $@

$(BUILD)/runtime/builtin_image.o: runtime/builtin_image.S $(IMAGE)
	@mkdir -p $(@D)
	$(Q)$(CC) -DPLIM_IMAGE_FILE='"$(IMAGE)"' -c $< -o $@

$(BOOT_A): $(LIB_O) $(BUILD)/runtime/builtin_image_empty.o
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(BOOTSTRAP): $(CLI_O) $(BOOT_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ $(LIBS)

$(IMAGE): $(BOOTSTRAP) $(POLICIES)
	@mkdir -p $(@D)
	$(Q)$(NO_LEAK_CHECK) $(BOOTSTRAP) compile -o $@ policies

$(LIB_A): $(LIB_O) $(BUILD)/runtime/builtin_image.o
	@rm -f $@
	$(Q)ar rcsD $@ $^

$(LIB_SO): $(LIB_O) $(BUILD)/runtime/builtin_image.o
	$(Q)$(CC) $(LDFLAGS_ALL) -shared -Wl,-soname,libplimsoll.so.$(SO_VERSION) $^ -o $@ $(LIBS)
	@ln -sf $(@F) $(BUILD)/libplimsoll.so.$(SO_VERSION)
	@ln -sf $(@F) $(BUILD)/libplimsoll.so

$(PROGRAM): $(CLI_O) $(LIB_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ $(LIBS)

build/plimsoll: $(PROGRAM)
	@ln -f $< $@

# ---- tests ---------------------------------------------------------------------------------------

export PLIMSOLL := $(CURDIR)/$(PROGRAM)
export BUILD
export CC
export CXX_CHECK
export CLANG_FORMAT
RUN := sh tests/tools/run_suite.sh

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(TEST_HELP_O) $(BOOT_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ -lcmocka -pthread $(LIBS)

$(CONF_BIN): $(CONF_C:%.c=$(BUILD)/%.o) $(BOOT_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ -lz $(LIBS)

$(GOLDEN_BIN): $(GOLDEN_C:%.c=$(BUILD)/%.o) $(BOOT_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ $(LIBS)

$(REPLAY_BIN): $(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o \
    $(BOOT_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ $(LIBS)

$(FUZZ_BIN): $(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BOOT_A)
	$(Q)$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer $^ -o $@ $(LIBS)

$(EXAMPLE_BIN): %: %.o $(LIB_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ $(LIBS)

$(BENCH_BIN): %: %.o $(LIB_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $(PIE_LD) $^ -o $@ -lz $(LIBS)

.PHONY: unit conformance golden cli-tests fuzz-replay examples meta
unit: $(TEST_BIN) ## run the cmocka tests: unit, fault, limits, mutate
	@$(RUN) unit $(TEST_BIN)
conformance: $(CONF_BIN) ## compare with the reference tables
	@SHOW=1 $(RUN) conformance $(CONF_BIN)
golden: $(GOLDEN_BIN) ## compare tokens, trees, types, code, diagnostics, findings with expected files
	@$(RUN) golden $(GOLDEN_BIN)
cli-tests: $(PROGRAM) ## run the shell tests of the program
	@$(NO_LEAK_CHECK) $(RUN) cli $(CLI_TESTS)
fuzz-replay: $(REPLAY_BIN) ## run the fuzz targets over their committed corpora
	@$(RUN) fuzz-replay $(REPLAY_BIN)
examples: $(EXAMPLE_BIN) ## build and run the example programs of docs/
	@$(RUN) examples $(EXAMPLE_BIN)
policy-tests: $(PROGRAM)
	@$(NO_LEAK_CHECK) $(RUN) policies tests/tools/policy_tests.sh
meta: all $(GEN_C) ## check budgets, include directions, documents, commits
	@$(RUN) meta $(META_TESTS)

SUITES := unit conformance golden cli-tests fuzz-replay examples policy-tests meta
FAST_SUITES := unit golden conformance
SANITIZER_SUITES := unit conformance golden cli-tests fuzz-replay examples policy-tests

# Sub-makes use all processors unless the caller chose a number of jobs.
JOBS ?= $(shell nproc 2>/dev/null || echo 1)
SUB = +$(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))

.PHONY: check check-run check-fast sanitizer-check fault
check: deps ## run every test; ends with `N passed, N failed, N skipped`
	@$(SUB) check-run
check-run:
	@rm -rf $(BUILD)/log
	@$(SUB) -k all $(SUITES); sh tests/tools/summary.sh $$? $(BUILD)/log
check-fast: ## the quick part of check
	@rm -rf $(BUILD)/log
	@$(SUB) -k $(FAST_SUITES); sh tests/tools/summary.sh $$? $(BUILD)/log
sanitizer-check: ## the suites that make sense with VARIANT=asan or tsan
	@rm -rf $(BUILD)/log
	@$(SUB) -k all $(SANITIZER_SUITES); sh tests/tools/summary.sh $$? $(BUILD)/log
fault: $(filter $(BUILD)/tests/fault/%,$(TEST_BIN)) ## the scenarios with failing allocations and reads
	@$(RUN) fault $^

.PHONY: bless
bless: $(GOLDEN_BIN) $(PROGRAM) ## rewrite the expected files of the golden tests
	$(if $(GOLDEN_BIN),$(GOLDEN_BIN) --bless)

FUZZ_SECONDS ?= 60
.PHONY: fuzz fuzz-run
fuzz: ## fuzz every target for FUZZ_SECONDS (needs clang); new inputs go to build/fuzz/corpus
	@$(SUB) VARIANT=fuzz CC=$(CLANG) fuzz-run
fuzz-run: $(FUZZ_BIN)
	@sh tests/tools/fuzz.sh $(FUZZ_SECONDS) $(FUZZ_BIN)

.PHONY: bench
bench: $(PROGRAM) $(BENCH_BIN) ## measure against just reading the files (docs/performance.md)
	@sh tests/bench/run.sh

.PHONY: cov
cov: ## line and branch coverage of the library, per file
	-@$(SUB) VARIANT=cov sanitizer-check
	@sh tests/tools/coverage.sh build/cov

.PHONY: lint format format-check
lint: format-check ## static analysis: gcc -fanalyzer, clang warnings, clang-format
	@sh tests/tools/lint.sh $(CLANG) '$(CPPFLAGS_ALL)' '$(WARNINGS)' $(LIB_C) $(CLI_C)
format: ## lay out all C files with clang-format
	@git ls-files '*.c' '*.h' | xargs $(CLANG_FORMAT) -i
format-check: ## fail when clang-format would change a file
	@git ls-files '*.c' '*.h' | xargs $(CLANG_FORMAT) --dry-run --Werror

.PHONY: docs
docs: all ## write the generated pages and the include graph
	@sh tests/tools/docs.sh write

# ---- demo, installation, distribution ------------------------------------------------------------

.PHONY: demo demo-run deps deps-dev
demo: deps ## build and show findings on a small example
	@$(SUB) demo-run
demo-run: all
	@sh tests/tools/demo.sh
deps: ## install the Debian packages that a build and the tests need
	@sh tests/tools/deps.sh
deps-dev: ## the same for make fuzz, lint and cov
	@sh tests/tools/deps.sh dev

# Manual page and completions, made by the program from its option table.
SHARED := $(BUILD)/share
SHARED_FILES := $(SHARED)/plimsoll.1 $(patsubst %,$(SHARED)/plimsoll.%,bash zsh fish)
$(SHARED)/plimsoll.1: $(PROGRAM)
	@mkdir -p $(@D)
	$(Q)$(PROGRAM) help --format man > $@
$(SHARED)/plimsoll.%: $(PROGRAM)
	@mkdir -p $(@D)
	$(Q)$(PROGRAM) completions $* > $@

INSTALL := install
.PHONY: install uninstall
install: all $(SHARED_FILES) ## install below DESTDIR and prefix
	$(INSTALL) -d $(DESTDIR)$(bindir) $(DESTDIR)$(libdir)/pkgconfig $(DESTDIR)$(includedir)/plimsoll \
	  $(DESTDIR)$(mandir)/man1 $(DESTDIR)$(datadir)/plimsoll/schema \
	  $(DESTDIR)$(datadir)/bash-completion/completions $(DESTDIR)$(datadir)/zsh/site-functions \
	  $(DESTDIR)$(datadir)/fish/vendor_completions.d
	$(INSTALL) -m 755 $(PROGRAM) $(DESTDIR)$(bindir)/plimsoll
	$(INSTALL) -m 644 $(LIB_A) $(DESTDIR)$(libdir)/
	$(INSTALL) -m 755 $(LIB_SO) $(DESTDIR)$(libdir)/
	ln -sf libplimsoll.so.$(VERSION) $(DESTDIR)$(libdir)/libplimsoll.so.$(SO_VERSION)
	ln -sf libplimsoll.so.$(VERSION) $(DESTDIR)$(libdir)/libplimsoll.so
	$(INSTALL) -m 644 $(HEADERS) $(DESTDIR)$(includedir)/plimsoll/
	sed -e 's|@prefix@|$(prefix)|' -e 's|@exec_prefix@|$(exec_prefix)|' -e 's|@libdir@|$(libdir)|' \
	  -e 's|@includedir@|$(includedir)|' -e 's|@version@|$(VERSION)|' -e 's|@requires@|$(PACKAGES)|' \
	  docs/plimsoll.pc.in > $(DESTDIR)$(libdir)/pkgconfig/plimsoll.pc
	$(INSTALL) -m 644 $(SHARED)/plimsoll.1 $(DESTDIR)$(mandir)/man1/
	$(INSTALL) -m 644 $(SHARED)/plimsoll.bash $(DESTDIR)$(datadir)/bash-completion/completions/plimsoll
	$(INSTALL) -m 644 $(SHARED)/plimsoll.zsh $(DESTDIR)$(datadir)/zsh/site-functions/_plimsoll
	$(INSTALL) -m 644 $(SHARED)/plimsoll.fish $(DESTDIR)$(datadir)/fish/vendor_completions.d/
	$(INSTALL) -m 644 docs/schema/findings-1.schema.json $(DESTDIR)$(datadir)/plimsoll/schema/
	rm -rf $(DESTDIR)$(datadir)/plimsoll/policies
	cp -R policies $(DESTDIR)$(datadir)/plimsoll/policies

uninstall: ## remove what install installed
	rm -f $(DESTDIR)$(bindir)/plimsoll $(DESTDIR)$(libdir)/libplimsoll.* \
	  $(DESTDIR)$(libdir)/pkgconfig/plimsoll.pc $(DESTDIR)$(mandir)/man1/plimsoll.1 \
	  $(DESTDIR)$(datadir)/bash-completion/completions/plimsoll \
	  $(DESTDIR)$(datadir)/zsh/site-functions/_plimsoll \
	  $(DESTDIR)$(datadir)/fish/vendor_completions.d/plimsoll.fish
	rm -rf $(DESTDIR)$(includedir)/plimsoll $(DESTDIR)$(datadir)/plimsoll

.PHONY: dist
dist: $(GEN_C) ## a reproducible source archive of the committed tree, with the generated parsers
	@sh tests/tools/dist.sh $(VERSION) $(GEN_C) $(GEN_H)

.PHONY: compile_commands
compile_commands: ## write compile_commands.json for editors
	@sh tests/tools/compile_commands.sh '$(CC) $(CPPFLAGS_ALL) -std=c11' $(ALL_C) > compile_commands.json

.PHONY: clean help
clean: ## remove everything that was built
	rm -rf build compile_commands.json
help: ## list the targets
	@sed -n 's/^\([a-z][a-z_-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 20

-include $(OBJECTS:.o=.d)
