/* Edits held against golden files: one test a folder of tests/unit/edits.
 *
 * A folder holds before.yaml (or before.txt, which is not parsed), edits.txt, and, unless the edits
 * are to be refused, after.yaml and diff.txt. edits.txt has one operation a line; words are parted
 * by blanks, 'single quoted' as they stand or "double quoted" with \n \t \r \" \\ \xNN:
 *   doc N                  the document that the following paths start in, from 0
 *   set PATH VALUE         edit_scalar, to a string
 *   number PATH VALUE      edit_scalar, to a value that need not be a string
 *   comment PATH TEXT      edit_comment
 *   remove PATH            edit_remove_item; PATH ends in [N] or .key
 *   inside PATH OLD NEW    edit_inside; PATH * means every scalar
 *   pattern EXPRESSION VALUE   edit_pattern
 *   error PART             some step fails with a message that has PART in it */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "watcher/base/file.h"
#include "watcher/yaml/edit.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#define FOLDER "tests/unit/edits/"

enum { WORDS = 4 };

struct run {
    struct arena arena;
    struct yaml yaml;
    struct buf before, script, after, diff;
    struct edits edits;
    const char *name;    /* recipe.yaml or recipe.txt */
    const char *refusal; /* part of the message that must come, or NULL */
    size_t document;
    bool plain; /* no YAML */
    struct error error;
};

static const char *path_of(struct run *r, const char *folder, const char *file)
{
    return arena_printf(&r->arena, FOLDER "%s/%s", folder, file);
}

static bool read_optional(const char *path, struct buf *out)
{
    struct error e = {0};
    return file_read(path, out, &e);
}

static void read_case(struct run *r, const char *folder)
{
    r->name = "recipe.yaml";
    if (!read_optional(path_of(r, folder, "before.yaml"), &r->before)) {
        r->plain = true;
        r->name = "recipe.txt";
        assert_true(read_optional(path_of(r, folder, "before.txt"), &r->before));
    }
    assert_true(read_optional(path_of(r, folder, "edits.txt"), &r->script));
}

static void unescape(struct buf *out, struct slice *rest)
{
    static const char names[] = "ntr\"\\", bytes[] = "\n\t\r\"\\";
    char c = rest->ptr[1];
    const char *known = strchr(names, c);
    size_t used = 2;
    if (c == 'x') {
        const char hex[] = {rest->ptr[2], rest->ptr[3], '\0'};
        buf_add_byte(out, (char)strtoul(hex, NULL, 16));
        used = 4;
    } else {
        assert_non_null(known);
        buf_add_byte(out, bytes[known - names]);
    }
    *rest = slice_from(*rest, used);
}

/* Take one word off the line. */
static struct slice take_word(struct run *r, struct slice *rest)
{
    struct buf word = {0};
    *rest = slice_trim(*rest);
    char quote = rest->ptr[0] == '"' || rest->ptr[0] == '\'' ? rest->ptr[0] : ' ';
    if (quote != ' ')
        *rest = slice_from(*rest, 1);
    while (rest->len && rest->ptr[0] != quote) {
        if (quote == '"' && rest->ptr[0] == '\\') {
            unescape(&word, rest);
            continue;
        }
        buf_add_byte(&word, rest->ptr[0]);
        *rest = slice_from(*rest, 1);
    }
    *rest = slice_from(*rest, 1);
    struct slice result = arena_slice(&r->arena, buf_slice(&word));
    buf_free(&word);
    return result;
}

static struct node *find(struct run *r, const char *path)
{
    if (r->document >= r->yaml.count)
        fail_msg("no document %zu", r->document);
    struct node *node = node_path(r->yaml.documents[r->document], path);
    if (!node)
        fail_msg("no node %s", path);
    return node;
}

/* Part "a.b[2]" or "a.b.key" into the collection and the index in it. */
static bool remove_path(struct run *r, const char *path)
{
    struct slice all = slice_of(path);
    size_t bracket = slice_find_last_byte(all, '['), dot = slice_find_last_byte(all, '.');
    bool item = bracket != SLICE_NONE && (dot == SLICE_NONE || dot < bracket);
    size_t at = item ? bracket : dot;
    const char *parent = at == SLICE_NONE ? "" : arena_text(&r->arena, slice_first(all, at));
    struct node *node = find(r, parent);
    unsigned long long index = 0;
    if (item) {
        struct slice number = slice_first(slice_from(all, at + 1), all.len - at - 2);
        assert_true(slice_number(number, &index));
    } else {
        struct slice key = at == SLICE_NONE ? all : slice_from(all, at + 1);
        while (index < node->count && !slice_equal(node->pairs[index].key->value, key))
            index++;
    }
    return edit_remove_item(&r->arena, &r->edits, &r->yaml, node, index, path, &r->error);
}

struct inside {
    struct run *run;
    struct slice old, value;
    bool good;
};

static bool edit_each(void *arg, struct node *scalar, const char *path)
{
    struct inside *i = arg;
    struct run *r = i->run;
    i->good =
        edit_inside(&r->arena, &r->edits, &r->yaml, scalar, path, i->old, i->value, &r->error);
    return i->good;
}

static bool inside(struct run *r, const char *path, struct slice old, struct slice value)
{
    struct inside i = {r, old, value, true};
    if (strcmp(path, "*") == 0)
        yaml_each_scalar(&r->yaml, edit_each, &i);
    else
        edit_each(&i, find(r, path), path);
    return i.good;
}

static bool by_pattern(struct run *r, struct slice expression, struct slice value)
{
    const struct pattern *p = pattern_compile(&r->arena, expression, &r->error);
    return p &&
           edit_pattern(&r->arena, &r->edits, r->name, buf_slice(&r->before), p, value, &r->error);
}

static bool edit(struct run *r, struct slice words[WORDS])
{
    struct slice verb = words[0];
    const char *path = words[1].ptr;
    if (slice_is(verb, "set") || slice_is(verb, "number"))
        return edit_scalar(&r->arena, &r->edits, &r->yaml, find(r, path), path, words[2],
                           slice_is(verb, "set"), &r->error);
    if (slice_is(verb, "comment"))
        return edit_comment(&r->arena, &r->edits, &r->yaml, find(r, path), words[2], &r->error);
    if (slice_is(verb, "remove"))
        return remove_path(r, path);
    if (slice_is(verb, "inside"))
        return inside(r, path, words[2], words[3]);
    if (slice_is(verb, "pattern"))
        return by_pattern(r, words[1], words[2]);
    fail_msg("what is %s?", verb.ptr);
    return false;
}

static bool run_line(struct run *r, struct slice line)
{
    struct slice words[WORDS] = {0};
    for (size_t i = 0; i < WORDS && slice_trim(line).len; i++)
        words[i] = take_word(r, &line);
    if (slice_is(words[0], "error")) {
        r->refusal = words[1].ptr;
        return true;
    }
    if (slice_is(words[0], "doc")) {
        r->document = (size_t)(words[1].ptr[0] - '0');
        return true;
    }
    return error_is_set(&r->error) || edit(r, words);
}

static bool run_edits(struct run *r)
{
    struct slice rest = buf_slice(&r->script), line;
    bool good =
        r->plain || yaml_parse(&r->arena, r->name, buf_slice(&r->before), &r->yaml, &r->error);
    while (slice_line(&rest, &line))
        good = run_line(r, line) && good;
    return good &&
           edits_apply(&r->arena, &r->edits, r->name, buf_slice(&r->before), &r->after,
                       &r->error) &&
           (r->plain || edits_verify(&r->yaml, buf_slice(&r->after), &r->edits, &r->error));
}

static void compare_file(struct run *r, const char *path, struct slice got)
{
    struct buf wanted = {0};
    assert_true(read_optional(path, &wanted));
    if (!slice_equal(got, buf_slice(&wanted))) {
        struct buf diff = {0};
        diff_unified(&diff, path, buf_slice(&wanted), got);
        print_error("%s\n", buf_text(&diff));
        buf_free(&diff);
        buf_free(&wanted);
        fail();
    }
    buf_free(&wanted);
    (void)r;
}

static void test_case(void **state)
{
    const char *folder = *state;
    struct run r = {0};
    read_case(&r, folder);
    bool good = run_edits(&r);
    if (r.refusal) {
        if (good || !strstr(r.error.message, r.refusal))
            fail_msg("not refused with \"%s\" but \"%s\"", r.refusal, r.error.message);
    } else {
        if (!good)
            fail_msg("%s", r.error.message);
        const char *after = r.plain ? "after.txt" : "after.yaml";
        compare_file(&r, path_of(&r, folder, after), buf_slice(&r.after));
        diff_unified(&r.diff, r.name, buf_slice(&r.before), buf_slice(&r.after));
        compare_file(&r, path_of(&r, folder, "diff.txt"), buf_slice(&r.diff));
    }
    buf_free(&r.before);
    buf_free(&r.script);
    buf_free(&r.after);
    buf_free(&r.diff);
    arena_free(&r.arena);
}

static int is_case(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(void)
{
    struct dirent **entries = NULL;
    int count = scandir(FOLDER, &entries, is_case, alphasort);
    if (count <= 0)
        return 1;
    struct CMUnitTest *tests = calloc((size_t)count, sizeof *tests);
    if (!tests)
        return 1;
    for (int i = 0; i < count; i++)
        tests[i] = (struct CMUnitTest){.name = entries[i]->d_name,
                                       .test_func = test_case,
                                       .initial_state = entries[i]->d_name};
    int failed = _cmocka_run_group_tests("edit", tests, (size_t)count, NULL, NULL);
    for (int i = 0; i < count; i++)
        free(entries[i]);
    free(entries);
    free(tests);
    return failed;
}
