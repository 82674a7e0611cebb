# mwatch: build, set up, test, install. `make help` lists the targets.

CC ?= cc
PREFIX ?= /usr/local
BUILD ?= build
PKG_CONFIG ?= pkg-config

VERSION := 0.1.0
LIBRARIES := libcurl jansson libxml-2.0 libpcre2-8 yaml-0.1 libgit2 libcrypto sqlite3 libarchive

CFLAGS ?= -O2 -g
WARNINGS := -std=c11 -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
DEFINES := -D_XOPEN_SOURCE=700 -DMWATCH_VERSION='"$(VERSION)"'
LIBRARY_CFLAGS = $(shell $(PKG_CONFIG) --cflags $(LIBRARIES))
LIBRARY_LIBS = $(shell $(PKG_CONFIG) --libs $(LIBRARIES))
ALL_CFLAGS = $(WARNINGS) -pthread $(DEFINES) -I. -MMD -MP $(LIBRARY_CFLAGS) $(CFLAGS)

SOURCES := $(sort $(wildcard watcher/*.c watcher/*/*.c sources/*.c git/*.c))
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out watcher/main.c,$(SOURCES)))
MAIN := $(BUILD)/watcher/main.o
UNITS := $(sort $(wildcard tests/unit/*.c tests/sources/*.c))
UNIT_PROGRAMS := $(patsubst %.c,$(BUILD)/%,$(UNITS))

.PHONY: all units clean
all: mwatch

mwatch: $(BUILD)/mwatch
	cp $< $@

$(BUILD)/mwatch: $(MAIN) $(BUILD)/libmwatch.a
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBRARY_LIBS)

$(BUILD)/libmwatch.a: $(OBJECTS)
	rm -f $@
	ar rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

# Each file in tests/unit and tests/sources is a program of its own that prints TAP.
units: $(UNIT_PROGRAMS)
$(BUILD)/tests/%: tests/%.c $(BUILD)/libmwatch.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(shell $(PKG_CONFIG) --cflags cmocka) $(LDFLAGS) -o $@ $< \
	  $(BUILD)/libmwatch.a $(LIBRARY_LIBS) $(shell $(PKG_CONFIG) --libs cmocka)

clean:
	rm -rf $(BUILD) mwatch

-include $(OBJECTS:.o=.d) $(MAIN:.o=.d) $(UNIT_PROGRAMS:=.d)
