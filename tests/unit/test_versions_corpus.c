/* The versions of real recipes and real tags, read from $MWATCH_CORPUS or ../shared where they are
 * kept; skipped where they are not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/arena.h"
#include "watcher/base/file.h"
#include "watcher/versions/scheme.h"

#include <dirent.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TAGS_MOST = 300 };

/* The path of a part of the corpus; the running test is skipped when it is absent. */
static const char *corpus_path(struct arena *a, const char *part)
{
    const char *folder = getenv("MWATCH_CORPUS");
    const char *path = arena_printf(a, "%s/%s", folder ? folder : "../shared", part);
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("SKIP: %s is not there\n", path);
        skip();
    }
    fclose(file);
    return path;
}

static void read_whole(const char *path, struct buf *out)
{
    struct error e = {0};
    if (!file_read(path, out, &e))
        fail_msg("%s", e.message);
}

static int setup(void **state)
{
    *state = calloc(1, sizeof(struct arena));
    return *state ? 0 : -1;
}

static int teardown(void **state)
{
    arena_free(*state);
    free(*state);
    return 0;
}

/* package.version as Wolfi writes it: the one line "  version: 1.2.3", quoted or not. */
static struct slice recipe_version(struct slice recipe)
{
    struct slice line, value = {0};
    while (slice_line(&recipe, &line))
        if (slice_starts(line, SLICE("  version:"))) {
            value = slice_from(line, strlen("  version:"));
            break;
        }
    value = slice_trim(slice_first(value, slice_find(value, SLICE(" #"))));
    if (value.len > 1 && (value.ptr[0] == '"' || value.ptr[0] == '\''))
        value = slice_first(slice_from(value, 1), value.len - 2);
    return value;
}

static void test_recipes_are_valid(void **state)
{
    struct arena *a = *state;
    const char *folder = corpus_path(a, "corpus/wolfi");
    DIR *dir = opendir(folder);
    struct buf file = {0};
    size_t count = 0;
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!slice_ends(slice_of(entry->d_name), SLICE(".yaml")))
            continue;
        read_whole(arena_printf(a, "%s/%s", folder, entry->d_name), &file);
        struct slice version = recipe_version(buf_slice(&file));
        if (!scheme_apk.valid(version))
            fail_msg("%s: %.*s", entry->d_name, SLICE_ARG(version));
        count++;
    }
    closedir(dir);
    buf_free(&file);
    assert_true(count > 1000);
}

/* The version before and after a bump; false when the bump left it as it was. */
static bool bump_versions(const json_t *bump, const char **before, const char **after)
{
    size_t i;
    json_t *change;
    json_array_foreach(json_object_get(bump, "changed"), i, change)
    {
        const char *key = json_string_value(json_array_get(change, 0));
        if (!key || strcmp(key, "version") != 0)
            continue;
        *before = json_string_value(json_array_get(change, 1));
        *after = json_string_value(json_array_get(change, 2));
        return *before && *after;
    }
    return false;
}

static void check_bump(const char *line)
{
    const char *before, *after;
    json_t *bump = json_loads(line, 0, NULL);
    assert_non_null(bump);
    if (bump_versions(bump, &before, &after)) {
        struct slice a = slice_of(before), b = slice_of(after);
        const char *file = json_string_value(json_object_get(bump, "file"));
        if (!scheme_apk.valid(a) || !scheme_apk.valid(b) || scheme_apk.compare(a, b) >= 0)
            fail_msg("%s: %s is not below %s", file, before, after);
    }
    json_decref(bump);
}

static void test_bumps_go_up(void **state)
{
    struct arena *a = *state;
    const char *path = corpus_path(a, "corpus/wolfi-bumps.jsonl.gz");
    FILE *bumps = popen(arena_printf(a, "gzip -dc '%s'", path), "r");
    char *line = NULL;
    size_t size = 0, count = 0;
    assert_non_null(bumps);
    for (; getline(&line, &size, bumps) > 0; count++)
        check_bump(line);
    free(line);
    assert_int_equal(pclose(bumps), 0);
    assert_true(count > 400);
}

static size_t count_lines(struct slice list)
{
    struct slice line;
    size_t count = 0;
    while (slice_line(&list, &line))
        count++;
    return count;
}

/* The versions that a scheme takes among a project's tags, without a "v". Of a long list, tags from
 * all over it, TAGS_MOST at most. */
static size_t read_tags(const struct scheme *s, struct slice list, struct slice *out)
{
    struct slice line, tag;
    size_t step = count_lines(list) / TAGS_MOST + 1, count = 0;
    for (size_t i = 0; slice_line(&list, &line); i++) {
        slice_split(&line, '\t', &tag);
        if (slice_starts(tag, SLICE("v")))
            tag = slice_from(tag, 1);
        if (i % step == 0 && s->valid(tag))
            out[count++] = tag;
    }
    return count;
}

/* How many of the others are older: the same for two versions exactly when they are equal. */
static size_t rank_of(const struct scheme *s, const struct slice *tags, size_t count, size_t i)
{
    size_t rank = 0;
    for (size_t j = 0; j < count; j++)
        rank += s->compare(tags[j], tags[i]) < 0;
    return rank;
}

static void check_order(const struct scheme *s, const char *project, struct slice list)
{
    struct slice tags[TAGS_MOST];
    size_t ranks[TAGS_MOST];
    size_t count = read_tags(s, list, tags);
    for (size_t i = 0; i < count; i++)
        ranks[i] = rank_of(s, tags, count, i);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < i; j++) {
            int order = s->compare(tags[i], tags[j]);
            if ((order > 0) - (order < 0) != (ranks[i] > ranks[j]) - (ranks[i] < ranks[j]))
                fail_msg("%s, %s: %.*s and %.*s", s->name, project, SLICE_ARG(tags[i]),
                         SLICE_ARG(tags[j]));
        }
}

/* Every scheme orders what it takes of every project's tags totally. */
static void test_tags_are_ordered(void **state)
{
    struct arena *a = *state;
    const char *folder = corpus_path(a, "upstreams");
    DIR *dir = opendir(folder);
    struct buf file = {0};
    assert_non_null(dir);
    for (struct dirent *entry; (entry = readdir(dir));) {
        if (!slice_ends(slice_of(entry->d_name), SLICE(".tsv")))
            continue;
        read_whole(arena_printf(a, "%s/%s", folder, entry->d_name), &file);
        for (const struct scheme *const *s = scheme_all(); *s; s++)
            check_order(*s, entry->d_name, buf_slice(&file));
    }
    closedir(dir);
    buf_free(&file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_recipes_are_valid, setup, teardown),
        cmocka_unit_test_setup_teardown(test_bumps_go_up, setup, teardown),
        cmocka_unit_test_setup_teardown(test_tags_are_ordered, setup, teardown),
    };
    return cmocka_run_group_tests_name("versions of the corpus", tests, NULL, NULL);
}
