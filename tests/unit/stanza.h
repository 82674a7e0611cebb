/* Case files of the unit tests: stanzas of "key: value" lines, parted by blank lines; "#" begins a
 * comment. The first line is "case: what it shows". A key that ends in % has a URL-escaped value,
 * for bytes that a text file cannot show; a key may occur several times. */
#ifndef TESTS_UNIT_STANZA_H
#define TESTS_UNIT_STANZA_H

#include "tests/unit/unit.h"

#include "watcher/base/file.h"
#include "watcher/base/url.h"

struct stanza_line {
    struct slice key, value;
};

struct stanza {
    const char *name;
    VEC(struct stanza_line) lines;
};

struct stanzas {
    struct arena arena;
    struct buf source;
    VEC(struct stanza) list;
};

/* The file is wrong: nothing can be tested. */
static inline void stanza_die(const char *path, const char *why)
{
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static inline void stanza_add_line(struct stanzas *s, struct stanza *to, const char *path,
                                   struct slice line)
{
    size_t colon = slice_find_byte(line, ':');
    if (colon == SLICE_NONE || colon == 0)
        stanza_die(path, "a line without a key");
    struct stanza_line *entry = vec_add(&s->arena, &to->lines);
    entry->key = slice_first(line, colon);
    entry->value = slice_from(line, colon + 1);
    if (slice_starts(entry->value, SLICE(" ")))
        entry->value = slice_from(entry->value, 1);
    if (slice_ends(entry->key, SLICE("%"))) {
        struct buf plain = {0};
        entry->key.len--;
        if (!url_unescape(&plain, entry->value))
            stanza_die(path, "a bad escape");
        entry->value = arena_slice(&s->arena, buf_slice(&plain));
        buf_free(&plain);
    }
    if (to->lines.count == 1)
        to->name = arena_text(&s->arena, entry->value);
}

/* Ends the program when there is no such file or nothing in it. */
static inline void stanzas_read(struct stanzas *s, const char *path)
{
    struct error e = {0};
    struct slice line;
    bool open = false;
    *s = (struct stanzas){0};
    if (!file_read(path, &s->source, &e))
        stanza_die(path, e.message);
    for (struct slice rest = buf_slice(&s->source); slice_line(&rest, &line);) {
        if (slice_starts(line, SLICE("#")))
            continue;
        if (line.len == 0) {
            open = false;
            continue;
        }
        if (!open)
            vec_add(&s->arena, &s->list);
        open = true;
        stanza_add_line(s, &s->list.items[s->list.count - 1], path, line);
    }
    if (s->list.count == 0)
        stanza_die(path, "no cases");
}

static inline void stanzas_free(struct stanzas *s)
{
    arena_free(&s->arena);
    buf_free(&s->source);
}

static inline bool stanza_has(const struct stanza *s, const char *key)
{
    for (size_t i = 0; i < s->lines.count; i++)
        if (slice_is(s->lines.items[i].key, key))
            return true;
    return false;
}

/* The value under a key; the empty text when there is none. */
static inline struct slice stanza_get(const struct stanza *s, const char *key)
{
    for (size_t i = 0; i < s->lines.count; i++)
        if (slice_is(s->lines.items[i].key, key))
            return s->lines.items[i].value;
    return SLICE("");
}

/* Add the values of all lines under a key, a line each. */
static inline void stanza_add_lines(const struct stanza *s, const char *key, struct buf *out)
{
    for (size_t i = 0; i < s->lines.count; i++)
        if (slice_is(s->lines.items[i].key, key))
            buf_addf(out, "%.*s\n", SLICE_ARG(s->lines.items[i].value));
}

/* Run `fixed` tests and one test a stanza of the file, whose stanza is its *state. */
static inline int stanzas_run(const char *group, const struct CMUnitTest *fixed, size_t fixed_count,
                              const char *path, CMUnitTestFunction test)
{
    struct stanzas s;
    stanzas_read(&s, path);
    size_t count = fixed_count + s.list.count;
    struct CMUnitTest *tests = arena_array(&s.arena, count, sizeof *tests);
    for (size_t i = 0; i < fixed_count; i++)
        tests[i] = fixed[i];
    for (size_t i = 0; i < s.list.count; i++)
        tests[fixed_count + i] = (struct CMUnitTest){
            .name = s.list.items[i].name, .test_func = test, .initial_state = &s.list.items[i]};
    int failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
    stanzas_free(&s);
    return failed;
}

#endif
