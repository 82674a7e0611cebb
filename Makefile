# mwatch: build, set up, test, install. `make help` lists the targets.

CC ?= cc
PREFIX ?= /usr/local
BUILD ?= build
PKG_CONFIG ?= pkg-config
CLANG_FORMAT ?= clang-format

VERSION := 0.1.0
LIBRARIES := libcurl jansson libxml-2.0 libpcre2-8 yaml-0.1 libgit2 libcrypto sqlite3 libarchive

CFLAGS ?= -O2 -g
WARNINGS := -std=c11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
DEFINES := -D_XOPEN_SOURCE=700 -DMWATCH_VERSION='"$(VERSION)"'
HARDENING := -fstack-protector-strong -fPIE
# Asked for once a run, and only by targets that compile.
LIBRARY_CFLAGS = $(eval LIBRARY_CFLAGS := $$(shell $(PKG_CONFIG) --cflags $(LIBRARIES)))$(LIBRARY_CFLAGS)
LIBRARY_LIBS = $(eval LIBRARY_LIBS := $$(shell $(PKG_CONFIG) --libs $(LIBRARIES)))$(LIBRARY_LIBS)
CMOCKA = $(eval CMOCKA := $$(shell $(PKG_CONFIG) --cflags --libs cmocka))$(CMOCKA)
ALL_CFLAGS = $(WARNINGS) -pthread $(DEFINES) $(HARDENING) -I. -MMD -MP $(LIBRARY_CFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pie -Wl,-z,relro,-z,now $(LDFLAGS)

# `make V=1` shows the commands.
Q = $(if $(V),,@)
SAY = $(if $(V),@:,@printf '  %-5s %s\n')

SOURCES := $(sort $(wildcard watcher/*.c watcher/*/*.c sources/*.c git/*.c))
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out watcher/main.c,$(SOURCES)))
MAIN := $(BUILD)/watcher/main.o
UNITS := $(sort $(wildcard tests/unit/*.c tests/sources/*.c tests/http/*.c))
UNIT_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(UNITS))
FUZZERS := $(patsubst tests/fuzz/%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
SANITIZERS := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

.PHONY: all help setup demo test check asan valgrind fuzz bench lint format units \
        install uninstall clean
all: mwatch

mwatch: $(BUILD)/mwatch
	@cp $< $@

$(BUILD)/mwatch: $(MAIN) $(BUILD)/libmwatch.a
	$(SAY) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

# The texts of templates/ become one table of the program.
TEMPLATES := $(sort $(wildcard templates/*))
OBJECTS += $(BUILD)/templates.o

$(BUILD)/templates.c: $(TEMPLATES) Makefile
	@mkdir -p $(@D)
	@{ echo '#include "watcher/template_table.h"'; \
	  echo 'const struct template_row template_table[] = {'; \
	  for file in $(TEMPLATES); do \
	    printf '    {"%s",\n' "$${file##*/}"; \
	    sed -e 's/[\\"]/\\&/g' -e 's/^/     "/' -e 's/$$/\\n"/' "$$file"; \
	    echo '    },'; \
	  done; \
	  echo '    {0, 0},'; \
	  echo '};'; } > $@

$(BUILD)/templates.o: $(BUILD)/templates.c
	$(SAY) CC $@
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/libmwatch.a: $(OBJECTS)
	@rm -f $@
	$(SAY) AR $@
	$(Q)ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(SAY) CC $@
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Each file in tests/unit, tests/sources and tests/http is a program of its own that prints TAP.
units: $(UNIT_PROGRAMS)
$(BUILD)/tests/%: tests/%.c $(BUILD)/libmwatch.a
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(BUILD)/libmwatch.a $(LIBRARY_LIBS) $(CMOCKA)

help:
	@echo 'make            build ./mwatch'
	@echo 'make demo       install what is missing, then run mwatch on config/example,'
	@echo '                on recorded answers (LIVE=1: on the real upstreams)'
	@echo 'make test       install what is missing, then run every test'
	@echo 'make check      the tests, nothing installed (ONLY=name runs those whose name has it)'
	@echo 'make asan       the tests under AddressSanitizer and UBSan'
	@echo 'make valgrind   the tests under valgrind (ONLY=unit: without the scripts)'
	@echo 'make fuzz       the fuzz targets, SECONDS_EACH=60 seconds each (clang)'
	@echo 'make bench      the benchmarks, side by side with their peers'
	@echo 'make lint       include rules, banned functions, formatting, function length'
	@echo 'make format     let clang-format write'
	@echo 'make install    PREFIX=/usr/local, DESTDIR honoured; make uninstall'

# Exits with a list of what to install where it cannot do so itself.
setup:
	@tests/setup build

demo:
	@tests/setup build
	@$(MAKE) --no-print-directory -s all
	@tests/demo/run $(if $(LIVE),live,recorded)

test:
	@tests/setup test
	@$(MAKE) --no-print-directory check

check: all units
	@BUILD=$(BUILD) tests/run $(ONLY)

asan:
	@$(MAKE) --no-print-directory check BUILD=build/asan CFLAGS='-O1 -g $(SANITIZERS)' \
	  LDFLAGS='-fsanitize=address,undefined'

valgrind: all units
	@BUILD=$(BUILD) VALGRIND=1 tests/run $(ONLY)

SECONDS_EACH ?= 60
fuzz:
	@$(MAKE) --no-print-directory fuzzers BUILD=build/fuzz CC=clang \
	  CFLAGS='-O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	  -DFUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION'
	@tests/fuzz/run build/fuzz $(SECONDS_EACH) $(ONLY)

.PHONY: fuzzers
fuzzers: $(FUZZERS:%=$(BUILD)/%)
$(BUILD)/fuzz_%: tests/fuzz/fuzz_%.c $(BUILD)/libmwatch.a
	@mkdir -p $(@D)
	$(SAY) LINK $@
	$(Q)$(CC) $(ALL_CFLAGS) -fsanitize=fuzzer,address,undefined $(ALL_LDFLAGS) -o $@ $< \
	  $(BUILD)/libmwatch.a $(LIBRARY_LIBS)

bench: all
	@BUILD=$(BUILD) tests/bench/run $(ONLY)

lint:
	@tests/lint/run

format:
	@git ls-files '*.c' '*.h' | xargs $(CLANG_FORMAT) -i

COMPLETIONS := bash:share/bash-completion/completions/mwatch \
               zsh:share/zsh/site-functions/_mwatch fish:share/fish/vendor_completions.d/mwatch.fish

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/mwatch
	install -m 755 mwatch $(DESTDIR)$(PREFIX)/bin/mwatch
	./mwatch help manual > $(DESTDIR)$(PREFIX)/share/man/man1/mwatch.1
	chmod 644 $(DESTDIR)$(PREFIX)/share/man/man1/mwatch.1
	install -m 644 config/mwatch.schema.json $(DESTDIR)$(PREFIX)/share/mwatch/
	for pair in $(COMPLETIONS); do \
	  file=$(DESTDIR)$(PREFIX)/$${pair#*:}; mkdir -p "$${file%/*}" && \
	  ./mwatch help completions $${pair%%:*} > "$$file" && chmod 644 "$$file" || exit 1; \
	done

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/mwatch $(DESTDIR)$(PREFIX)/share/man/man1/mwatch.1
	rm -f $(foreach pair,$(COMPLETIONS),$(DESTDIR)$(PREFIX)/$(lastword $(subst :, ,$(pair))))
	rm -rf $(DESTDIR)$(PREFIX)/share/mwatch

clean:
	rm -rf $(BUILD) mwatch

-include $(OBJECTS:.o=.d) $(MAIN:.o=.d) $(UNIT_PROGRAMS:=.d)
