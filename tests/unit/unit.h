/* What every unit test includes first: cmocka in its order, and its needs. */
#ifndef TESTS_UNIT_UNIT_H
#define TESTS_UNIT_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/arena.h"
#include "watcher/base/buf.h"
#include "watcher/base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Compare as texts, so that a failure shows both. */
static inline void assert_slice(struct slice got, struct slice wanted)
{
    if (slice_equal(got, wanted))
        return;
    print_error("got \"%.*s\", wanted \"%.*s\"\n", SLICE_ARG(got), SLICE_ARG(wanted));
    fail();
}

/* The message has `part` in it. */
static inline void assert_error(const struct error *e, enum error_code code, const char *part)
{
    assert_int_equal(e->code, code);
    if (!slice_contains(slice_of(e->message), slice_of(part)))
        assert_string_equal(e->message, part);
}

#endif
