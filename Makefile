# SPDX-License-Identifier: Apache-2.0
#
# The only build description. `make help` lists the targets.

.DEFAULT_GOAL := all
SHELL := /bin/bash
.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:

VARIANT ?= release
CC ?= gcc
FLEX ?= flex
BISON ?= bison
BUILD := build/$(VARIANT)
GEN := build/gen
Q := $(if $(V),,@)

PACKAGES := jansson libsodium libpcre2-8
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
  -Wundef -Wvla -Wswitch-enum -Wnull-dereference -Wdouble-promotion -Wformat=2 -Wwrite-strings -Werror
WARNINGS_GENERATED := -Wall -Wno-unused-function -Wno-sign-compare
CPPFLAGS_ALL := -I. -Iinclude -I$(GEN) -D_GNU_SOURCE $(PKG_CFLAGS) $(CPPFLAGS)
STD := -std=c11 -fvisibility=hidden -fPIC
OPT_release := -O2 -g -fno-plt
OPT_debug := -O0 -g3 -DPLIM_DEBUG
OPT_asan := -O1 -g -fsanitize=address,undefined -fno-omit-frame-pointer -fno-sanitize-recover=undefined -DPLIM_DEBUG
OPT_tsan := -O1 -g -fsanitize=thread -DPLIM_DEBUG
OPT_cov := -O0 -g --coverage -DPLIM_DEBUG
OPT_fuzz := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -DPLIM_DEBUG
CFLAGS_ALL := $(STD) $(OPT_$(VARIANT)) $(CFLAGS)
LDFLAGS_ALL := $(OPT_$(VARIANT)) $(LDFLAGS)

# Sources: every .c, .l and .y of a component belongs to it.
LIB_DIRS := core facts facts/dockerfile facts/shell facts/context runtime compiler
LIB_C := $(sort $(foreach d,$(LIB_DIRS),$(wildcard $(d)/*.c)))
LIB_Y := $(sort $(foreach d,$(LIB_DIRS),$(wildcard $(d)/*.y)))
LIB_L := $(sort $(foreach d,$(LIB_DIRS),$(wildcard $(d)/*.l)))
CLI_C := $(sort $(wildcard cli/*.c))
GEN_C := $(LIB_Y:%.y=$(GEN)/%.tab.c) $(LIB_L:%.l=$(GEN)/%.lex.c)
GEN_H := $(GEN_C:.c=.h)
LIB_O := $(LIB_C:%.c=$(BUILD)/%.o) $(GEN_C:$(GEN)/%.c=$(BUILD)/gen/%.o)
CLI_O := $(CLI_C:%.c=$(BUILD)/%.o)
LIB_A := $(BUILD)/libplimsoll.a
UNIT_C := $(sort $(wildcard tests/unit/test_*.c))
UNIT_HELP_O := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(UNIT_C),$(wildcard tests/unit/*.c)))
UNIT_BIN := $(UNIT_C:tests/unit/%.c=$(BUILD)/tests/unit/%)

.PHONY: all
all: $(LIB_A) ## build the library and the program

$(GEN)/%.tab.c $(GEN)/%.tab.h &: %.y
	@mkdir -p $(@D)
	$(Q)$(BISON) -Werror -Wcounterexamples --header=$(GEN)/$*.tab.h -o $(GEN)/$*.tab.c $<

$(GEN)/%.lex.c $(GEN)/%.lex.h &: %.l
	@mkdir -p $(@D)
	$(Q)$(FLEX) --header-file=$(GEN)/$*.lex.h -o $(GEN)/$*.lex.c $<

$(BUILD)/gen/%.o: $(GEN)/%.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(WARNINGS_GENERATED) -MMD -MP -c $< -o $@

$(BUILD)/%.o: %.c | $(GEN_H)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(WARNINGS) -MMD -MP -c $< -o $@

$(LIB_A): $(LIB_O)
	@rm -f $@
	$(Q)ar rcs $@ $^

$(BUILD)/tests/unit/test_%: $(BUILD)/tests/unit/test_%.o $(UNIT_HELP_O) $(LIB_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $^ -o $@ -lcmocka $(LIBS)

.PHONY: unit
unit: $(UNIT_BIN) ## build and run the unit tests
	$(Q)set -e; for t in $(UNIT_BIN); do $$t; done

CONF_C := $(sort $(wildcard tests/conformance/*.c))
CONF_BIN := $(BUILD)/tests/conformance/conformance

$(CONF_BIN): $(CONF_C:%.c=$(BUILD)/%.o) $(LIB_A)
	$(Q)$(CC) $(LDFLAGS_ALL) $^ -o $@ -lz $(LIBS)

.PHONY: conformance
conformance: $(CONF_BIN) ## compare with the reference tables
	$(Q)$(CONF_BIN)

.PHONY: clean
clean: ## remove everything that was built
	rm -rf build

-include $(LIB_O:.o=.d) $(CLI_O:.o=.d) $(UNIT_BIN:=.d) $(UNIT_HELP_O:.o=.d) \
  $(CONF_C:%.c=$(BUILD)/%.d)
