/* Published images: each tests/unit/published/NAME.txt is a registry and what is read from it.
 *   # comment
 *   object NAME TEXT      something with a digest: a manifest, a configuration, an SBOM
 *   tag TAG NAME          the object has this tag, too
 *   referrers OF NAME     what the API answers when asked who refers to OF
 *   lie NAME TEXT         the registry answers with this text instead
 *   ask sbom|labels TAG
 *   is TEXT               what must come of it, in this order
 * In texts, $digest(NAME), $hex(NAME) and $base64(NAME) stand for those of another object that came
 * before; \xNN for a byte. The registry is a folder, which the engine takes for the server. */
#include "tests/unit/case_files.h"

#include "tests/unit/git_program.h"

#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/http/http.h"
#include "watcher/rebuild/published_parts.h"

#include <sys/stat.h>

#define CASES "tests/unit/published"

struct object {
    const char *name;
    struct slice text;
    const char *digest;
};

struct world {
    struct arena a;
    char *dir;
    VEC(struct object) objects;
    struct buf expected;
    const char *tag;
    bool labels;
};

static struct slice word(struct slice *line)
{
    struct slice part = {0};
    slice_split(line, ' ', &part);
    return part;
}

static const struct object *find(const struct world *w, struct slice name)
{
    for (size_t i = 0; i < w->objects.count; i++)
        if (slice_is(name, w->objects.items[i].name))
            return &w->objects.items[i];
    fail_msg("no object %.*s", SLICE_ARG(name));
    return NULL;
}

static bool add_reference(const struct world *w, struct slice *text, struct buf *out)
{
    static const char *const kinds[] = {"$digest(", "$hex(", "$base64("};
    for (size_t i = 0; i < 3; i++) {
        if (!slice_starts(*text, slice_of(kinds[i])))
            continue;
        struct slice name = slice_from(*text, strlen(kinds[i]));
        size_t end = slice_find_byte(name, ')');
        const struct object *o = find(w, slice_first(name, end));
        if (i == 2)
            base64_encode(o->text, out);
        else
            buf_add_text(out, o->digest + (i == 1 ? strlen("sha256:") : 0));
        *text = slice_from(name, end + 1);
        return true;
    }
    return false;
}

static struct slice expand(struct world *w, struct slice text)
{
    struct buf out = {0};
    while (text.len) {
        char hex[3] = {0};
        if (add_reference(w, &text, &out))
            continue;
        if (slice_starts(text, SLICE("\\x")) && text.len >= 4) {
            memcpy(hex, text.ptr + 2, 2);
            buf_add_byte(&out, (char)strtol(hex, NULL, 16));
            text = slice_from(text, 4);
            continue;
        }
        buf_add_byte(&out, text.ptr[0]);
        text = slice_from(text, 1);
    }
    struct slice done = arena_slice(&w->a, buf_slice(&out));
    buf_free(&out);
    return done;
}

static void put(struct world *w, const char *kind, const char *name, struct slice text)
{
    struct error e = {0};
    const char *path = arena_printf(&w->a, "%s/v2/o/n/%s/%s", w->dir, kind, name);
    if (!file_replace(path, text, &e))
        fail_msg("%s", e.message);
}

static void add_object(struct world *w, struct slice rest)
{
    struct hash_result hash;
    struct object o = {.name = arena_text(&w->a, word(&rest))};
    o.text = expand(w, rest);
    hash_bytes(o.text, &hash);
    o.digest = arena_printf(&w->a, "sha256:%s", hash.sha256);
    vec_push(&w->a, &w->objects, o);
    put(w, "manifests", o.digest, o.text);
    put(w, "blobs", o.digest, o.text);
}

static void lie(struct world *w, struct slice rest)
{
    const struct object *o = find(w, word(&rest));
    put(w, "manifests", o->digest, expand(w, rest));
    put(w, "blobs", o->digest, expand(w, rest));
}

static void read_line(struct world *w, struct slice rest)
{
    struct slice what = word(&rest);
    if (slice_is(what, "object")) {
        add_object(w, rest);
    } else if (slice_is(what, "tag")) {
        struct slice tag = expand(w, word(&rest));
        put(w, "manifests", arena_text(&w->a, tag), find(w, rest)->text);
    } else if (slice_is(what, "referrers")) {
        const struct object *of = find(w, word(&rest));
        put(w, "referrers", of->digest, find(w, rest)->text);
    } else if (slice_is(what, "lie")) {
        lie(w, rest);
    } else if (slice_is(what, "ask")) {
        w->labels = slice_is(word(&rest), "labels");
        w->tag = arena_text(&w->a, expand(w, rest));
    } else if (slice_is(what, "is")) {
        struct slice text = expand(w, rest);
        buf_addf(&w->expected, "%.*s\n", SLICE_ARG(text));
    } else if (what.len && what.ptr[0] != '#') {
        fail_msg("what is %.*s?", SLICE_ARG(what));
    }
}

static void read_world(struct world *w, const char *path)
{
    struct buf text = {0};
    struct error e = {0};
    struct slice line;
    static const char *const folders[] = {
        "", "/v2", "/v2/o", "/v2/o/n", "/v2/o/n/manifests", "/v2/o/n/blobs", "/v2/o/n/referrers"};
    w->dir = folder_make();
    for (size_t i = 1; i < sizeof folders / sizeof *folders; i++)
        assert_int_equal(mkdir(arena_printf(&w->a, "%s%s", w->dir, folders[i]), 0700), 0);
    assert_true(file_read(path, &text, &e));
    for (struct slice rest = buf_slice(&text); slice_line(&rest, &line);)
        read_line(w, line);
    buf_free(&text);
}

static void dump(struct buf *out, const struct image_state *s)
{
    if (s->digest)
        buf_addf(out, "digest %s\n", s->digest);
    if (s->tag)
        buf_addf(out, "tag %s\n", s->tag);
    for (size_t i = 0; i < s->sets.count; i++) {
        const struct image_set *set = &s->sets.items[i];
        for (size_t k = 0; k < set->packages.count; k++) {
            const struct image_package *p = &set->packages.items[k];
            buf_addf(out, "%s %s %s%s%s\n", set->arch, p->name, p->version, p->origin ? " of " : "",
                     p->origin ? p->origin : "");
        }
    }
}

static void answer(struct world *w, struct buf *out)
{
    struct context ctx;
    struct error e = {0};
    struct image_state state;
    bool found = true;
    struct mirror mirror = {"https://registry.example/", arena_printf(&w->a, "file://%s/", w->dir)};
    struct http_options options = {.mirrors = &mirror, .mirror_count = 1, .allow_file = true};
    context_init(&ctx);
    ctx.messages = NULL;
    struct http *http = http_open(&ctx, &options, &e);
    assert_non_null(http);
    struct published_query q = {"registry.example/o/n", w->tag, w->labels};
    if (!published_state(http, &w->a, &q, &state, &found, &e))
        buf_addf(out, "error %s\n", e.message);
    else
        assert_false(error_is_set(&e));
    if (!found && !error_is_set(&e))
        buf_add_text(out, "absent\n");
    dump(out, &state);
    http_close(http);
}

static void test_case(void **state)
{
    struct world w = {0};
    struct buf got = {0};
    read_world(&w, *state);
    answer(&w, &got);
    assert_string_equal(buf_text(&got), buf_text(&w.expected));
    folder_remove(w.dir);
    buf_free(&got);
    buf_free(&w.expected);
    arena_free(&w.a);
}

int main(void)
{
    return case_files_run("published", CASES, test_case);
}
