/* A generated index of PACKAGES packages read, and WORLDS images resolved over it, beside a program
 * that only counts the fields of the same text. Prints the memory at its highest, too. */
#include "watcher/base/buf.h"
#include "watcher/rebuild/resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

enum { VERSIONS = 5, LIBRARIES = 8, ROUNDS = 5, WORLDS = 40 };

/* The same numbers each time. */
static unsigned next(unsigned *state, unsigned below)
{
    *state = *state * 1664525u + 1013904223u;
    return (*state >> 8) % below;
}

/* A recipe's package in some versions, each with libraries and commands, and needing those of
 * recipes before it, the first ones most. */
static void add_package(struct buf *out, unsigned recipe, unsigned version, unsigned *state)
{
    buf_addf(
        out,
        "C:Q1nZBLDeHkyxYVAvaMUCuC6ofQbYU=\nP:package-%u\nV:%u.%u.%u-r%u\nA:x86_64\nS:%u\nI:%u\n"
        "T:What package %u is for, in a few words\nU:https://example.org/package-%u\n"
        "L:Apache-2.0\no:recipe-%u\nm:\nt:1767571200\nc:21e5a5f61fe6d5ecfbaf8a20ab3b6c6f9f3d\nD:",
        recipe, version, recipe % 7, version * 3, version % 4, recipe * 100, recipe * 300, recipe,
        recipe, recipe / 3);
    for (unsigned i = 0; recipe > 10 && i < LIBRARIES; i++) {
        unsigned other = next(state, 1 + next(state, 1 + next(state, recipe)));
        buf_addf(out, "so:libpart%u-%u.so.1 ", other, next(state, LIBRARIES));
    }
    buf_addf(out, "\np:cmd:tool-%u=%u.%u.%u-r%u", recipe, version, recipe % 7, version * 3,
             version % 4);
    for (unsigned i = 0; i < LIBRARIES; i++)
        buf_addf(out, " so:libpart%u-%u.so.1=%u.%u.%u-r%u", recipe, i, version, recipe % 7,
                 version * 3, version % 4);
    buf_add_text(out, "\n\n");
}

static void generate(struct buf *out, unsigned packages)
{
    unsigned state = 1;
    for (unsigned recipe = 0; recipe < packages / VERSIONS; recipe++)
        for (unsigned version = 1; version <= VERSIONS; version++)
            add_package(out, recipe, version, &state);
}

/* Of the processor, as whatever else runs here must not count. */
static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool resolve_all(const struct index *ix, unsigned packages, size_t *chosen, size_t *steps)
{
    unsigned state = 7;
    for (unsigned i = 0; i < WORLDS; i++) {
        struct arena a = {0};
        struct error e = {0};
        struct resolution got;
        const char *world[4];
        for (unsigned k = 0; k < 4; k++)
            world[k] = arena_printf(&a, "package-%u", next(&state, packages / VERSIONS));
        bool good = resolve(ix, &a, &(struct world){world, 4, NULL}, &got, &e);
        if (!good)
            fprintf(stderr, "%s\n", e.message);
        *chosen += got.count;
        *steps += got.steps;
        arena_free(&a);
        if (!good)
            return false;
    }
    return true;
}

static int write_text(unsigned packages)
{
    struct buf text = {0};
    generate(&text, packages);
    bool good = fwrite(text.ptr, 1, text.len, stdout) == text.len;
    buf_free(&text);
    return good ? 0 : 1;
}

static int measure(struct slice text, unsigned packages)
{
    double best_read = 0, best_resolve = 0;
    size_t chosen = 0, steps = 0;
    for (int i = 0; i < ROUNDS; i++) {
        struct index *ix = index_new();
        struct error e = {0};
        double start = seconds();
        if (!index_add(ix, &(struct repository){"generated", NULL}, text, &e)) {
            fprintf(stderr, "%s\n", e.message);
            return 1;
        }
        index_link(ix);
        double read = seconds();
        chosen = steps = 0;
        if (!resolve_all(ix, packages, &chosen, &steps))
            return 1;
        double resolved = seconds();
        index_free(ix);
        if (i == 0 || read - start < best_read)
            best_read = read - start;
        if (i == 0 || resolved - read < best_resolve)
            best_resolve = resolved - read;
    }
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    printf("  %u packages, %.1f MB; %d images of %zu packages in all, %zu steps\n", packages,
           (double)text.len / 1e6, WORLDS, chosen, steps);
    printf("  mwatch reads      %7.1f ms\n  mwatch resolves   %7.1f ms\n", best_read * 1e3,
           best_resolve * 1e3);
    printf("  memory at most    %7.1f MB, the text twice in it\n", (double)used.ru_maxrss / 1e3);
    return 0;
}

int main(int argc, char **argv)
{
    unsigned packages = argc > 2 ? (unsigned)strtoul(argv[2], NULL, 10) : 50000;
    if (argc > 1 && argv[1][0] == 'w')
        return write_text(packages);
    struct buf text = {0};
    generate(&text, packages);
    int status = measure(buf_slice(&text), packages);
    buf_free(&text);
    return status;
}
