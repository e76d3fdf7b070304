# Cairn. `make help` lists the targets; README.md says which to run first.
#
# V is the variant (release, asan, tsan, fuzz), each built in its own build/V. Sources
# are found by wildcard: a new file needs no line here. CI=1 turns warnings into errors,
# VERBOSE=1 shows the commands, BUILD=DIR builds elsewhere (dependencies stay in
# build/deps). SYSTEM_CMARK=1 links the system's cmark-gfm, whose parser is not
# thread-safe: CAIRN_SYSTEM_CMARK makes the program take a lock around it.

VERSION := 0.1.0
V ?= release
BUILD ?= build
PREFIX ?= /usr/local
B := $(BUILD)/$(V)
JOBS := $(if $(filter-out 0,$(MAKELEVEL))$(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
MAKEFLAGS += --no-builtin-rules $(JOBS)
.DEFAULT_GOAL := all
.DELETE_ON_ERROR:

SRCS := $(wildcard src/*.c src/*/*.c)
OBJS := $(SRCS:src/%.c=$(B)/obj/%.o) $(B)/obj/embed.o
LIB := $(filter-out $(B)/obj/main.o,$(OBJS))
UNITS := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/unit/*_test.c))
BENCHES := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/bench/*.c))
FUZZERS := $(patsubst tests/%.c,$(B)/%,$(wildcard tests/fuzz/*_fuzz.c))
EMBEDDED := $(shell find templates assets -type f ! -name '.*' ! -name '*~' 2>/dev/null | LC_ALL=C sort)

# ---- flags: those of a list that the compiler knows ----
accepts = $(shell echo 'int main(void){return 0;}' | $(CC) -Werror $(1) -x c - -o /dev/null >/dev/null 2>&1 && echo yes)
probe = $(if $(call accepts,$(1)),$(1),$(foreach f,$(1),$(if $(call accepts,$(f)),$(f))))

WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wwrite-strings -Wcast-qual -Wundef \
	-Wformat=2 -Wimplicit-fallthrough
SANITIZE_asan := -fsanitize=address,undefined -fno-sanitize-recover=all
SANITIZE_tsan := -fsanitize=thread
SANITIZE_fuzz := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
ifeq ($(V),release)
HARDEN := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong \
	-fstack-clash-protection -fPIE
LDHARDEN := -pie -Wl,-z,relro,-z,now
else
HARDEN := -O1 -g -fno-omit-frame-pointer $(SANITIZE_$(V))
# Linked statically, the two share one report file, which tests/run looks for.
LDHARDEN := $(SANITIZE_$(V)) $(if $(filter asan,$(V)),-static-libasan -static-libubsan)
endif
ifeq ($(V),fuzz)
CC := clang
endif

PACKAGES := yaml-0.1 libutf8proc
CMARK := build/deps/$(V)
ifdef SYSTEM_CMARK
CMARK_CPPFLAGS := -DCAIRN_SYSTEM_CMARK=1
CMARK_LIBS := -lcmark-gfm-extensions -lcmark-gfm
else
CMARK_STAMP := $(CMARK)/cmark-gfm.stamp
CMARK_CPPFLAGS := -isystem $(CMARK)/include -DCMARK_GFM_STATIC_DEFINE
CMARK_LIBS := $(CMARK)/lib/libcmark-gfm-extensions.a $(CMARK)/lib/libcmark-gfm.a
endif

# Instrumented code brings false warnings: only those of the release count as errors.
WERROR_release := -Werror
# _GNU_SOURCE is empty, so that a file may also define it itself.
compile = $(CC) -Isrc -D_GNU_SOURCE= -DCAIRN_VERSION='"$(VERSION)"' $(CMARK_CPPFLAGS) \
	$(PKG_CFLAGS) $(CPPFLAGS) -std=c17 -pthread $(CFLAGS_PROBED) \
	-ffile-prefix-map=$(CURDIR)=. $(if $(CI)$(WERROR),$(WERROR_$(V))) $(CFLAGS) -MMD -MP
link = $(LDFLAGS_PROBED) $(LDFLAGS) -o $@ $(filter %.c %.o,$^) $(CMARK_LIBS) $(PKG_LIBS)
PKG_CFLAGS := $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
PKG_LIBS := $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
CFLAGS_PROBED := $(call probe,$(WARNINGS)) $(call probe,$(HARDEN))
LDFLAGS_PROBED := -pthread $(call probe,$(LDHARDEN))
say = $(if $(VERBOSE),,@echo '$(V): $@' &&)

.PHONY: all site check test deps asan tsan format lint tidy layers reference bless bench fuzz fuzzers install clean help units FORCE
all: $(B)/cairn ## the program, build/release/cairn (V=asan|tsan: another variant)

site: ## this checkout's own site, with all that a bare machine lacks: public/index.html
	@src/deps/install.sh build
	@$(MAKE) --no-print-directory all V=release
	$(BUILD)/release/cairn build .
	@echo 'site: open public/index.html'

check: ## every suite, sanitiser and lint, with all that a bare machine lacks
	@src/deps/install.sh check
	@for v in release asan tsan; do $(MAKE) --no-print-directory all units V=$$v || exit; done
	@BUILD=$(BUILD) tests/run tsan asan release

test: all units ## the suites on one variant (V=…; ONLY=part of a suite's name)
	@BUILD=$(BUILD) tests/run $(V)

deps: ## packages and cmark-gfm; quick when they are there
	@src/deps/install.sh build

asan tsan: ## the suites under the address or the thread sanitiser
	@src/deps/install.sh check
	@$(MAKE) --no-print-directory test V=$@

# ---- program ----
$(B)/cairn: $(OBJS) | $(CMARK_STAMP)
	$(say) $(CC) $(link)
$(B)/obj/%.o: src/%.c $(B)/flags | $(CMARK_STAMP)
	@mkdir -p $(@D)
	$(say) $(compile) -c -o $@ $<
$(B)/obj/embed.o: $(B)/embed.c $(B)/flags
	@mkdir -p $(@D)
	$(say) $(compile) -c -o $@ $<
$(B)/embed.c: src/deps/embed.sh $(B)/embedded $(EMBEDDED)
	$(say) src/deps/embed.sh $(EMBEDDED) >$@

$(CMARK)/cmark-gfm.stamp: src/deps/cmark.sh src/deps/cmark-gfm.pin
	@src/deps/cmark.sh $(V)
	@touch $@

# Rewritten only when they differ: what hangs on them is built again when a flag changes
# or an embedded file comes or goes.
$(B)/flags: LIST = $(compile)
$(B)/embedded: LIST = $(EMBEDDED)
$(B)/flags $(B)/embedded: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(LIST))' >$@.new; cmp -s $@.new $@ || cp $@.new $@

# ---- tests: each is a program of its own, linked with everything but main.c ----
units: $(UNITS)
fuzzers: $(FUZZERS)

$(UNITS) $(BENCHES) $(FUZZERS): $(B)/%: tests/%.c $(LIB) $(B)/flags | $(CMARK_STAMP)
	@mkdir -p $(@D)
	$(say) $(compile) $(if $(filter $@,$(FUZZERS)),-fsanitize=fuzzer) $(link)

lint: ## layers, format of C, shell scripts
	@tests/lint/run
layers: ## no file includes a layer above its own
	@tests/lint/run layers
format: ## rewrite the C sources as clang-format writes them
	find src tests -name '*.[ch]' -exec clang-format -i {} +
tidy: ## clang-tidy with its analyser (slow)
	@src/deps/install.sh fuzz
	printf '%s\n' $(SRCS) | xargs -P $(shell nproc) -I@ clang-tidy --quiet @ -- $(filter-out $(CC) -MMD -MP,$(compile))

reference: all ## write the manual's reference pages from the tables in the code
	@mkdir -p content/docs/reference
	@for page in diagnostics keys directives variables outputs; do \
		$(B)/cairn reference $$page > content/docs/reference/$$page.md || exit 1; done

bless: all ## take the present output as what tests/golden expects; review the diff
	BLESS=1 CAIRN=$(abspath $(B)/cairn) tests/golden/run
bench: all $(BENCHES) ## speed and memory against a bare program, and Hugo where it is installed
	CAIRN=$(abspath $(B)/cairn) BENCH=$(abspath $(B)/bench) tests/bench/run
fuzz: ## every fuzz target for FUZZ_SECONDS (30)
	@src/deps/install.sh fuzz
	@$(MAKE) --no-print-directory fuzzers V=fuzz
	FUZZERS=$(BUILD)/fuzz/fuzz tests/fuzz/run $(or $(FUZZ_SECONDS),30)

install: all ## copy the program and its manual below DESTDIR and PREFIX
	install -D -m 755 $(B)/cairn $(DESTDIR)$(PREFIX)/bin/cairn
	$(foreach m,$(wildcard src/dist/man/*.1),install -D -m 644 $(m) $(DESTDIR)$(PREFIX)/share/man/man1/$(notdir $(m));)
clean: ## remove what was built, but not the dependencies
	rm -rf $(addprefix $(BUILD)/,release asan tsan fuzz)
help: ## this list
	@sed -n 's/^\([a-z][a-z ]*\):[^#]*## /\1: /p' $(firstword $(MAKEFILE_LIST))

-include $(OBJS:.o=.d) $(UNITS:=.d) $(BENCHES:=.d) $(FUZZERS:=.d)
