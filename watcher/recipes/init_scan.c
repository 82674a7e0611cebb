/* What a melange recipe fetches. */
#include "watcher/recipes/init_parts.h"
#include "watcher/recipes/melange.h"

#include "watcher/base/hash.h"

#include <string.h>

struct scanner {
    struct arena *a;
    const struct node *root;
    struct variables vars;
    struct init_scan *out;
    VEC(struct slice) named; /* expected-* as they are written */
};

/* As much evaluated as can be: what depends on the build (${{targets.destdir}}) stays. */
static const char *evaluate(struct scanner *s, struct slice text)
{
    struct buf out = {0};
    struct error e = {0};
    melange_expand(&s->vars, text, &out, &e);
    const char *copy = arena_text(s->a, buf_slice(&out));
    buf_free(&out);
    return copy;
}

static bool is_known(const struct init_scan *scan, const char *url)
{
    for (size_t i = 0; i < scan->addresses.count; i++)
        if (strcmp(scan->addresses.items[i].url, url) == 0)
            return true;
    return false;
}

static void add(struct scanner *s, struct init_address address)
{
    if (!is_known(s->out, address.url))
        vec_push(s->a, &s->out->addresses, address);
}

/* A shell word ends there; a URL has none of these but, in theory, the brackets. */
static bool ends_word(char c)
{
    return is_blank(c) || strchr("\"'`\\()<>|;", c) != NULL;
}

/* Every https address in a shell script. */
static void add_from_script(struct scanner *s, struct slice script)
{
    struct slice text = slice_of(evaluate(s, script));
    size_t at;
    while ((at = slice_find(text, SLICE("https://"))) != SLICE_NONE) {
        text = slice_from(text, at);
        size_t len = 0;
        while (len < text.len && !ends_word(text.ptr[len]))
            len++;
        add(s, (struct init_address){.url = arena_text(s->a, slice_first(text, len))});
        text = slice_from(text, len);
    }
}

/* The mapping that a scalar at "....with.uri" stands in. */
static const struct node *step_of(struct scanner *s, struct slice path, const char *end)
{
    return node_path(s->root, arena_text(s->a, slice_first(path, path.len - strlen(end))));
}

static void add_step(struct scanner *s, const struct node *scalar, const struct node *with)
{
    struct slice tag = node_text(with, "tag");
    const struct node *repository = node_get(with, "repository");
    add(s, (struct init_address){
               .url = evaluate(s, scalar->value),
               .tag = tag.len ? evaluate(s, tag) : NULL,
               .checkout = repository == scalar,
               .pinned = node_get(with, "expected-sha256") || node_get(with, "expected-sha512") ||
                         node_get(with, "expected-commit"),
           });
}

static bool each_scalar(void *arg, struct node *scalar, const char *path)
{
    struct scanner *s = arg;
    struct slice p = slice_of(path);
    if (!slice_starts(p, SLICE("pipeline[")))
        return true;
    if (slice_ends(p, SLICE(".runs")))
        add_from_script(s, scalar->value);
    else if (slice_ends(p, SLICE(".with.uri")))
        add_step(s, scalar, step_of(s, p, ".uri"));
    else if (slice_ends(p, SLICE(".with.repository")))
        add_step(s, scalar, step_of(s, p, ".repository"));
    else if (slice_contains(p, SLICE(".with.expected-")))
        vec_push(s->a, &s->named, scalar->value);
    return true;
}

/* Is the variable what a step's expected-* is made of? */
static bool is_named(const struct scanner *s, struct slice name)
{
    for (size_t i = 0; i < s->named.count; i++) {
        struct slice rest = s->named.items[i];
        size_t at = slice_find(rest, SLICE("vars."));
        if (at != SLICE_NONE && slice_starts(slice_from(rest, at + 5), name))
            return true;
    }
    return false;
}

static bool is_plain(struct slice name)
{
    for (size_t i = 0; i < name.len; i++)
        if (!is_letter(name.ptr[i]) && !is_digit(name.ptr[i]) && name.ptr[i] != '_' &&
            name.ptr[i] != '-')
            return false;
    return name.len > 0;
}

static void add_hashes(struct scanner *s)
{
    const struct node *vars = node_get(s->root, "vars");
    for (size_t i = 0; vars && vars->kind == NODE_MAPPING && i < vars->count; i++) {
        struct slice name = vars->pairs[i].key->value, value = vars->pairs[i].value->value;
        bool is_256 = value.len == SHA256_HEX, is_512 = value.len == SHA512_HEX;
        if (!slice_all_hex(value) || (!is_256 && !is_512) || !is_plain(name) || is_named(s, name))
            continue;
        struct init_hash hash = {arena_printf(s->a, "vars.%.*s", SLICE_ARG(name)), is_512};
        vec_push(s->a, &s->out->hashes, hash);
    }
}

void init_scan(struct arena *a, const struct yaml *y, struct init_scan *out)
{
    struct scanner s = {.a = a, .root = y->count ? y->documents[0] : NULL, .out = out};
    struct error e = {0};
    *out = (struct init_scan){0};
    melange_variables(a, y, NULL, NULL, &s.vars, &e);
    yaml_each_scalar(y, each_scalar, &s);
    add_hashes(&s);
}
