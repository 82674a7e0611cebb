/* The first line is a pattern, the second a replacement, the rest a subject. Nothing may crash or
 * take long, and every match must lie within the subject, in order. */
#include "watcher/base/pattern.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
    struct slice subject;
    const char *end; /* of the match before */
    size_t count;
};

static bool look(void *arg, const struct match *m)
{
    struct seen *seen = arg;
    const char *first = seen->subject.ptr, *last = first + seen->subject.len;
    if (m->count == 0 || !m->group[0].ptr || m->group[0].ptr < seen->end)
        abort();
    for (size_t i = 0; i < m->count; i++)
        if (m->group[i].ptr &&
            (m->group[i].ptr < first || m->group[i].ptr + m->group[i].len > last))
            abort();
    seen->end = m->group[0].ptr + m->group[0].len;
    seen->count++;
    return true;
}

static void search(const struct pattern *p, struct slice subject, struct slice replacement)
{
    struct seen seen = {.subject = subject, .end = subject.ptr};
    struct buf out = BUF_MAX(1 << 20);
    struct match m;
    enum pattern_result each = pattern_each(p, subject, look, &seen);
    enum pattern_result once = pattern_search(p, subject, 0, &m);
    if (each != PATTERN_LIMIT && once != PATTERN_LIMIT && each != once)
        abort();
    if (pattern_replace(p, subject, replacement, &out, NULL) != (each != PATTERN_LIMIT))
        abort();
    if (each == PATTERN_NO && !out.overflow && !slice_equal(buf_slice(&out), subject))
        abort();
    pattern_search(p, subject, subject.len / 2, &m);
    buf_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = {0};
    struct error e = {0};
    struct slice rest = slice_new((const char *)data, size), expression, replacement;
    if (!slice_split(&rest, '\n', &expression) || !slice_split(&rest, '\n', &replacement))
        return 0;
    const struct pattern *p = pattern_compile(&a, expression, &e);
    if (!p != error_is_set(&e))
        abort();
    if (p)
        search(p, rest.ptr ? rest : SLICE(""), replacement);
    arena_free(&a);
    return 0;
}
