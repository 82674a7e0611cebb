/* git's own program, for tests that compare with it: repositories in a new folder, made and asked
 * without anybody's configuration. Include after cmocka.h. */
#ifndef MWATCH_TESTS_UNIT_GIT_PROGRAM_H
#define MWATCH_TESTS_UNIT_GIT_PROGRAM_H

#include "sources/source.h"
#include "watcher/base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GIT_ENVIRONMENT                                                                            \
    "export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME=/nonexistent LC_ALL=C "         \
    "GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a "                       \
    "GIT_COMMITTER_EMAIL=a@example.org GIT_AUTHOR_DATE='1700000000 +0000' "                        \
    "GIT_COMMITTER_DATE='1700000000 +0000' GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_0=safe.directory "    \
    "GIT_CONFIG_VALUE_0='*' GIT_CONFIG_KEY_1=core.fsync GIT_CONFIG_VALUE_1=none"

/* False, and a skipped test is told, where git is not installed. */
static inline bool has_git(const char *name)
{
    if (system("git --version >/dev/null 2>&1") == 0)
        return true;
    printf("1..1\nok 1 - %s # SKIP git is not installed\n", name);
    return false;
}

/* A new folder, to be given back to folder_remove. */
static inline char *folder_make(void)
{
    char *path = strdup("/tmp/mwatch-git-XXXXXX");
    assert_non_null(mkdtemp(path));
    return path;
}

/* Run a script of /bin/sh in a folder; it must succeed. */
static inline void shell(const char *dir, const char *script)
{
    struct buf command = {0};
    buf_addf(&command, "{ cd '%s' && " GIT_ENVIRONMENT " && %s\n} >/dev/null 2>&1", dir, script);
    int status = system(buf_text(&command));
    buf_free(&command);
    assert_int_equal(status, 0);
}

static inline void folder_remove(char *path)
{
    struct buf command = {0};
    buf_addf(&command, "rm -rf '%s'", path);
    assert_int_equal(system(buf_text(&command)), 0);
    buf_free(&command);
    free(path);
}

/* What a command prints, to the byte. */
static inline struct slice output_bytes(struct arena *a, const char *dir, const char *command)
{
    struct buf text = {0};
    char chunk[4096];
    size_t got;
    FILE *pipe = popen(arena_printf(a, "cd '%s' && " GIT_ENVIRONMENT " && %s", dir, command), "r");
    assert_non_null(pipe);
    while ((got = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        buf_add(&text, slice_new(chunk, got));
    assert_int_equal(pclose(pipe), 0);
    struct slice copy = arena_slice(a, buf_slice(&text));
    buf_free(&text);
    return copy;
}

/* The same without blanks at its ends. */
static inline const char *output(struct arena *a, const char *dir, const char *command)
{
    return arena_text(a, slice_trim(output_bytes(a, dir, command)));
}

/* "TAG COMMIT" lines in the order of names, as git tells them ... */
#define TAGS_BY_GIT "for t in $(git tag -l); do echo \"$t $(git rev-parse \"$t^{}\")\"; done"

static inline int by_raw(const void *a, const void *b)
{
    return strcmp(((const struct candidate *)a)->raw, ((const struct candidate *)b)->raw);
}

/* ... and as an adapter found them. */
static inline const char *tag_lines(struct arena *a, struct candidates *found)
{
    struct buf text = {0};
    if (found->list.count)
        qsort(found->list.items, found->list.count, sizeof found->list.items[0], by_raw);
    for (size_t i = 0; i < found->list.count; i++)
        buf_addf(&text, "%s %s\n", found->list.items[i].raw, found->list.items[i].commit);
    const char *copy = arena_text(a, slice_trim(buf_slice(&text)));
    buf_free(&text);
    return copy;
}

#endif
