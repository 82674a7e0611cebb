/* What stops mwatch.yaml at one value: stanzas of tests/unit/config_errors.txt. The JSON Schema
 * must refuse it as well, and no key of the tables may be without an error here or in
 * tests/unit/config. MWATCH_ACCEPT=1 writes the errors anew, to be read before they are committed.
 */
#include "tests/unit/stanza.h"

#include "tests/unit/config_repository.h"
#include "tests/unit/schema_check.h"
#include "watcher/recipes/config_type.h"

#define CASES "tests/unit/config_errors.txt"
#define FOLDERS "tests/unit/config"

/* ---- a stanza ---- */

static struct slice text_of(const struct stanza *s, struct arena *a)
{
    struct buf text = {0};
    stanza_add_lines(s, "line", &text);
    struct slice copy = arena_slice(a, buf_slice(&text));
    buf_free(&text);
    return copy;
}

static const char *refusal(const struct stanza *s, struct arena *a)
{
    struct error e = {0};
    struct config config;
    bool taken = config_read(&config, "mwatch.yaml", text_of(s, a), &e);
    config_free(&config);
    if (taken)
        return "it is taken";
    assert_int_equal(e.code, ERROR_USAGE);
    return arena_copy(a, e.message);
}

static bool schema_takes(const struct stanza *s, struct arena *a)
{
    struct buf text = {0};
    struct yaml y;
    struct error e = {0};
    config_schema(&text);
    struct schema_check c = {.root = json_parse(a, buf_slice(&text), &e)};
    buf_free(&text);
    assert_true(yaml_parse(a, "mwatch.yaml", text_of(s, a), &y, &e));
    json_t *value = yaml_to_json(y.documents[0]);
    bool good = schema_accepts(&c, c.root, value);
    json_decref(value);
    arena_free(&c.arena);
    assert_null(c.unsupported);
    return good;
}

static void test_case(void **state)
{
    const struct stanza *s = *state;
    struct arena a = {0};
    assert_slice(slice_of(refusal(s, &a)), stanza_get(s, "error"));
    assert_int_equal(schema_takes(s, &a), stanza_has(s, "schema"));
    arena_free(&a);
}

static void accept(void)
{
    struct stanzas s;
    struct arena a = {0};
    struct buf out = {0};
    struct slice rest, line;
    struct error e = {0};
    size_t at = 0;
    stanzas_read(&s, CASES);
    for (rest = buf_slice(&s.source); slice_line(&rest, &line);) {
        bool error = slice_starts(line, SLICE("error: "));
        if (error)
            buf_addf(&out, "error: %s\n", refusal(&s.list.items[at++], &a));
        else
            buf_addf(&out, "%.*s\n", SLICE_ARG(line));
    }
    if (!file_replace(CASES, buf_slice(&out), &e))
        stanza_die(CASES, e.message);
    buf_free(&out);
    arena_free(&a);
    stanzas_free(&s);
}

/* ---- every key ---- */

struct keys {
    struct arena arena;
    VEC(const struct config_key *) seen; /* an error names them */
    VEC(const struct config_key *) known;
};

static bool has(const struct config_key *const *keys, size_t count, const struct config_key *key)
{
    for (size_t i = 0; i < count; i++)
        if (keys[i] == key)
            return true;
    return false;
}

/* The keys of a type and of all below it. */
static void know(struct keys *k, const struct config_type *type)
{
    for (const struct config_type *t = type; t; t = t->base) {
        for (const struct config_key *key = t->keys; key && key->name; key++) {
            if (has(k->known.items, k->known.count, key))
                continue;
            vec_push(&k->arena, &k->known, key);
            know(k, key->type);
        }
    }
    if (type->item)
        know(k, type->item);
}

/* The key that a path such as "recipes.r.artefacts[0].url" ends in; NULL when none is. */
static const struct config_key *key_at(struct slice path, const struct config_type **type)
{
    const struct config_key *key = NULL;
    struct slice part;
    *type = &config_type_file;
    while (slice_split(&path, '.', &part)) {
        size_t bracket = slice_find_byte(part, '[');
        key = (*type)->keys ? config_key_find(*type, slice_first(part, bracket)) : NULL;
        const struct config_type *next = key ? key->type : (*type)->item;
        if (!next)
            return NULL;
        *type = bracket != SLICE_NONE && next->item ? next->item : next;
    }
    return key;
}

/* "mwatch.yaml:1:2: PATH must be ...", "PATH: pattern ...", "PATH needs KEY: ...". */
static void see(struct keys *k, struct slice message)
{
    const struct config_type *type;
    if (!slice_starts(message, SLICE("mwatch.yaml:")))
        return;
    size_t blank = slice_find_byte(message, ' ');
    struct slice rest = slice_from(message, blank + 1), path;
    slice_split(&rest, ' ', &path);
    if (slice_ends(path, SLICE(":")))
        path.len--;
    const struct config_key *key = key_at(path, &type);
    if (key)
        vec_push(&k->arena, &k->seen, key);
    if (!slice_starts(rest, SLICE("needs ")))
        return;
    rest = slice_from(rest, 6);
    key = config_key_find(type, slice_first(rest, slice_find_byte(rest, ':')));
    if (key)
        vec_push(&k->arena, &k->seen, key);
}

static void see_folders(struct keys *k)
{
    struct dirent *d;
    DIR *dir = opendir(FOLDERS);
    assert_non_null(dir);
    while ((d = readdir(dir))) {
        struct buf text = {0};
        struct error e = {0};
        if (file_read(arena_printf(&k->arena, FOLDERS "/%s/error.txt", d->d_name), &text, &e))
            see(k, buf_slice(&text));
        buf_free(&text);
    }
    closedir(dir);
}

static void test_every_key_has_an_error(void **state)
{
    struct keys k = {0};
    struct stanzas s;
    size_t missing = 0;
    (void)state;
    stanzas_read(&s, CASES);
    for (size_t i = 0; i < s.list.count; i++)
        see(&k, stanza_get(&s.list.items[i], "error"));
    see_folders(&k);
    know(&k, &config_type_file);
    for (size_t i = 0; i < k.known.count; i++) {
        if (has(k.seen.items, k.seen.count, k.known.items[i]))
            continue;
        print_error("no error names the key %s (%s)\n", k.known.items[i]->name,
                    k.known.items[i]->help);
        missing++;
    }
    assert_int_equal(missing, 0);
    stanzas_free(&s);
    arena_free(&k.arena);
}

int main(void)
{
    static const struct CMUnitTest fixed[] = {cmocka_unit_test(test_every_key_has_an_error)};
    if (getenv("MWATCH_ACCEPT"))
        accept();
    return stanzas_run("config errors", fixed, 1, CASES, test_case);
}
